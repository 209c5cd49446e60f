package io.github.miniscan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.github.miniscan.Message;
import java.util.Map;
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
    Runnable listener = mock(Runnable.class);
    doAnswer(
            told -> {
              assertThat(budget.hasRoom()).isTrue();
              return null;
            })
        .when(listener)
        .run();
    budget.onRoom(listener);
    budget.take(5);
    budget.giveBack(5);
    verify(listener, never().description("it was never full")).run();
    budget.take(20);
    budget.giveBack(5);
    verify(listener, never().description("still full")).run();
    budget.giveBack(6);
    verify(listener).run();
    budget.giveBack(9);
    verify(listener, times(1).description("it had room before")).run();
  }

  @Test
  void takesAFullBudgetForFullUntilTheLastByteOverTheLimitIsGivenBack() {
    ByteBudget budget = ByteBudget.ofBytes(10);
    Runnable listener = mock(Runnable.class);
    budget.onRoom(listener);
    budget.take(11);
    budget.giveBack(1);
    verify(listener, never().description("the whole budget is held")).run();
    budget.giveBack(1);
    verify(listener).run();
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
