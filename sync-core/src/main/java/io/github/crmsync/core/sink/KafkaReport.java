package io.github.crmsync.core.sink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.ledger.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The decisions of a sink as JSON records in a topic. */
final class KafkaReport implements Report {
    private final String topic;
    private final ReportJson json;
    private final Producer<String, byte[]> producer;

    KafkaReport(String topic, ReportJson json, Producer<String, byte[]> producer) {
        this.topic = topic;
        this.json = json;
        this.producer = producer;
    }

    /** A report to a topic, which is created if it is missing. */
    static KafkaReport open(String topic, ReportJson json, Map<String, Object> client, short replication) {
        Topics.ensure(client, new NewTopic(topic, Optional.empty(), Optional.of(replication)));
        return new KafkaReport(
                topic, json, new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer()));
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
        producer.send(new ProducerRecord<>(topic, key, node.toString().getBytes(StandardCharsets.UTF_8)));
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
