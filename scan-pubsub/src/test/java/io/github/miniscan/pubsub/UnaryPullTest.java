package io.github.miniscan.pubsub;

import io.github.miniscan.testkit.MessageSourceContract;

class UnaryPullTest implements MessageSourceContract {

  @Override
  public Queue start() throws Exception {
    return new EmulatorQueue(PullMode.UNARY);
  }
}
