package io.github.crmsync.core.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a sink's consumer group has committed. */
public final class ConsumerOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerOffsets.class);
    private static final long WAIT_S = 30;

    private ConsumerOffsets() {}

    /**
     * Number of records that the group has read and committed, over all its partitions; 0 if the brokers do not tell.
     *
     * @param client Kafka client settings, with bootstrap.servers
     */
    public static long committed(Map<String, Object> client, String group) {
        return of(client, group).values().stream().mapToLong(Long::longValue).sum();
    }

    /** What the group has committed, by partition; nothing if the brokers do not tell. */
    public static Map<TopicPartition, Long> of(Map<String, Object> client, String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        try (Admin admin = Admin.create(client)) {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(WAIT_S, TimeUnit.SECONDS)
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            committed.put(partition, offset.offset());
                        }
                    });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "The offsets of consumer group {} cannot be read, so that a lost ledger is not noticed: {}",
                    group,
                    e.toString());
        }
        return committed;
    }
}
