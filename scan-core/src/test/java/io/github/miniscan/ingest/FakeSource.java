package io.github.miniscan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Deliveries that arrive when the test says so, and what became of them. */
final class FakeSource implements MessageSource {

  private final SimulatedClock clock;
  private final List<String> story;
  private final Deque<Delivery> waiting = new ArrayDeque<>();
  final List<String> acked = new ArrayList<>();
  final List<String> handedBack = new ArrayList<>();
  final List<Integer> asked = new ArrayList<>();
  Runnable beforeReceive = () -> {};
  boolean connected = true;
  boolean arriving;
  boolean stopped;
  private int published;

  FakeSource(SimulatedClock clock, List<String> story) {
    this.clock = clock;
    this.story = story;
  }

  void deliver(String... payloads) {
    for (String payload : payloads) {
      String id = Integer.toString(++published);
      Message message =
          new Message(id, payload.getBytes(UTF_8), Map.of("from", "test"), SimulatedClock.START);
      waiting.add(new FakeDelivery(message, payload));
    }
  }

  int waiting() {
    return waiting.size();
  }

  @Override
  public List<Delivery> receive(int maxDeliveries, Duration maxWait) {
    asked.add(maxDeliveries);
    beforeReceive.run();
    clock.pass(maxWait, () -> stopped || !waiting.isEmpty());
    List<Delivery> received = new ArrayList<>();
    while (!stopped && received.size() < maxDeliveries && !waiting.isEmpty()) {
      received.add(waiting.remove());
    }
    if (!received.isEmpty()) {
      story.add("receive " + received.size());
    }
    return received;
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public boolean isIdle() {
    return connected && !arriving;
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    throw new AssertionError("the engine closes nothing");
  }

  private final class FakeDelivery implements Delivery {
    private final Message message;
    private final String payload;
    private boolean settled;

    FakeDelivery(Message message, String payload) {
      this.message = message;
      this.payload = payload;
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public void ack() {
      if (!settled) {
        settled = true;
        acked.add(payload);
        story.add("ack " + payload);
      }
    }

    @Override
    public void nack() {
      if (!settled) {
        settled = true;
        handedBack.add(payload);
        story.add("nack " + payload);
      }
    }
  }
}
