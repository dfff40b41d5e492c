package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A two-way sync that runs: edits by users of both apps, and what the worker says of its connectors. */
class LiveSyncIT {
    /** A failure's bound only. Usually some seconds, of which the simulated search index takes up to five. */
    private static final Duration SEEN = Duration.ofMinutes(4);
    /** The search index's five seconds and ten polls of either source. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static Sandbox sandbox;
    private static HubSpot hubspot;
    private static Dynamics dynamics;
    private static Connect connect;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.start("--config=two-way-contacts", "--contacts=40");
        hubspot = sandbox.hubspot();
        dynamics = sandbox.dynamics();
        connect = sandbox.connect();
        await().atMost(Duration.ofMinutes(4))
                .ignoreExceptions()
                .until(() -> connect.states("hubspot-sink").contains("RUNNING"));
        for (String source : List.of("hubspot-source", "dynamics-source")) {
            await().atMost(SEEN)
                    .ignoreExceptions()
                    .until(() -> connect.put(source, connect.config(source, Map.of("poll.interval.ms", "500")))
                                    .status()
                            == 200);
        }
        // The first import is over when a contact that is new comes across in both directions.
        pair("first@example.org", Map.of("firstname", "First"));
        String row = dynamics.create(Map.of("emailaddress1", "second@example.org", "lastname", "Second"));
        await().atMost(SEEN)
                .until(() -> hubspot.findByEmail("second@example.org").isPresent());
        assertThat(dynamics.findByEmail("second@example.org")).containsExactly(row);
    }

    @AfterAll
    static void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private record Pair(String contact, String row) {}

    /** A contact made in HubSpot, and its counterpart that the sync made. */
    private static Pair pair(String email, Map<String, String> properties) {
        Map<String, String> all = new java.util.HashMap<>(properties);
        all.put("email", email);
        String contact = hubspot.create(all);
        await().atMost(SEEN).until(() -> !dynamics.findByEmail(email).isEmpty());
        List<String> rows = dynamics.findByEmail(email);
        assertThat(rows).hasSize(1);
        return new Pair(contact, rows.get(0));
    }

    private static long written() {
        return hubspot.stats().path("recordsWritten").asLong()
                + dynamics.stats().path("recordsWritten").asLong();
    }

