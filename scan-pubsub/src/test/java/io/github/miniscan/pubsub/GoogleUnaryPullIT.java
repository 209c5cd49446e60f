package io.github.miniscan.pubsub;

class GoogleUnaryPullIT implements GoogleEmulatorContract {

  @Override
  public PullMode pullMode() {
    return PullMode.UNARY;
  }
}
