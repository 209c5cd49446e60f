package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.api.gax.rpc.StatusCode.Code;
import io.github.miniscan.ingest.SourceListener;
import io.github.miniscan.ingest.SourceListener.ConnectionFound;
import io.github.miniscan.ingest.SourceListener.ConnectionLost;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of the connection, as all its users find it.
 *
 * <p>A broken call is not an error: its {@link Contact} asks for a sign of life, with growing waits
 * and without end, and resumes once there is one. A loss is told when a sign of life fails, or when
 * calls have failed for a while. A server that answers but refuses is retried for a while, since a
 * subscription may be created again, and then ends the source.
 */
final class Connectivity {

  private static final Duration LONG_LOSS = Duration.ofSeconds(3);
  private static final Duration LOG_EVERY = Duration.ofSeconds(30);
  private static final Logger log = LoggerFactory.getLogger(Connectivity.class);

  private final Connection connection;
  private final Supplier<? extends ApiFuture<?>> signOfLife;
  private final Function<Throwable, PubSubException> refusal;
  private final Consumer<PubSubException> fatal;
  private final Timing timing;
  private final SourceListener listener;
  private final Set<Contact> unanswered = new HashSet<>();
  private volatile boolean connected;
  private volatile boolean proven;
  private long lostSince = System.nanoTime();
  private long loggedAt;
  private boolean told;

  /**
   * Creates the state of a connection without contacts.
   *
   * @param signOfLife a small call that any server answers
   * @param refusal turns a refusal by the server into a sentence
   * @param fatal told the refusal that ends the source
   */
  Connectivity(
      Connection connection,
      Supplier<? extends ApiFuture<?>> signOfLife,
      Function<Throwable, PubSubException> refusal,
      Consumer<PubSubException> fatal,
      Timing timing,
      SourceListener listener) {
    this.connection = connection;
    this.signOfLife = signOfLife;
    this.refusal = refusal;
    this.fatal = fatal;
    this.timing = timing;
    this.listener = listener;
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

  /** Returns whether a failure shows that the server is there and only permits no reading. */
  static boolean isAnswer(Throwable failure) {
    return Failures.code(failure) == Code.PERMISSION_DENIED;
  }

  private synchronized void lost(Contact contact) {
    if (connected) {
      lostSince = System.nanoTime();
    }
    unanswered.add(contact);
    connected = false;
  }

  private synchronized boolean isLostFor(Duration time) {
    return System.nanoTime() - lostSince > time.toNanos();
  }

  private synchronized void tellLost(Throwable failure) {
    Duration lostFor = Duration.ofNanos(System.nanoTime() - lostSince);
    if (told && System.nanoTime() - loggedAt < LOG_EVERY.toNanos()) {
      return;
    }
    loggedAt = System.nanoTime();
    String reason =
        Failures.isPassing(failure)
            ? connection.trouble(failure)
            : refusal.apply(failure).sentence();
    if (told) {
      log.warn("{}; still retrying after {} s", reason, lostFor.toSeconds());
    } else {
      told = true;
      log.warn("{}; retrying", reason);
      listener.connectionLost(ConnectionLost.of(reason));
    }
  }

  private synchronized void found(Contact contact) {
    if (unanswered.remove(contact) && unanswered.isEmpty()) {
      connected = true;
      if (told) {
        told = false;
        Duration lostFor = Duration.ofNanos(System.nanoTime() - lostSince);
        log.info("{} answers again after {} s", connection, lostFor.toSeconds());
        listener.connectionFound(ConnectionFound.of(lostFor));
      }
    }
  }

  /** A user of the connection. Called by the source's thread, except {@link #proven}. */
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

    /** Notes that the server has answered. */
    void answered() {
      if (!answered && !recovering) {
        answered = true;
        found(this);
      }
    }

    /** Notes that the server did its work, so that former failures no longer count. */
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

    /** Waits, asks for a sign of life until there is one, and then resumes. */
    void recover(Throwable failure, Runnable whenFound) {
      Failures.rethrowError(failure);
      recovering = true;
      answered = false;
      troubled = true;
      lost(this);
      if (isWorthTelling(failure)) {
        tellLost(failure);
      }
      if (isRefusedForGood(failure)) {
        fatal.accept(refusal.apply(failure));
        return;
      }
      connection.thread().after(backoff.next(), () -> ask(whenFound));
    }

    private boolean isWorthTelling(Throwable failure) {
      return !(failure instanceof CancellationException)
          && (!Failures.isPassing(failure) || isLostFor(LONG_LOSS));
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
      // Permission that never existed will not appear; a deleted subscription may be recreated.
      boolean neverWorked = !proven && Failures.code(failure) != Code.NOT_FOUND;
      return neverWorked || System.nanoTime() - refusedSince > timing.refusal().toNanos();
    }

    private void ask(Runnable whenFound) {
      connection.expectServer();
      CallResult.of(
          signOfLife.get(),
          alive -> connection.thread().execute(() -> resume(whenFound)),
          failure -> connection.thread().execute(() -> unanswered(failure, whenFound)),
          connection.thread()::broken);
    }

    private void unanswered(Throwable failure, Runnable whenFound) {
      if (isAnswer(failure)) {
        resume(whenFound);
        return;
      }
      if (Failures.code(failure) == Code.DEADLINE_EXCEEDED) {
        connection.distrust();
      }
      tellLost(failure);
      recover(failure, whenFound);
    }

    private void resume(Runnable whenFound) {
      recovering = false;
      // Answers to calls made before the failure may have counted as proof meanwhile.
      troubled = true;
      whenFound.run();
    }
  }
}
