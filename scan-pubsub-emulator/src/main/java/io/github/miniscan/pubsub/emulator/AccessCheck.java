package io.github.miniscan.pubsub.emulator;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call may come in, so that a client's handling of credentials can be tested. Is
 * called for every call, by several threads at once, and must not block.
 */
@FunctionalInterface
public interface AccessCheck {
  /** Lets everybody in, as Google's emulator does. */
  AccessCheck OPEN = authorization -> Status.OK;

  /**
   * Looks at the credentials of one call.
   *
   * @param authorization the call's {@code authorization} header, such as {@code Bearer TOKEN}, or
   *     null where it has none
   * @return OK, or what to answer: usually UNAUTHENTICATED or PERMISSION_DENIED
   */
  Status check(@Nullable String authorization);
}
