package io.github.crmsync.core.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/** Topics that the sinks keep for themselves. */
public final class Topics {
    private static final Duration KNOWN_EVERYWHERE = Duration.ofSeconds(30);
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
