package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.run.Crms;
import io.github.crmsync.sandbox.run.Lab;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Some contacts are refused for ever, as their app answers for one record: with 500 (in HubSpot the whole batch), with 403,
 * and by a plug-in with 404. Beside it, in the same worker and for the same time, a sync of the same people that nobody
 * refuses: both sources ask as often, so that the calls can be compared.
 */
@Tag("deep")
class PoisonIT {
    private static final int CONTACTS = 3_000;
    private static final int LAG_MS = 1_000;
    private static final String POLL_MS = "2000";
    /** Pauses are shorter than by default, tries as many. */
    private static final String BACKOFF_MS = "100";

    private static final Duration QUIET = Duration.ofSeconds(4);
    /** A failure's bound only. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final String MESSAGE = "Nobody is to write ";

    private Lab lab;
    private Crms clean;
    private Crms poisoned;

    @AfterEach
    void stop() {
        for (AutoCloseable open : new AutoCloseable[] {lab, clean, poisoned}) {
            try {
                if (open != null) {
                    open.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** People that one app alone has, and that it is to refuse nothing about. */
    private static List<String> only(Map<String, String> here, Map<String, Map<String, String>> there) {
        return here.keySet().stream()
                .filter(email -> email.matches("[a-z0-9.]+@example[.][a-z]+") && !there.containsKey(email))
                .toList();
    }

    private static String message(String email, int status) {
        return MESSAGE + email.hashCode() + " (" + status + ")";
    }

    private void refuseInHubSpot(String email, Map<String, Object> how, int status) {
        Map<String, Object> poison = new HashMap<>(how);
        poison.putAll(Map.of("property", "email", "value", email, "status", status, "message", message(email, status)));
        fault(poisoned.hubspotFacts().path("url").asText(), Map.of("poison", poison));
    }

    private void refuseInDynamics(String email, int status) {
        Map<String, Object> refusal = Map.of(
                "table",
                "contact",
                "column",
                "emailaddress1",
                "value",
                email,
                "status",
                status,
                "code",
                "0x80040265",
                "message",
                message(email, status));
        fault(poisoned.dynamicsFacts().path("url").asText(), Map.of("refusal", refusal));
    }

    private static void fault(String url, Map<String, Object> rule) {
        Web.send("POST", url + "/_sandbox/faults", Map.of(), rule).ok();
    }

    @Test
    void recordsThatAreRefusedForEverHoldUpNobodyAndCostNextToNothing() throws Exception {
        lab = Lab.start("poison");
        clean = Crms.open(CONTACTS, 1, 0, LAG_MS);
        poisoned = Crms.open(CONTACTS, 1, 0, LAG_MS);
        Crms.View before = poisoned.view(Set.of());
        List<String> intoHubSpot = only(before.dynamicsIds(), before.hubspot());
        List<String> intoDynamics = only(before.hubspotIds(), before.dynamics());
        Map<String, String> hubspotLetters = new LinkedHashMap<>();
        Map<String, String> dynamicsLetters = new LinkedHashMap<>();
        refuseInHubSpot(intoHubSpot.get(0), Map.of(), 500);
        hubspotLetters.put(before.dynamicsIds().get(intoHubSpot.get(0)), message(intoHubSpot.get(0), 500));
        refuseInHubSpot(intoHubSpot.get(1), Map.of("category", "FORBIDDEN"), 403);
        hubspotLetters.put(before.dynamicsIds().get(intoHubSpot.get(1)), message(intoHubSpot.get(1), 403));
        int next = 0;
        for (int status : new int[] {500, 403, 404}) {
            String email = intoDynamics.get(next++);
            refuseInDynamics(email, status);
            dynamicsLetters.put(before.hubspotIds().get(email), message(email, status));
        }
        Set<String> refused = new HashSet<>(intoHubSpot.subList(0, 2));
        refused.addAll(intoDynamics.subList(0, next));

        Lab.Worker worker = lab.worker("worker", Map.of()).start();
        Map<String, String> settings = Map.of("poll.interval.ms", POLL_MS, "retry.backoff.ms", BACKOFF_MS);
        Map<String, ObjectNode> connectors =
                new LinkedHashMap<>(clean.connectors("clean", lab.bootstrapServers(), settings));
        connectors.putAll(poisoned.connectors("poisoned", lab.bootstrapServers(), settings));
        lab.put(worker, connectors);

        try (KafkaConsumer<String, String> letters = new KafkaConsumer<>(
                Map.of("bootstrap.servers", lab.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        assertLetters(letters, "poisoned.crm.dlq.hubspot-sink", hubspotLetters);
                        assertLetters(letters, "poisoned.crm.dlq.dynamics-sink", dynamicsLetters);
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(lab.state(), e);
        }
        new Healing(lab, clean, new Users(clean)).awaitImport(QUIET);
        new Healing(lab, poisoned, new Users(poisoned)).awaitQuiet(QUIET);

        Map<String, Long> usual = clean.contactCalls();
        Map<String, Long> more = poisoned.contactCalls();
        assertThat(poisoned.view(refused).differences()).isEmpty();
        assertThat(clean.view(Set.of()).differences()).isEmpty();
        Crms.View after = poisoned.view(Set.of());
        assertThat(after.hubspot().keySet()).doesNotContainAnyElementsOf(intoHubSpot.subList(0, 2));
        assertThat(after.dynamics().keySet()).doesNotContainAnyElementsOf(intoDynamics.subList(0, next));
        new Connect(worker.url()).requireRunning();
        assertThat(total(more)).as(more + " instead of " + usual).isLessThanOrEqualTo(total(usual) * 110 / 100);
    }

    private static long total(Map<String, Long> calls) {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }

    /** These keys are in the dead letter queue, each once with a header that holds the message; beside texts that are too long. */
    private static void assertLetters(
            KafkaConsumer<String, String> consumer, String topic, Map<String, String> messages) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Map<String, String> found = new HashMap<>();
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<String, String> letter : consumer.poll(Duration.ofSeconds(1))) {
                byte[] message = letter.headers()
                        .lastHeader("__connect.errors.exception.message")
                        .value();
                found.merge(letter.key(), new String(message, StandardCharsets.UTF_8), (one, two) -> one + two);
            }
        }
        assertThat(found.keySet()).containsAll(messages.keySet());
        messages.forEach((key, message) -> assertThat(found.get(key)).containsOnlyOnce(message));
    }
}
