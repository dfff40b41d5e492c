package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the report topic tells and no comparison of the two sides can: conflicts, and records that a filter left out. */
final class Decisions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(500);

    private final Set<String> conflicts = new HashSet<>();
    private final Map<String, String> exclusions = new HashMap<>();

    /** Reads the topics to their ends. */
    static Decisions read(String bootstrapServers, Set<String> topics) throws IOException {
        Decisions decisions = new Decisions();
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    decisions.add(JSON.readTree(message.value()));
                }
            }
        }
        return decisions;
    }

    void add(JsonNode decision) {
        boolean fromHubSpot = decision.path("sourceApp").asText().equals("hubspot");
        // Both sinks may report one conflict: the loser when it waits, the winner when it writes.
        String contact = decision.path(fromHubSpot ? "sourceId" : "targetId").asText();
        decision.path("conflicts").fieldNames().forEachRemaining(field -> conflicts.add(contact + " " + field));
        String source = decision.path("sourceApp").asText() + " "
                + decision.path("sourceId").asText();
        if (decision.path("decision").asText().equals("excluded")) {
            exclusions.put(source, decision.path("detail").asText());
        } else {
            exclusions.remove(source);
        }
    }

    /** Fields of pairs of which both sides had another value. */
    int conflicts() {
        return conflicts.size();
    }

    /** Records that are outside the filter now. */
    int filtered() {
        return (int) exclusions.values().stream()
                .filter(reason -> reason.startsWith("filter"))
                .count();
    }
}
