package io.github.crmsync.core.ledger;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ids of the linked records of one app, streamed from the ledger: a source looks for those that no longer exist.
 *
 * <p>Memory is bounded by a chunk. An id may come in several chunks, because a record has an entry of each owner and
 * compaction runs late.
 */
public final class LinkedIds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkedIds.class);
    /** Longest wait for what the brokers know of the topic. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(500);
    /** Polls without progress after which the brokers count as unreachable: half a minute. */
    private static final int MOST_EMPTY_POLLS = 60;

    private final String keyPrefix;
    private final boolean hubspot;
    private final TopicPartition partition;
    private final Consumer<String, byte[]> consumer;
    private final long end;

    private LinkedIds(
            String keyPrefix, boolean hubspot, TopicPartition partition, Consumer<String, byte[]> consumer, long end) {
        this.keyPrefix = keyPrefix;
        this.hubspot = hubspot;
        this.partition = partition;
        this.consumer = consumer;
        this.end = end;
    }

    /**
     * Starts reading from the beginning, up to the present end.
     *
     * @param client Kafka client settings, with bootstrap.servers
     * @param app app whose ids are wanted, {@code hubspot} or {@code dynamics}
     * @param chunk number of ledger entries that are read at a time
     * @throws RetriableException if the ledger cannot be read now; one that does not exist yet has no ids
     */
    public static LinkedIds open(String syncName, String topic, Map<String, Object> client, String app, int chunk) {
        Map<String, Object> reading = new HashMap<>(client);
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, chunk);
        Consumer<String, byte[]> consumer =
                new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
        try {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return new LinkedIds(syncName + ":", app.equals("hubspot"), partition, consumer, end(consumer, partition));
        } catch (org.apache.kafka.common.errors.RetriableException e) {
            consumer.close();
            throw new RetriableException("The ledger cannot be read now: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private static long end(Consumer<String, byte[]> consumer, TopicPartition partition) {
        List<PartitionInfo> partitions = consumer.partitionsFor(partition.topic(), LIMIT);
        if (partitions == null || partitions.isEmpty()) {
            LOG.info("The ledger topic {} does not exist yet: no record is linked", partition.topic());
            return 0;
        }
        return consumer.endOffsets(List.of(partition), LIMIT).get(partition);
    }

    /**
     * Ids of the next entries, each once; empty at the end.
     *
     * @throws RetriableException if the ledger cannot be read now
     */
    public Set<String> next() {
        Set<String> ids = new LinkedHashSet<>();
        try {
            int idle = 0;
            long position = end == 0 ? 0 : consumer.position(partition);
            while (ids.isEmpty() && position < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    add(ids, record);
                }
                long reached = consumer.position(partition);
                idle = reached > position ? 0 : idle + 1;
                position = reached;
                if (idle == MOST_EMPTY_POLLS) {
                    throw new RetriableException("The ledger cannot be read now: its brokers do not answer");
                }
            }
        } catch (org.apache.kafka.common.errors.RetriableException e) {
            throw new RetriableException("The ledger cannot be read now: " + e.getMessage(), e);
        }
        return ids;
    }

    private void add(Set<String> ids, ConsumerRecord<String, byte[]> record) {
        if (record.value() == null || !record.key().startsWith(keyPrefix)) {
            return;
        }
        try {
            LedgerEntry entry = LedgerJson.entry(record.value());
            if (entry.isUnreadable()) {
                return;
            }
            String id = hubspot ? entry.hubspotId() : entry.dynamicsId();
            if (entry.state() == LedgerEntry.State.LINKED && id != null) {
                ids.add(id);
            } else {
                ids.remove(id);
            }
        } catch (IOException e) {
            throw new ConnectException("The ledger's entry at offset " + record.offset() + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
