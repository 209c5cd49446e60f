package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.pubsub.v1.ListSubscriptionsResponse;
import com.google.pubsub.v1.ListTopicSubscriptionsResponse;
import com.google.pubsub.v1.ListTopicsResponse;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PublishResponse;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PushConfig;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.Topic;
import com.google.pubsub.v1.UpdateSubscriptionRequest;
import com.google.pubsub.v1.UpdateTopicRequest;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The topics and subscriptions by name, and what they share: the clock, ids, the limit of memory.
 * Every refusal is a {@link io.grpc.StatusRuntimeException} with Google's code and wording.
 */
final class Broker {
  private static final int MAX_MESSAGES_PER_REQUEST = 1_000;
  private static final int MAX_REQUEST_BYTES = 10_000_000;
  private static final int MAX_ACK_DEADLINE_SECONDS = 600;
  private static final int DEFAULT_ACK_DEADLINE_SECONDS = 10;
  private static final int MIN_DELIVERY_ATTEMPTS = 5;
  private static final int MAX_DELIVERY_ATTEMPTS = 100;
  private static final long DEFAULT_RETENTION_SECONDS = 604_800;
  private static final com.google.protobuf.Duration MAX_BACKOFF = Durations.fromSeconds(600);
  private static final int LIST_PAGE = 1_000;
  private static final Set<String> FIXED_SUBSCRIPTION_FIELDS =
      Set.of("name", "topic", "enable_message_ordering", "filter", "detached", "state");

  /** Message ids of a life begin above those of every earlier one, in this process and others. */
  private static final AtomicLong LATEST_LIFE = new AtomicLong();

  private final Clock clock;
  private final Executor executor;
  private final Journal journal;
  private final Faults faults = new Faults(this::failStreams);
  private final long maxHeapBytes;
  private final AtomicLong heapBytes = new AtomicLong();
  private final AtomicLong latestMillis = new AtomicLong(Long.MIN_VALUE);
  private final AtomicLong nextMessageId;
  private final AtomicInteger nextQueueNumber;
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(Comparator.comparingLong(Later::dueMillis).thenComparing(Later::number));
  private long laterCount;
  private final ConcurrentSkipListMap<String, TopicQueues> topics = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, SubscriptionQueue> subscriptions =
      new ConcurrentSkipListMap<>();

  Broker(Clock clock, Executor executor, Journal journal, long maxHeapBytes) {
    this.clock = clock;
    this.executor = executor;
    this.journal = journal;
    this.maxHeapBytes = maxHeapBytes;
    long wallMillis = System.currentTimeMillis();
    long life = LATEST_LIFE.updateAndGet(latest -> Math.max(latest + 1, wallMillis));
    this.nextMessageId = new AtomicLong(life << 20);
    this.nextQueueNumber = new AtomicInteger((int) (life << 8));
  }

  /** A topic, and the subscriptions that get what is published to it. */
  private static final class TopicQueues {
    final List<SubscriptionQueue> queues = new CopyOnWriteArrayList<>();
    volatile Topic config;
    boolean deleted;

    TopicQueues(Topic config) {
      this.config = config;
    }
  }

  private record Later(long dueMillis, long number, Runnable work) {}

  Executor executor() {
    return executor;
  }

  Faults faults() {
    return faults;
  }

  Journal journal() {
    return journal;
  }

  /** The clock's time; where the clock goes back, the time stands still until it has caught up. */
  long millis() {
    return latestMillis.accumulateAndGet(clock.millis(), Math::max);
  }

  void retained(StoredMessage message) {
    heapBytes.addAndGet(message.heapBytes());
  }

  void released(StoredMessage message) {
    heapBytes.addAndGet(-message.heapBytes());
  }

  /** Does what is due by the clock. */
  void tick() {
    long now = millis();
    for (Later due = dueAt(now); due != null; due = dueAt(now)) {
      due.work().run();
    }
    subscriptions.values().forEach(SubscriptionQueue::tick);
  }

  /** Runs the work once the clock has gone on by so much. */
  void later(Duration delay, Runnable work) {
    synchronized (later) {
      later.add(new Later(millis() + delay.toMillis(), laterCount++, work));
    }
  }

  private @Nullable Later dueAt(long now) {
    synchronized (later) {
      Later next = later.peek();
      return next != null && next.dueMillis() <= now ? later.poll() : null;
    }
  }