    private static void awaitQuiet() {
        long[] last = {written()};
        await().atMost(Duration.ofMinutes(4))
                .during(QUIET)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    long now = written();
                    boolean same = now == last[0];
                    last[0] = now;
                    return same;
                });
    }

    @Test
    void theWorkerListsThePluginsAndRunsTheConnectors() {
        List<String> plugins = new ArrayList<>();
        connect.get("/connector-plugins")
                .forEach(plugin -> plugins.add(plugin.path("class").asText()));
        assertThat(plugins)
                .contains(
                        "io.github.crmsync.hubspot.HubSpotSourceConnector",
                        "io.github.crmsync.hubspot.HubSpotSinkConnector",
                        "io.github.crmsync.dynamics.DynamicsSourceConnector",
                        "io.github.crmsync.dynamics.DynamicsSinkConnector");
        for (JsonNode connector : connect.get("/connectors")) {
            assertThat(connect.states(connector.asText())).containsExactly("RUNNING", "RUNNING");
        }
    }

    @Test
    void anEditComesAcrossInEitherDirectionAndThenBothAreQuiet() {
        Pair pair = pair("edit@example.org", Map.of("firstname", "Ann", "jobtitle", "Buyer"));

        hubspot.update(pair.contact, Map.of("firstname", "Anna"));
        await().atMost(SEEN).until(() -> dynamics.value(pair.row, "firstname").equals("Anna"));

        dynamics.update(pair.row, Map.of("jobtitle", "Head of buying"));
        await().atMost(SEEN).until(() -> hubspot.value(pair.contact, "jobtitle").equals("Head of buying"));

        awaitQuiet();
        assertThat(dynamics.value(pair.row, "firstname")).isEqualTo("Anna");
        assertThat(hubspot.value(pair.contact, "firstname")).isEqualTo("Anna");
    }

    /** With the ports of this sandbox instead of the usual ones. */
    private static String readme(String block) throws IOException {
        String text = Files.readString(Sandbox.HOME.resolve("README.md"));
        int at = text.indexOf(block);
        return text.substring(at, text.indexOf("```", at))
                .replace("http://127.0.0.1:8101", hubspot.url())
                .replace("http://127.0.0.1:8102", dynamics.url());
    }

    private static String bash(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void theReadmesContactArrives() throws Exception {
        bash(readme("curl -sS -H").lines().takeWhile(line -> !line.isBlank()).collect(Collectors.joining("\n")));
        String look = readme("token=$(");
        await().atMost(SEEN).until(() -> bash(look).contains("\"jobtitle\":\"Captain\""));
    }

    @Test
    void aContactThatIsDeletedForPrivacyReasonsIsFoundByTheLedgersIds() {
        Pair pair = pair("purged@example.org", Map.of("firstname", "Pia"));
        Web.Reply reply = connect.put(
                "hubspot-source", connect.config("hubspot-source", Map.of("deletion.check.interval.ms", "1000")));
        assertThat(reply.status()).isEqualTo(200);
        hubspot.purge(pair.contact);
        Map<String, Object> client =
                Map.of("bootstrap.servers", sandbox.bootstrapServers(), "isolation.level", "read_committed");
        try (KafkaConsumer<String, String> ledger =
                new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("crm.sync.ledger", 0);
            ledger.assign(List.of(partition));
            ledger.seekToBeginning(List.of(partition));
            await().atMost(SEEN)
                    .until(() -> StreamSupport.stream(
                                    ledger.poll(Duration.ofMillis(500)).spliterator(), false)
                            .anyMatch(entry -> entry.value() != null
                                    && entry.key().endsWith(":" + pair.contact)
                                    && entry.value().contains("TOMBSTONED")));
        }
        assertThat(dynamics.value(pair.row, "firstname")).isEqualTo("Pia");
    }

    @Test
    void differentFieldsChangedOnBothSidesAtOnceBothSurvive() {
        Pair pair = pair("both@example.org", Map.of("firstname", "Bo", "city", "Oslo", "jobtitle", "Baker"));

        hubspot.update(pair.contact, Map.of("city", "Bergen"));
        dynamics.update(pair.row, Map.of("jobtitle", "Chef"));

        await().atMost(SEEN)
                .until(() -> dynamics.value(pair.row, "address1_city").equals("Bergen")
                        && hubspot.value(pair.contact, "jobtitle").equals("Chef"));
        assertThat(hubspot.value(pair.contact, "city")).isEqualTo("Bergen");
        assertThat(dynamics.value(pair.row, "jobtitle")).isEqualTo("Chef");
    }

    @Test
    void theDefaultAppWinsWhereBothChangedTheSameField() {
        Pair pair = pair("conflict@example.org", Map.of("firstname", "Cy", "city", "Rome"));

        hubspot.update(pair.contact, Map.of("city", "Milan"));
        dynamics.update(pair.row, Map.of("address1_city", "Turin"));

        await().atMost(SEEN)
                .until(() -> dynamics.value(pair.row, "address1_city").equals("Milan"));
        awaitQuiet();
        assertThat(hubspot.value(pair.contact, "city")).isEqualTo("Milan");
        assertThat(dynamics.value(pair.row, "address1_city")).isEqualTo("Milan");
    }

    @Test
    void anEmptiedFieldErasesNothing() {
        Pair pair = pair("empty@example.org", Map.of("firstname", "Di", "phone", "+44 20 7946 0000"));

        hubspot.update(pair.contact, Map.of("phone", ""));
        hubspot.update(pair.contact, Map.of("firstname", "Diana"));

        await().atMost(SEEN).until(() -> dynamics.value(pair.row, "firstname").equals("Diana"));
        awaitQuiet();
        assertThat(dynamics.value(pair.row, "telephone1")).isEqualTo("+44 20 7946 0000");
        assertThat(hubspot.value(pair.contact, "phone")).isEmpty();
    }

    @Test
    void aContactDeletedOnOneSideStaysOnTheOtherAndIsNotCreatedAgain() {
        Pair pair = pair("gone@example.org", Map.of("firstname", "Ed"));
        awaitQuiet();

        hubspot.archive(pair.contact);
        dynamics.update(pair.row, Map.of("firstname", "Edward"));

        awaitQuiet();
        assertThat(dynamics.value(pair.row, "firstname")).isEqualTo("Edward");
        assertThat(hubspot.findByEmail("gone@example.org")).isEmpty();
    }

    @Test
    void whatTheAppRefusesGoesToTheDeadLetterQueueWithItsMessageWhileOthersGoOn() {
        String tooLong = "x".repeat(60);
        Pair pair = pair("long@example.org", Map.of("firstname", "Flo", "city", "Bonn"));

        hubspot.update(pair.contact, Map.of("firstname", tooLong, "city", "Berlin"));

        await().atMost(SEEN)
                .until(() -> dynamics.value(pair.row, "address1_city").equals("Berlin"));
        assertThat(dynamics.value(pair.row, "firstname")).isEqualTo("Flo");
        pair("after@example.org", Map.of("firstname", "Gil"));
        assertThat(deadLetters("crm.dlq.dynamics-sink", pair.contact))
                .singleElement()
                .asString()
                .contains("'firstname'")
                .contains("exceeded the maximum allowed length");
        assertThat(connect.states("dynamics-sink")).containsExactly("RUNNING", "RUNNING");
    }

    /** Messages of the records with that key. */
    private static List<String> deadLetters(String topic, String key) {
        List<String> messages = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", sandbox.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> letter : consumer.poll(Duration.ofSeconds(1))) {
                    Header message = letter.headers().lastHeader("__connect.errors.exception.message");
                    if (key.equals(letter.key())) {
                        messages.add(new String(message.value(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return messages;
    }

    @Test
    void validationOfARunningConfigurationFindsNothing() {
        for (JsonNode connector : connect.get("/connectors")) {
            ObjectNode config = connect.config(connector.asText(), Map.of());
            assertThat(connect.errors(config)).as(connector.asText()).isEmpty();
        }
        assertThat(StreamSupport.stream(connect.get("/connectors").spliterator(), false))
                .hasSize(4);
    }
}
