package io.github.miniscan.proof.simulation;

/**
 * A promise was broken. Of a kind that the engine does not take for a store that is down, nor for a
 * message that can not be decoded.
 */
final class Violation extends VirtualMachineError {

  private static final long serialVersionUID = 1;

  Violation(String message, Throwable cause) {
    super(message, cause);
  }

  Violation(String message) {
    super(message);
  }
}
