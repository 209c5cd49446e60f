package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.Empty;
import com.google.pubsub.v1.DeleteTopicRequest;
import com.google.pubsub.v1.GetTopicRequest;
import com.google.pubsub.v1.ListTopicSubscriptionsRequest;
import com.google.pubsub.v1.ListTopicSubscriptionsResponse;
import com.google.pubsub.v1.ListTopicsRequest;
import com.google.pubsub.v1.ListTopicsResponse;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PublishResponse;
import com.google.pubsub.v1.PublisherGrpc.PublisherImplBase;
import com.google.pubsub.v1.Topic;
import com.google.pubsub.v1.UpdateTopicRequest;
import io.grpc.stub.StreamObserver;

/** {@code google.pubsub.v1.Publisher}. Schemas, snapshots and detaching are left unimplemented. */
final class PublisherService extends PublisherImplBase {
  private final Broker broker;
  private final Gate gate;

  PublisherService(Broker broker, Gate gate) {
    this.broker = broker;
    this.gate = gate;
  }

  @Override
  public void createTopic(Topic topic, StreamObserver<Topic> client) {
    gate.answer(Rpc.CREATE_TOPIC, client, () -> broker.createTopic(topic));
  }

  @Override
  public void updateTopic(UpdateTopicRequest request, StreamObserver<Topic> client) {
    gate.answer(Rpc.UPDATE_TOPIC, client, () -> broker.updateTopic(request));
  }

  @Override
  public void publish(PublishRequest request, StreamObserver<PublishResponse> client) {
    gate.answer(Rpc.PUBLISH, client, () -> broker.publish(request));
  }

  @Override
  public void getTopic(GetTopicRequest request, StreamObserver<Topic> client) {
    gate.answer(Rpc.GET_TOPIC, client, () -> broker.getTopic(request.getTopic()));
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> client) {
    gate.answer(
        Rpc.LIST_TOPICS,
        client,
        () ->
            broker.listTopics(request.getProject(), request.getPageSize(), request.getPageToken()));
  }

  @Override
  public void listTopicSubscriptions(
      ListTopicSubscriptionsRequest request,
      StreamObserver<ListTopicSubscriptionsResponse> client) {
    gate.answer(
        Rpc.LIST_TOPIC_SUBSCRIPTIONS,
        client,
        () ->
            broker.listTopicSubscriptions(
                request.getTopic(), request.getPageSize(), request.getPageToken()));
  }

  @Override
  public void deleteTopic(DeleteTopicRequest request, StreamObserver<Empty> client) {
    gate.answer(
        Rpc.DELETE_TOPIC,
        client,
        () -> {
          broker.deleteTopic(request.getTopic());
          return Empty.getDefaultInstance();
        });
  }
}
