package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.api.gax.rpc.StatusCode.Code;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server can be reached and serves, as all that talk to it find.
 *
 * <p>A connection that is lost is not an error: each {@link Contact} asks for a sign of life, with
 * growing waits and without end, and goes on once there is one. A server that answers but refuses
 * is given some time, since a subscription may be made anew, and then ends the source.
 */
final class Connectivity {

  private static final Duration LOG_AFTER = Duration.ofSeconds(3);
  private static final Logger log = LoggerFactory.getLogger(Connectivity.class);

  private final Connection connection;
  private final Supplier<? extends ApiFuture<?>> signOfLife;
  private final Consumer<Throwable> fatal;
  private final Timing timing;
  private final Set<Contact> unanswered = new HashSet<>();
  private volatile boolean connected;
  private volatile boolean proven;
  private long lostSince;
  private boolean logged;

  /**
   * @param signOfLife a small call that any server answers
   * @param fatal told the refusal that ends the source
   */
  Connectivity(
      Connection connection,
      Supplier<? extends ApiFuture<?>> signOfLife,
      Consumer<Throwable> fatal,
      Timing timing) {
    this.connection = connection;
    this.signOfLife = signOfLife;
    this.fatal = fatal;
    this.timing = timing;
  }

  boolean isConnected() {
    return connected;
  }

  /** Returns another contact, which the server has not answered yet. */
  synchronized Contact contact() {
    Contact contact = new Contact();
    unanswered.add(contact);
    connected = false;
    return contact;
  }

  /** Whether this failure says no more than that the server is there and one may not look. */
  static boolean isAnswer(Throwable failure) {
    return Failures.code(failure) == Code.PERMISSION_DENIED;
  }

  private synchronized void lost(Contact contact, Throwable failure) {
    if (connected) {
      lostSince = System.nanoTime();
    }
    unanswered.add(contact);
    connected = false;
    if (!logged && System.nanoTime() - lostSince > LOG_AFTER.toNanos()) {
      logged = true;
      log.warn("not connected, trying again until it works: {}", Failures.detail(failure));
    }
  }

  private synchronized void found(Contact contact) {
    if (unanswered.remove(contact) && unanswered.isEmpty()) {
      connected = true;
      if (logged) {
        logged = false;
        log.info("connected again");
      }
    }
  }

  /** One of those who talk to the server. Used by the source's thread, except {@link #proven}. */
  final class Contact {
    private final Backoff backoff = new Backoff(timing.firstRetry(), timing.longestRetry());
    private volatile boolean recovering;
    private volatile boolean answered;
    private volatile boolean troubled;
    private long refusedSince;
    private boolean refused;

    boolean isRecovering() {
      return recovering;
    }

    /** Returns whether the server has answered since the contact was made or last lost. */
    boolean isAnswered() {
      return answered;
    }

    /** The server has answered, so the contact is there. */
    void answered() {
      if (!answered && !recovering) {
        answered = true;
        found(this);
      }
    }

    /** The server did what it is for: former failures no longer count. */
    void proven() {
      answered();
      proven = true;
      if (troubled) {
        troubled = false;
        connection.thread().execute(this::forgetTrouble);
      }
    }

    private void forgetTrouble() {
      if (!recovering) {
        backoff.reset();
        refused = false;
      }
    }

    /** Waits, asks for a sign of life until there is one, and then goes on. */
    void recover(Throwable failure, Runnable whenFound) {
      Failures.rethrowError(failure);
      recovering = true;
      answered = false;
      troubled = true;
      lost(this, failure);
      if (isRefusedForGood(failure)) {
        fatal.accept(failure);
        return;
      }
      connection.thread().after(backoff.next(), () -> ask(whenFound));
    }

    private boolean isRefusedForGood(Throwable failure) {
      if (failure instanceof CancellationException || Failures.isPassing(failure)) {
        refused = false;
        return false;
      }
      if (!refused) {
        refused = true;
        refusedSince = System.nanoTime();
      }
      log.debug("refused: {}", Failures.detail(failure));
      // What was never permitted will not be: only what vanished may come back.
      boolean neverWorked = !proven && Failures.code(failure) != Code.NOT_FOUND;
      return neverWorked || System.nanoTime() - refusedSince > timing.refusal().toNanos();
    }

    private void ask(Runnable whenFound) {
      connection.expectServer();
      Outcome.of(
          signOfLife.get(),
          alive -> connection.thread().execute(() -> goOn(whenFound)),
          failure ->
              connection
                  .thread()
                  .execute(
                      () -> {
                        if (isAnswer(failure)) {
                          goOn(whenFound);
                        } else {
                          if (Failures.code(failure) == Code.DEADLINE_EXCEEDED) {
                            connection.distrust();
                          }
                          recover(failure, whenFound);
                        }
                      }),
          connection.thread()::broken);
    }

    private void goOn(Runnable whenFound) {
      recovering = false;
      // What proved itself meanwhile may have been under way since before.
      troubled = true;
      whenFound.run();
    }
  }
}
