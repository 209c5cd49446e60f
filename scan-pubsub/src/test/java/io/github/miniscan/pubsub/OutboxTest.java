package io.github.miniscan.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.core.SettableApiFuture;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.protobuf.Empty;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final SourceThread thread = new SourceThread("outbox-test");
  private final AtomicInteger givenUp = new AtomicInteger();
  private final List<List<String>> calls = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void sendsAtOnceWithoutWaitingForMore() throws Exception {
    Outbox outbox = outbox(ids -> done());
    outbox.add("a");
    assertThat(outbox.awaitEmpty(SOON)).isTrue();
    assertThat(calls).containsExactly(List.of("a"));
  }

  @Test
  void sendsManyInFewCallsOfBoundedSize() throws Exception {
    SettableApiFuture<Empty> first = SettableApiFuture.create();
    Outbox outbox = outbox(ids -> calls.size() <= 4 ? first : done());
    String id = "x".repeat(400);
    for (int i = 0; i < 10_000; i++) {
      outbox.add(id + i);
    }
    first.set(Empty.getDefaultInstance());
    assertThat(outbox.awaitEmpty(SOON)).isTrue();
    assertThat(calls).hasSizeLessThan(20);
    assertThat(calls.stream().flatMap(List::stream)).doesNotHaveDuplicates().hasSize(10_000);
    for (List<String> call : calls) {
      assertThat(call).hasSizeLessThanOrEqualTo(2_500);
      assertThat(call.stream().mapToInt(String::length).sum()).isLessThan(512 << 10);
    }
  }

  @Test
  void triesAgainWhatFailsInPassing() throws Exception {
    Outbox outbox = outbox(ids -> calls.size() < 3 ? failed(Status.Code.UNAVAILABLE) : done());
    outbox.add("a");
    assertThat(outbox.awaitEmpty(SOON)).isTrue();
    assertThat(calls).containsExactly(List.of("a"), List.of("a"), List.of("a"));
  }

  @Test
  void givesUpWhatIsRefused() throws Exception {
    Outbox outbox = outbox(ids -> failed(Status.Code.NOT_FOUND));
    outbox.add("a");
    assertThat(outbox.awaitEmpty(SOON)).isTrue();
    assertThat(calls).hasSize(1);
    assertThat(givenUp).hasValue(1);
  }

  @Test
  void givesUpOnceTheLeasesMustBeOver() throws Exception {
    Outbox outbox = outbox(ids -> failed(Status.Code.UNAVAILABLE));
    outbox.add("a");
    assertThat(outbox.awaitEmpty(SOON)).isTrue();
    assertThat(calls).isNotEmpty().hasSizeLessThan(20);
  }

  @Test
  void aCallThatWaitsToBeSentAgainDoesNotHoldUpTheOthers() throws Exception {
    Outbox outbox = outbox(ids -> ids.contains("bad") ? failed(Status.Code.UNAVAILABLE) : done());
    for (int i = 0; i < 10; i++) {
      outbox.add("bad");
    }
    outbox.add("good");
    assertThat(outbox.awaitEmpty(SOON)).isTrue();
  }

  private Outbox outbox(Function<List<String>, ApiFuture<Empty>> server) {
    Timing timing = Timing.DEFAULT.withLease(Duration.ofSeconds(1), Duration.ofSeconds(1));
    return new Outbox(
        "acks",
        ids -> {
          calls.add(List.copyOf(ids));
          return server.apply(ids);
        },
        thread,
        timing,
        givenUp::addAndGet);
  }

  private static ApiFuture<Empty> done() {
    return ApiFutures.immediateFuture(Empty.getDefaultInstance());
  }

  private static ApiFuture<Empty> failed(Status.Code code) {
    return ApiFutures.immediateFailedFuture(
        ApiExceptionFactory.createException(
            Status.fromCode(code).asRuntimeException(), GrpcStatusCode.of(code), true));
  }
}