  /** Ends every open streaming pull. */
  void failStreams(Status status) {
    subscriptions.values().forEach(queue -> queue.failStreams(status));
  }

  Topic createTopic(Topic topic) {
    ResourceName.topic(topic.getName());
    if (topics.putIfAbsent(topic.getName(), new TopicQueues(topic)) != null) {
      throw Status.ALREADY_EXISTS.withDescription("Topic already exists").asRuntimeException();
    }
    return topic;
  }

  Topic getTopic(String name) {
    return topic(name).config;
  }

  Topic updateTopic(UpdateTopicRequest request) {
    TopicQueues topic = topic(request.getTopic().getName());
    checkMask(Topic.class, request.getUpdateMask(), Set.of("name"));
    synchronized (topic) {
      Topic.Builder merged = topic.config.toBuilder();
      FieldMaskUtil.merge(
          request.getUpdateMask(),
          request.getTopic(),
          merged,
          new FieldMaskUtil.MergeOptions().setReplaceMessageFields(true));
      topic.config = merged.build();
      return topic.config;
    }
  }

  void deleteTopic(String name) {
    TopicQueues topic = topic(name);
    synchronized (topic) {
      topic.deleted = true;
      topics.remove(name, topic);
      for (SubscriptionQueue queue : topic.queues) {
        synchronized (queue) {
          queue.configure(queue.config().toBuilder().setTopic(ResourceName.DELETED_TOPIC).build());
        }
      }
    }
  }

  ListTopicsResponse listTopics(String project, int pageSize, String pageToken) {
    Page<TopicQueues> page =
        page(topics, ResourceName.project(project) + "/topics/", pageSize, pageToken);
    return ListTopicsResponse.newBuilder()
        .addAllTopics(page.map(topic -> topic.config))
        .setNextPageToken(page.nextToken())
        .build();
  }

  ListTopicSubscriptionsResponse listTopicSubscriptions(
      String topic, int pageSize, String pageToken) {
    ConcurrentSkipListMap<String, SubscriptionQueue> queues = new ConcurrentSkipListMap<>();
    topic(topic).queues.forEach(queue -> queues.put(queue.config().getName(), queue));
    Page<SubscriptionQueue> page = page(queues, "projects/", pageSize, pageToken);
    return ListTopicSubscriptionsResponse.newBuilder()
        .addAllSubscriptions(page.map(queue -> queue.config().getName()))
        .setNextPageToken(page.nextToken())
        .build();
  }

  PublishResponse publish(PublishRequest request) {
    TopicQueues topic = topic(request.getTopic());
    checkPublishable(request);
    return publish(topic, request.getMessagesList());
  }

  boolean hasTopic(String name) {
    return topics.containsKey(name);
  }

  void publishDeadLetter(String topicName, PubsubMessage message) {
    TopicQueues topic = topics.get(topicName);
    if (topic != null) {
      publish(topic, List.of(message));
    }
  }

  private PublishResponse publish(TopicQueues topic, List<PubsubMessage> messages) {
    PublishResponse.Builder response = PublishResponse.newBuilder();
    List<StoredMessage> stored = new ArrayList<>(messages.size());
    // One publisher at a time gives every subscription the same order, which is that of the ids.
    synchronized (topic) {
      if (topic.deleted) {
        throw topicNotFound();
      }
      Instant time = publishTime();
      ByteString encodedTime =
          Timestamp.newBuilder()
              .setSeconds(time.getEpochSecond())
              .setNanos(time.getNano())
              .build()
              .toByteString();
      for (PubsubMessage message : messages) {
        long id = nextMessageId.getAndIncrement();
        response.addMessageIds(Long.toString(id));
        stored.add(StoredMessage.of(message, id, encodedTime, time.toEpochMilli()));
      }
      for (SubscriptionQueue queue : topic.queues) {
        queue.publish(stored);
      }
    }
    return response.build();
  }

