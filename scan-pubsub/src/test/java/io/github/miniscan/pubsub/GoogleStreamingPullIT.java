package io.github.miniscan.pubsub;

class GoogleStreamingPullIT implements GoogleEmulatorContract {

  @Override
  public PullMode pullMode() {
    return PullMode.STREAMING;
  }
}
