package io.github.crmsync.core.sink;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.apache.kafka.connect.errors.RetriableException;

/** Looks through topics for the newest record of every key. */
final class TopicImages implements Reevaluation.Images, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    /** Time that one call reads for at the most: a large topic takes several. */
    private static final long CALL_MS = 5_000;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** A partition that is being read: what was found so far, by a hash of the key. */
    private static final class Reading {
        final Consumer<ByteBuffer, ByteBuffer> consumer;
        final long end;
        final Map<Long, Long> newest = new HashMap<>();

        Reading(Consumer<ByteBuffer, ByteBuffer> consumer, long end) {
            this.consumer = consumer;
            this.end = end;
        }
    }

    private final Map<String, Object> client;
    private final Map<TopicPartition, Reading> readings = new HashMap<>();

    /** @param client Kafka client settings, with bootstrap.servers */
    TopicImages(Map<String, Object> client) {
        this.client = client;
    }

    @Override
    public long[] newest(TopicPartition partition) {
        try {
            Reading reading = readings.computeIfAbsent(partition, this::begin);
            long until = System.nanoTime() + Duration.ofMillis(CALL_MS).toNanos();
            while (reading.consumer.position(partition) < reading.end) {
                if (System.nanoTime() - until > 0) {
                    return null;
                }
                for (ConsumerRecord<ByteBuffer, ByteBuffer> message : reading.consumer.poll(POLL)) {
                    reading.newest.put(hash(message), message.offset());
                }
            }
            forget(partition);
            return reading.newest.values().stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
        } catch (org.apache.kafka.common.errors.RetriableException e) {
            forget(partition);
            throw new RetriableException(
                    "The topic " + partition.topic() + " cannot be read again now: " + e.getMessage(), e);
        }
    }

    private Reading begin(TopicPartition partition) {
        Map<String, Object> reading = new HashMap<>(client);
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        reading.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        reading.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        Consumer<ByteBuffer, ByteBuffer> consumer =
                new KafkaConsumer<>(reading, new ByteBufferDeserializer(), new ByteBufferDeserializer());
        try {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return new Reading(consumer, consumer.endOffsets(List.of(partition)).get(partition));
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** 64 bits stand for a key: among a million keys, two share them with a probability of 1 in 30 million. */
    private static long hash(ConsumerRecord<ByteBuffer, ByteBuffer> message) {
        ByteBuffer key = message.key();
        long hash = FNV_OFFSET;
        while (key != null && key.hasRemaining()) {
            hash = (hash ^ (key.get() & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    private void forget(TopicPartition partition) {
        Reading reading = readings.remove(partition);
        if (reading != null) {
            reading.consumer.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        List.copyOf(readings.keySet()).forEach(this::forget);
    }
}
