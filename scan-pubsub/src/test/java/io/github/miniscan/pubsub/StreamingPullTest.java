package io.github.miniscan.pubsub;

import io.github.miniscan.testkit.LeaseQueueContract;
import io.github.miniscan.testkit.ReconnectingContract;

class StreamingPullTest implements LeaseQueueContract, ReconnectingContract {

  @Override
  public EmulatorQueue start() throws Exception {
    return new EmulatorQueue(PullMode.STREAMING);
  }
}
