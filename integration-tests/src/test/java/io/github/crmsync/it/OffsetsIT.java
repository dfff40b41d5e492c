package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.run.Crms;
import io.github.crmsync.sandbox.run.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Offsets of both sources over restarts of two workers, and through the REST API of either. */
class OffsetsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A failure's bound only. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final int CONTACTS = 10;
    private static final String HUBSPOT = "offsets-hubspot-source";
    private static final String DYNAMICS = "offsets-dynamics-source";

    private static Lab lab;
    private static Crms crms;
    private static Lab.Worker first;
    private static Lab.Worker second;
    private static String contact;
    private static String row;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        lab = Lab.start("offsets");
        crms = Crms.open(CONTACTS, 1, 0, 0);
        contact = new HubSpot(crms.hubspotFacts()).create(Map.of("email", "seen@example.org", "firstname", "Seen"));
        row = new Dynamics(crms.dynamicsFacts()).create(Map.of("emailaddress1", "seen@example.org", "lastname", "S"));
        Map<String, String> often = Map.of("offset.flush.interval.ms", "500");
        first = lab.worker("first", often).start();
        second = lab.worker("second", often).start();
        Map<String, ObjectNode> connectors =
                crms.connectors("offsets", lab.bootstrapServers(), Map.of("poll.interval.ms", "300"));
        connectors.get(HUBSPOT).put("overlap.ms", "0");
        connectors.keySet().retainAll(List.of(HUBSPOT, DYNAMICS));
        lab.put(first, connectors);
        awaitLive();
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
        if (crms != null) {
            crms.close();
        }
    }

    private static JsonNode offsets(Lab.Worker worker, String connector) {
        return new Connect(worker.url())
                .get("/connectors/" + connector + "/offsets")
                .path("offsets");
    }

    private static JsonNode offset(Lab.Worker worker, String connector) {
        JsonNode offsets = offsets(worker, connector);
        assertThat(offsets).hasSize(1);
        return offsets.get(0).path("offset");
    }

    private static Web.Reply send(String method, Lab.Worker worker, String connector, String path, Object body) {
        return Web.send(method, worker.url() + "/connectors/" + connector + path, Map.of(), body);
    }

    private static void awaitLive() {
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            assertThat(offset(first, HUBSPOT).path("phase").asText()).isEqualTo("incremental");
            assertThat(offset(first, DYNAMICS).path("phase").asText()).isEqualTo("LIVE");
        });
    }

    /** How often a record with this key and a value is in the topic. */
    private static int count(String topic, String key) {
        Map<String, Object> client = Map.of("bootstrap.servers", lab.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            int[] count = {0};
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    // Connect's JSON of a string key.
                    boolean same = record.key() != null && record.key().contains(key);
                    count[0] +=
                            same && record.value() != null && !record.value().equals("null") ? 1 : 0;
                });
            }
            return count[0];
        }
    }

    private static int contacts() {
        return count("offsets.crm.hubspot.contacts", contact);
    }

    private static int rows() {
        return count("offsets.crm.dynamics.contacts", row);
    }

    private static void awaitCount(String topic, String key, int more) {
        await().atMost(LIMIT).until(() -> count(topic, key) >= more);
    }

    private static void stopped(String connector) {
        assertThat(send("PUT", second, connector, "/stop", null).status()).isLessThan(300);
        await().atMost(LIMIT)
                .until(() -> new Connect(first.url())
                        .get("/connectors/" + connector + "/status")
                        .path("connector")
                        .path("state")
                        .asText()
                        .equals("STOPPED"));
    }

    private static Web.Reply patch(Lab.Worker worker, String connector, String partition, JsonNode offset)
            throws IOException {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode one = body.putArray("offsets").addObject();
        one.set("partition", JSON.readTree(partition));
        one.set("offset", offset);
        return send("PATCH", worker, connector, "/offsets", body);
    }

    @Test
    void freshWorkersReadOn() throws Exception {
        HubSpot hubspot = new HubSpot(crms.hubspotFacts());
        Dynamics dynamics = new Dynamics(crms.dynamicsFacts());
        int contacts = contacts();
        int rows = rows();
        for (int round = 1; round <= 2; round++) {
            first.kill();
            second.kill();
            first.launch();
            second.start();
            String newContact = hubspot.create(Map.of("email", "new" + round + "@example.org", "firstname", "New"));
            String newRow = dynamics.create(Map.of("emailaddress1", "new" + round + "@example.org", "lastname", "New"));
            awaitCount("offsets.crm.hubspot.contacts", newContact, 1);
            awaitCount("offsets.crm.dynamics.contacts", newRow, 1);
            assertThat(contacts()).isEqualTo(contacts);
            assertThat(rows()).isEqualTo(rows);
        }
    }

    @Test
    void offsetsAreShownMovedAndResetThroughTheOtherWorker() throws Exception {
        assertThat(offsets(second, HUBSPOT).get(0).path("partition").toString()).isEqualTo("{\"object\":\"contacts\"}");
        assertThat(offsets(second, DYNAMICS).get(0).path("partition").toString())
                .isEqualTo("{\"table\":\"contact\"}");
        stopped(HUBSPOT);
        stopped(DYNAMICS);
        int contacts = contacts();
        int rows = rows();

        String hubspotPartition = "{\"object\":\"contacts\"}";
        Web.Reply foreign = patch(
                second,
                HUBSPOT,
                hubspotPartition,
                JSON.readTree("{\"v\":1,\"phase\":\"incremental\",\"cursor\":1,\"portal\":\"999\"}"));
        assertThat(foreign.status()).isGreaterThanOrEqualTo(400);
        assertThat(foreign.body().toString()).contains("portal 999");
        Web.Reply former = patch(
                second,
                HUBSPOT,
                "{\"app\":\"hubspot\",\"object\":\"contacts\"}",
                JSON.readTree("{\"v\":1,\"phase\":\"incremental\",\"cursor\":1}"));
        assertThat(former.status()).isGreaterThanOrEqualTo(400);

        patch(second, HUBSPOT, hubspotPartition, JSON.readTree("{\"v\":1,\"phase\":\"incremental\",\"cursor\":1}"))
                .ok();
        ObjectNode again = (ObjectNode) offset(first, DYNAMICS);
        again.put("phase", "REREAD").remove("link");
        patch(second, DYNAMICS, "{\"table\":\"contact\"}", again).ok();
        assertThat(offset(first, HUBSPOT).path("cursor").asLong()).isEqualTo(1);
        assertThat(offset(first, DYNAMICS).path("phase").asText()).isEqualTo("REREAD");
        resume();
        awaitCount("offsets.crm.hubspot.contacts", contact, contacts + 1);
        awaitCount("offsets.crm.dynamics.contacts", row, rows + 1);
        awaitLive();

        stopped(HUBSPOT);
        stopped(DYNAMICS);
        contacts = contacts();
        rows = rows();
        for (String connector : List.of(HUBSPOT, DYNAMICS)) {
            assertThat(send("DELETE", second, connector, "/offsets", null).status())
                    .isEqualTo(200);
            assertThat(offsets(first, connector)).isEmpty();
        }
        resume();
        awaitCount("offsets.crm.hubspot.contacts", contact, contacts + 1);
        awaitCount("offsets.crm.dynamics.contacts", row, rows + 1);
        awaitLive();
    }

    private static void resume() {
        for (String connector : List.of(HUBSPOT, DYNAMICS)) {
            assertThat(send("PUT", second, connector, "/resume", null).status()).isLessThan(300);
        }
    }
}
