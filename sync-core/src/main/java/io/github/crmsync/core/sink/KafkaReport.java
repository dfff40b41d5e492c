package io.github.crmsync.core.sink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.ledger.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The decisions of a sink as JSON records in a topic. */
final class KafkaReport implements Report {
    private final String topic;
    private final ReportJson json;
    private static final Logger LOG = LoggerFactory.getLogger(KafkaReport.class);
    /** Longest wait of a decision for a broker that is away, in ms. */
    private static final int MOST_BLOCK_MS = 1_000;
    /** How long no further decision waits after one that could not be recorded, in ms. */
    private static final long PAUSE_MS = 30_000;
    /** Longest wait for what is on its way, in ms. */
    private static final int DELIVERY_MS = 10_000;

    private final Producer<String, byte[]> producer;
    private final AtomicLong lost = new AtomicLong();
    private volatile long pausedUntil;

    KafkaReport(String topic, ReportJson json, Producer<String, byte[]> producer) {
        this.topic = topic;
        this.json = json;
        this.producer = producer;
    }

    /** A report to a topic, which is created if it is missing. */
    static KafkaReport open(String topic, ReportJson json, Map<String, Object> client, short replication) {
        Topics.ensure(client, new NewTopic(topic, Optional.empty(), Optional.of(replication)));
        Map<String, Object> settings = new HashMap<>(client);
        // A report that cannot be written must not hold up the sync.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MOST_BLOCK_MS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DELIVERY_MS / 2);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS);
        return new KafkaReport(
                topic, json, new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer()));
    }

    @Override
    public void record(String targetApp, Work work, Outcome outcome, long now) {
        send(work.image().sourceApp() + ":" + work.image().id(), json.decision(targetApp, work, outcome, now));
    }

    @Override
    public void recordAnew(String targetApp, Work work, Outcome outcome, long now) {
        send(
                work.image().sourceApp() + ":" + work.image().id(),
                json.decision(targetApp, work, outcome, now).put("reevaluation", true));
    }

    @Override
    public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
        send("plan:" + targetApp, json.plan(targetApp, counts, now));
    }

    @Override
    public void held(String targetApp, String why, long now) {
        send("held:" + targetApp, json.held(targetApp, why, now));
    }

    private void send(String key, ObjectNode node) {
        if (System.nanoTime() / 1_000_000 < pausedUntil) {
            lost.incrementAndGet();
            return;
        }
        try {
            producer.send(
                    new ProducerRecord<>(topic, key, node.toString().getBytes(StandardCharsets.UTF_8)),
                    (sent, failure) -> told(failure));
        } catch (KafkaException e) {
            told(e);
        }
    }

    /** One warning for each time that the topic is away, and a count of what was lost when it is back. */
    private void told(Exception failure) {
        if (failure == null) {
            long missing = lost.getAndSet(0);
            if (missing > 0) {
                LOG.warn("{} decisions were not recorded in {}; it is back now", missing, topic);
            }
        } else {
            pausedUntil = System.nanoTime() / 1_000_000 + PAUSE_MS;
            if (lost.getAndIncrement() == 0) {
                LOG.warn("Decisions cannot be recorded in {}, the sync goes on: {}", topic, failure.getMessage());
            }
        }
    }

    /** Number of decisions that were lost since the topic went away. */
    long lost() {
        return lost.get();
    }

    @Override
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