  Subscription createSubscription(Subscription wanted) {
    ResourceName.subscription(wanted.getName());
    ResourceName.topic(wanted.getTopic());
    Subscription config = withDefaults(wanted);
    checkSubscription(config);
    TopicQueues topic = topics.get(config.getTopic());
    if (topic == null) {
      throw Status.NOT_FOUND
          .withDescription("Subscription topic does not exist")
          .asRuntimeException();
    }
    synchronized (topic) {
      if (topic.deleted) {
        throw topicNotFound();
      }
      SubscriptionQueue queue =
          new SubscriptionQueue(this, config, nextQueueNumber.getAndIncrement());
      if (subscriptions.putIfAbsent(config.getName(), queue) != null) {
        throw Status.ALREADY_EXISTS
            .withDescription("Subscription already exists")
            .asRuntimeException();
      }
      topic.queues.add(queue);
    }
    return config;
  }

  SubscriptionQueue subscription(String name) {
    ResourceName.subscription(name);
    SubscriptionQueue queue = subscriptions.get(name);
    if (queue == null) {
      throw subscriptionNotFound().asRuntimeException();
    }
    return queue;
  }

  Subscription updateSubscription(UpdateSubscriptionRequest request) {
    SubscriptionQueue queue = subscription(request.getSubscription().getName());
    checkMask(Subscription.class, request.getUpdateMask(), FIXED_SUBSCRIPTION_FIELDS);
    synchronized (queue) {
      Subscription.Builder merged = queue.config().toBuilder();
      FieldMaskUtil.merge(
          request.getUpdateMask(),
          request.getSubscription(),
          merged,
          new FieldMaskUtil.MergeOptions().setReplaceMessageFields(true));
      Subscription config = withDefaults(merged.build());
      checkSubscription(config);
      queue.configure(config);
      return config;
    }
  }

  void deleteSubscription(String name) {
    SubscriptionQueue queue = subscription(name);
    if (subscriptions.remove(name, queue)) {
      TopicQueues topic = topics.get(queue.config().getTopic());
      if (topic != null) {
        topic.queues.remove(queue);
      }
      queue.delete();
    }
  }

  ListSubscriptionsResponse listSubscriptions(String project, int pageSize, String pageToken) {
    Page<SubscriptionQueue> page =
        page(subscriptions, ResourceName.project(project) + "/subscriptions/", pageSize, pageToken);
    return ListSubscriptionsResponse.newBuilder()
        .addAllSubscriptions(page.map(SubscriptionQueue::config))
        .setNextPageToken(page.nextToken())
        .build();
  }

  static void checkAckIds(Collection<String> ackIds) {
    if (ackIds.isEmpty()) {
      throw Status.INVALID_ARGUMENT.withDescription("No ack ids specified.").asRuntimeException();
    }
  }

  static void checkAckDeadline(int seconds) {
    if (seconds < 0 || seconds > MAX_ACK_DEADLINE_SECONDS) {
      throw Status.INVALID_ARGUMENT
          .withDescription("ack deadline out of range: " + seconds + " (0 to 600 seconds)")
          .asRuntimeException();
    }
  }

  static Status subscriptionNotFound() {
    return Status.NOT_FOUND.withDescription("Subscription does not exist");
  }

  private static RuntimeException topicNotFound() {
    return Status.NOT_FOUND.withDescription("Topic not found").asRuntimeException();
  }

  private TopicQueues topic(String name) {
    ResourceName.topic(name);
    TopicQueues topic = topics.get(name);
    if (topic == null) {
      throw topicNotFound();
    }
    return topic;
  }

  private Instant publishTime() {
    Instant now = clock.instant();
    long millis = millis();
    return now.toEpochMilli() < millis ? Instant.ofEpochMilli(millis) : now;
  }

