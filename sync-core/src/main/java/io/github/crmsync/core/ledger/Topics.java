package io.github.crmsync.core.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics that the sinks keep for themselves. */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration KNOWN_EVERYWHERE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Topics() {}

    /**
     * Creates a topic only if it is missing: where it was made beforehand, the right to create topics is not needed.
     *
     * @return number of its partitions
     * @throws ConnectException if it can neither be found nor created
     */
    public static int ensure(Map<String, Object> client, NewTopic wanted) {
        try (Admin admin = Admin.create(client)) {
            return ensure(admin, wanted);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.RetriableException) {
                throw new RetriableException(
                        "The brokers " + client.get("bootstrap.servers") + " cannot be asked for the topic "
                                + wanted.name() + " now: " + e.getCause().getMessage(),
                        e);
            }
            throw new ConnectException(
                    "The topic " + wanted.name() + " is missing and cannot be created: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while looking for the topic " + wanted.name(), e);
        }
    }

    /**
     * Looks for a topic.
     *
     * @return empty if the brokers do not tell within a few seconds, or not to this client
     */
    static Optional<TopicInfo> look(Admin admin, String topic) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs((int) LOOK.toMillis());
        try {
            TopicDescription found = admin.describeTopics(Set.of(topic), options)
                    .allTopicNames()
                    .get(LOOK.toMillis(), TimeUnit.MILLISECONDS)
                    .get(topic);
            // Brokers before 2.8 give topics no ids.
            String id = Uuid.ZERO_UUID.equals(found.topicId())
                    ? null
                    : found.topicId().toString();
            return Optional.of(new TopicInfo(id, found.partitions().size()));
        } catch (ExecutionException e) {
            if (isUnknown(e)) {
                return Optional.of(TopicInfo.MISSING);
            }
            LOG.warn("Kafka tells nothing of the topic {}: {}", topic, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            LOG.warn("Kafka tells nothing of the topic {}: no answer within {}", topic, LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    static int ensure(Admin admin, NewTopic wanted) throws ExecutionException, InterruptedException {
        try {
            return partitions(admin, wanted.name());
        } catch (ExecutionException e) {
            if (!isUnknown(e)) {
                throw e;
            }
        }
        return create(admin, wanted);
    }

    private static boolean isUnknown(ExecutionException e) {
        return e.getCause() instanceof UnknownTopicOrPartitionException;
    }

    private static int create(Admin admin, NewTopic wanted) throws ExecutionException, InterruptedException {
        try {
            return admin.createTopics(List.of(wanted))
                    .numPartitions(wanted.name())
                    .get();
        } catch (ExecutionException e) {
            // Another task was faster.
            if (e.getCause() instanceof TopicExistsException) {
                return awaitPartitions(admin, wanted.name());
            }
            throw e;
        }
    }

    /** A topic that exists: the controller knows it before every broker does. */
    private static int awaitPartitions(Admin admin, String topic) throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + KNOWN_EVERYWHERE.toNanos();
        while (true) {
            try {
                return partitions(admin, topic);
            } catch (ExecutionException e) {
                if (!isUnknown(e) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private static int partitions(Admin admin, String topic) throws ExecutionException, InterruptedException {
        TopicDescription found =
                admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic);
        return found.partitions().size();
    }
}
