package io.github.miniscan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.Message;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

  @Test
  void hasRoomUntilTheLimitIsReached() {
    ByteBudget budget = ByteBudget.ofBytes(100);
    budget.take(99);
    assertThat(budget.hasRoom()).isTrue();
    budget.take(1);
    assertThat(budget.hasRoom()).isFalse();
    budget.giveBack(1);
    assertThat(budget.hasRoom()).isTrue();
    assertThat(budget.held()).isEqualTo(99);
    assertThat(budget.limit()).isEqualTo(100);
  }

  @Test
  void letsInOneThatIsLargerThanTheWholeBudget() {
    ByteBudget budget = ByteBudget.ofBytes(1);
    assertThat(budget.hasRoom()).isTrue();
    budget.take(10_000_000);
    assertThat(budget.hasRoom()).isFalse();
    budget.giveBack(10_000_000);
    assertThat(budget.hasRoom()).isTrue();
    assertThat(budget.held()).isZero();
  }

  @Test
  void tellsOnceWhenThereIsRoomAgain() {
    ByteBudget budget = ByteBudget.ofBytes(10);
    AtomicInteger told = new AtomicInteger();
    budget.onRoom(
        () -> {
          assertThat(budget.hasRoom()).isTrue();
          told.incrementAndGet();
        });
    budget.take(5);
    budget.giveBack(5);
    assertThat(told).as("it was never full").hasValue(0);
    budget.take(20);
    budget.giveBack(5);
    assertThat(told).as("still full").hasValue(0);
    budget.giveBack(6);
    assertThat(told).hasValue(1);
    budget.giveBack(9);
    assertThat(told).as("it had room before").hasValue(1);
  }

  @Test
  void takesAFullBudgetForFullUntilTheLastByteOverTheLimitIsGivenBack() {
    ByteBudget budget = ByteBudget.ofBytes(10);
    AtomicInteger told = new AtomicInteger();
    budget.onRoom(told::incrementAndGet);
    budget.take(11);
    budget.giveBack(1);
    assertThat(told).as("the whole budget is held").hasValue(0);
    budget.giveBack(1);
    assertThat(told).hasValue(1);
  }

  @Test
  void staysExactWithManyThreads() throws InterruptedException {
    ByteBudget budget = ByteBudget.ofBytes(50);
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              () -> {
                for (int j = 0; j < 10_000; j++) {
                  budget.take(20);
                  budget.giveBack(20);
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(budget.held()).isZero();
  }

  @Test
  void countsWhatAMessageHolds() {
    long empty = ByteBudget.costOf(new Message("", new byte[0], Map.of(), null));
    assertThat(empty).isPositive();
    assertThat(ByteBudget.costOf(new Message("12", new byte[1_000], Map.of(), null)))
        .isEqualTo(empty + 1_002);
    assertThat(ByteBudget.costOf(new Message("", new byte[0], Map.of("k", "value"), null)))
        .isGreaterThanOrEqualTo(empty + 6);
  }

  @Test
  void isAnEighthOfTheHeapUnlessTold() {
    assertThat(ByteBudget.ofHeap().limit()).isEqualTo(Runtime.getRuntime().maxMemory() / 8);
  }

  @Test
  void refusesABudgetOfNothing() {
    assertThatThrownBy(() -> ByteBudget.ofBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("byte budget out of range: 0 (1 or more)");
  }
}
