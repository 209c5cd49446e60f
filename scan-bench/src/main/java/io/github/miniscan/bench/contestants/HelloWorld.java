package io.github.miniscan.bench.contestants;

/** What a JVM cannot be quicker than: one class that prints a line. */
public final class HelloWorld {

  private HelloWorld() {}

  /** Prints a line. */
  public static void main(String[] args) {
    System.out.println("Hello, world");
  }
}
