package io.github.miniscan.peers.camel;

import com.google.api.gax.batching.FlowControlSettings;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.pubsub.v1.MessageReceiver;
import com.google.cloud.pubsub.v1.Subscriber;
import com.google.cloud.pubsub.v1.SubscriptionAdminSettings;
import org.apache.camel.component.google.pubsub.GooglePubsubComponent;
import org.apache.camel.component.google.pubsub.GooglePubsubEndpoint;

/**
 * Camel's component with a wide flow-control window, for which it has no option: with the client's
 * own 1,000 messages the window would be what is measured.
 */
final class EmulatorPubSub extends GooglePubsubComponent {

  private static final FlowControlSettings WINDOW =
      FlowControlSettings.newBuilder()
          .setMaxOutstandingElementCount(60_000L)
          .setMaxOutstandingRequestBytes(200_000_000L)
          .build();

  private final String address;

  EmulatorPubSub(String address) {
    this.address = address;
  }

  @Override
  public Subscriber getSubscriber(
      String subscription, MessageReceiver receiver, GooglePubsubEndpoint endpoint) {
    InstantiatingGrpcChannelProvider channels =
        SubscriptionAdminSettings.defaultGrpcTransportProviderBuilder()
            .setEndpoint(address)
            .setChannelConfigurator(channel -> channel.usePlaintext())
            .build();
    return Subscriber.newBuilder(subscription, receiver)
        .setChannelProvider(channels)
        .setCredentialsProvider(NoCredentialsProvider.create())
        .setFlowControlSettings(WINDOW)
        .build();
  }
}
