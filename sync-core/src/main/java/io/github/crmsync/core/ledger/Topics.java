package io.github.crmsync.core.ledger;

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

/** Topics that the sinks keep for themselves. */
public final class Topics {
    private Topics() {}

    /**
     * Creates a topic only if it is missing: where it was made beforehand, the right to create topics is not needed.
     *
     * @return number of its partitions
     * @throws ConnectException if it can neither be found nor created
     */
    public static int ensure(Map<String, Object> client, NewTopic wanted) {
        try (Admin admin = Admin.create(client)) {
            try {
                return partitions(admin, wanted.name());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
            return create(admin, wanted);
        } catch (ExecutionException e) {
            throw new ConnectException(
                    "The topic " + wanted.name() + " is missing and cannot be created: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while looking for the topic " + wanted.name(), e);
        }
    }

    private static int create(Admin admin, NewTopic wanted) throws ExecutionException, InterruptedException {
        try {
            return admin.createTopics(List.of(wanted))
                    .numPartitions(wanted.name())
                    .get();
        } catch (ExecutionException e) {
            // Another task was faster.
            if (e.getCause() instanceof TopicExistsException) {
                return partitions(admin, wanted.name());
            }
            throw e;
        }
    }

    private static int partitions(Admin admin, String topic) throws ExecutionException, InterruptedException {
        TopicDescription found =
                admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic);
        return found.partitions().size();
    }
}
