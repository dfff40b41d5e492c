package io.github.crmsync.core.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.ledger.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The decisions of a sink as JSON records with ids and field names, never with values. */
final class KafkaReport implements Report {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String topic;
    private final String sync;
    private final Producer<String, byte[]> producer;
    private final boolean preview;

    private KafkaReport(String topic, String sync, Producer<String, byte[]> producer, boolean preview) {
        this.preview = preview;
        this.topic = topic;
        this.sync = sync;
        this.producer = producer;
    }

    /** A report to a topic, which is created if it is missing. */
    static KafkaReport open(String topic, String sync, Map<String, Object> client, short replication, boolean preview) {
        Topics.ensure(client, new NewTopic(topic, Optional.empty(), Optional.of(replication)));
        return new KafkaReport(
                topic, sync, new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer()), preview);
    }

    @Override
    public void record(String targetApp, Work work, Outcome outcome, long now) {
        ObjectNode node = node(now)
                .put("decision", outcome.kind().name().toLowerCase(Locale.ROOT))
                .put("sourceApp", work.image().sourceApp())
                .put("sourceId", work.image().id())
                .put("sourceVersion", work.image().version())
                .put("targetApp", targetApp)
                .put("targetId", outcome.targetId())
                .put("detail", outcome.detail());
        outcome.fields().stream().sorted().forEach(node.putArray("fields")::add);
        ObjectNode winners = node.putObject("conflicts");
        new TreeMap<>(outcome.conflicts()).forEach(winners::put);
        send(work.image().sourceApp() + ":" + work.image().id(), node);
    }

    @Override
    public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
        ObjectNode node = node(now).put("decision", "plan").put("targetApp", targetApp);
        ObjectNode kinds = node.putObject("counts");
        counts.forEach((kind, count) -> kinds.put(kind.name().toLowerCase(Locale.ROOT), count));
        send("plan:" + targetApp, node);
    }

    private ObjectNode node(long now) {
        ObjectNode node = JSON.createObjectNode()
                .put("sync", sync)
                .put("time", Instant.ofEpochMilli(now).toString());
        return preview ? node.put("preview", true) : node;
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
