package io.github.miniscan.pubsub;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode.Code;
import io.github.miniscan.VisibleText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** The meaning of a failed call. */
final class Failures {

  /** The codes of transient failures; every other code is a refusal. */
  private static final Set<Code> PASSING =
      EnumSet.of(
          Code.UNAVAILABLE,
          Code.INTERNAL,
          Code.ABORTED,
          Code.RESOURCE_EXHAUSTED,
          Code.DEADLINE_EXCEEDED,
          Code.CANCELLED,
          Code.UNKNOWN);

  private Failures() {}

  static Code code(Throwable failure) {
    return failure instanceof ApiException answer ? answer.getStatusCode().getCode() : Code.UNKNOWN;
  }

  /** Returns whether the failure is transient, so that a retry may help. */
  static boolean isPassing(Throwable failure) {
    return PASSING.contains(code(failure));
  }

  /** Throws an error of this JVM that was disguised as a failed call, such as out of memory. */
  static void rethrowError(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof Error error) {
        throw error;
      }
    }
  }

  static Throwable unwrapped(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : cause;
  }

  /** Returns why there was no answer, in words for a person. */
  static String reason(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException) {
        return "unknown host";
      }
      if (t instanceof ConnectException && String.valueOf(t.getMessage()).contains("refused")) {
        return "connection refused";
      }
      if (t instanceof SSLException) {
        return "no TLS connection: " + visible(t);
      }
      if (t instanceof IOException) {
        return "the connection broke: " + visible(t);
      }
      if (t instanceof TimeoutException) {
        return "no answer";
      }
    }
    return code(failure) == Code.DEADLINE_EXCEEDED ? "no answer" : detail(failure);
  }

  private static String visible(Throwable failure) {
    return VisibleText.shortened(String.valueOf(failure.getMessage()));
  }

  /** Returns the server's answer, for a message to a person. */
  static String detail(Throwable failure) {
    Throwable said =
        failure instanceof ApiException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return visible(said);
  }
}