  private void checkPublishable(PublishRequest request) {
    String refusal = null;
    if (request.getMessagesCount() == 0) {
      refusal = "No messages to publish";
    } else if (request.getMessagesCount() > MAX_MESSAGES_PER_REQUEST) {
      refusal = "too many messages: " + request.getMessagesCount() + " (at most 1000 a request)";
    } else if (request.getSerializedSize() > MAX_REQUEST_BYTES) {
      refusal = "request too large: " + request.getSerializedSize() + " bytes (at most 10000000)";
    } else if (request.getMessagesList().stream().anyMatch(Broker::isEmpty)) {
      refusal = "Some messages are empty";
    }
    if (refusal != null) {
      throw Status.INVALID_ARGUMENT.withDescription(refusal).asRuntimeException();
    }
    if (heapBytes.get() > maxHeapBytes) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "the backlog takes "
                  + heapBytes.get()
                  + " bytes of memory, more than its limit of "
                  + maxHeapBytes
                  + ": pull and acknowledge it, or delete subscriptions that nobody reads")
          .asRuntimeException();
    }
  }

  private static boolean isEmpty(PubsubMessage message) {
    return message.getData().isEmpty() && message.getAttributesCount() == 0;
  }

  private static Subscription withDefaults(Subscription wanted) {
    Subscription.Builder config = wanted.toBuilder();
    if (!wanted.hasPushConfig()) {
      config.setPushConfig(PushConfig.getDefaultInstance());
    }
    if (wanted.getAckDeadlineSeconds() == 0) {
      config.setAckDeadlineSeconds(DEFAULT_ACK_DEADLINE_SECONDS);
    }
    if (!wanted.hasMessageRetentionDuration()) {
      config.getMessageRetentionDurationBuilder().setSeconds(DEFAULT_RETENTION_SECONDS);
    }
    if (wanted.hasDeadLetterPolicy()
        && wanted.getDeadLetterPolicy().getMaxDeliveryAttempts() == 0) {
      config.getDeadLetterPolicyBuilder().setMaxDeliveryAttempts(MIN_DELIVERY_ATTEMPTS);
    }
    return config.build();
  }

  private static void checkSubscription(Subscription config) {
    checkAckDeadline(config.getAckDeadlineSeconds());
    if (!config.getPushConfig().getPushEndpoint().isEmpty()
        || config.hasBigqueryConfig()
        || config.hasCloudStorageConfig()) {
      throw Status.UNIMPLEMENTED
          .withDescription("this emulator has pull subscriptions only")
          .asRuntimeException();
    }
    checkBackoff(config.getRetryPolicy().getMinimumBackoff());
    checkBackoff(config.getRetryPolicy().getMaximumBackoff());
    if (config.hasDeadLetterPolicy()) {
      ResourceName.topic(config.getDeadLetterPolicy().getDeadLetterTopic());
      int attempts = config.getDeadLetterPolicy().getMaxDeliveryAttempts();
      if (attempts < MIN_DELIVERY_ATTEMPTS || attempts > MAX_DELIVERY_ATTEMPTS) {
        throw Status.INVALID_ARGUMENT
            .withDescription("max_delivery_attempts out of range: " + attempts + " (5 to 100)")
            .asRuntimeException();
      }
    }
  }

  private static void checkBackoff(com.google.protobuf.Duration backoff) {
    if (!Durations.isValid(backoff)
        || Durations.isNegative(backoff)
        || Durations.compare(backoff, MAX_BACKOFF) > 0) {
      throw Status.INVALID_ARGUMENT
          .withDescription("backoff out of range (0 to 600 seconds)")
          .asRuntimeException();
    }
  }

  private static void checkMask(Class<? extends Message> type, FieldMask mask, Set<String> fixed) {
    if (mask.getPathsCount() == 0) {
      throw Status.INVALID_ARGUMENT
          .withDescription("The update_mask must name at least one field")
          .asRuntimeException();
    }
    for (String path : mask.getPathsList()) {
      if (!FieldMaskUtil.isValid(type, path)) {
        throw Status.INVALID_ARGUMENT
            .withDescription("Invalid update_mask: there is no " + path)
            .asRuntimeException();
      }
      if (fixed.contains(path)) {
        throw Status.INVALID_ARGUMENT
            .withDescription("Invalid update_mask: " + path + " cannot be changed")
            .asRuntimeException();
      }
    }
  }

  /** A part of a listing, and the name to go on from, empty at the end. */
  private record Page<T>(List<T> items, String nextToken) {
    <R> List<R> map(Function<T, R> form) {
      return items.stream().map(form).toList();
    }
  }

  private static <T> Page<T> page(
      ConcurrentSkipListMap<String, T> all, String prefix, int pageSize, String pageToken) {
    int limit = pageSize > 0 ? Math.min(pageSize, LIST_PAGE) : LIST_PAGE;
    List<T> items = new ArrayList<>();
    @Nullable String last = null;
    for (var entry : all.tailMap(pageToken.isEmpty() ? prefix : pageToken, false).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      if (items.size() == limit && last != null) {
        return new Page<>(items, last);
      }
      items.add(entry.getValue());
      last = entry.getKey();
    }
    return new Page<>(items, "");
  }
}
