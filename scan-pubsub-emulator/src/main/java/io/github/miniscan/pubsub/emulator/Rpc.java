package io.github.miniscan.pubsub.emulator;

/** The calls that the emulator answers, by gRPC and (all but the streaming pull) by REST. */
public enum Rpc {
  /** Publisher.CreateTopic. */
  CREATE_TOPIC,
  /** Publisher.UpdateTopic. */
  UPDATE_TOPIC,
  /** Publisher.GetTopic. */
  GET_TOPIC,
  /** Publisher.ListTopics. */
  LIST_TOPICS,
  /** Publisher.ListTopicSubscriptions. */
  LIST_TOPIC_SUBSCRIPTIONS,
  /** Publisher.DeleteTopic. */
  DELETE_TOPIC,
  /** Publisher.Publish. */
  PUBLISH,
  /** Subscriber.CreateSubscription. */
  CREATE_SUBSCRIPTION,
  /** Subscriber.UpdateSubscription. */
  UPDATE_SUBSCRIPTION,
  /** Subscriber.GetSubscription. */
  GET_SUBSCRIPTION,
  /** Subscriber.ListSubscriptions. */
  LIST_SUBSCRIPTIONS,
  /** Subscriber.DeleteSubscription. */
  DELETE_SUBSCRIPTION,
  /** Subscriber.StreamingPull: the opening of a stream. */
  STREAMING_PULL,
  /** Subscriber.Pull. */
  PULL,
  /** Subscriber.Acknowledge. */
  ACKNOWLEDGE,
  /** Subscriber.ModifyAckDeadline. */
  MODIFY_ACK_DEADLINE,
  /** Subscriber.Seek. */
  SEEK
}
