package io.github.crmsync.sandbox.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.ledger.KafkaLedger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.TakenOverException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sinks' ledger on a true broker. */
class LedgerIT {
    private static final TopicPartition FIRST = new TopicPartition("crm.hubspot.contacts", 0);
    private static final TopicPartition SECOND = new TopicPartition("crm.hubspot.contacts", 1);

    @TempDir
    private static Path dir;

    private static ProcessGroup processes;
    private static Map<String, Object> client;

    @BeforeAll
    static void startBroker() throws Exception {
        processes = new ProcessGroup(dir.resolve("logs"), notice -> {});
        KafkaRuntime kafka = new KafkaRuntime(Path.of("target/kafka-lib").toAbsolutePath(), dir, Ports.anyFree(), null);
        kafka.startBroker(processes, Ports.anyFree());
        client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    @AfterAll
    static void stopBroker() {
        processes.close();
    }

    private static KafkaLedger ledger(String topic, int task) {
        return KafkaLedger.connect("contacts", topic, client, "crmsync-sink", String.valueOf(task), (short) 1);
    }

    private static void append(KafkaLedger ledger, TopicPartition partition, String id) {
        ledger.append(Map.of(partition, List.of(LedgerEntry.blank("dynamics", id))));
    }

    private static boolean has(KafkaLedger ledger, String id) {
        ledger.catchUp();
        return ledger.get(new LedgerEntry.Key("dynamics", id)) != null;
    }

    private static void create(String topic, String policy) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.of((short) 1))
                            .configs(Map.of("cleanup.policy", policy))))
                    .all()
                    .get();
        }
    }

    @Test
    void whoeverTakesAPartitionShutsOutItsEarlierHolderAndNobodyElse() {
        try (KafkaLedger old = ledger("fencing", 0);
                KafkaLedger replacement = ledger("fencing", 1)) {
            old.take(FIRST);
            old.take(SECOND);
            append(old, FIRST, "a");

            replacement.take(FIRST);
            append(replacement, FIRST, "b");

            assertThatThrownBy(() -> append(old, FIRST, "late")).isInstanceOf(TakenOverException.class);
            append(old, SECOND, "c");
            assertThat(has(replacement, "a") && has(replacement, "b") && has(replacement, "c"))
                    .isTrue();
            assertThat(has(replacement, "late")).isFalse();

            old.take(FIRST);
            append(old, FIRST, "again");
            assertThat(has(replacement, "again")).isTrue();
        }
    }

    @Test
    void aSyncThatYieldsToAnotherOneKnowsItsLinksAndNothingElse() {
        try (KafkaLedger contacts = ledger("two.syncs", 0);
                KafkaLedger leads = KafkaLedger.connect(
                        "leads", Set.of("contacts"), "two.syncs", client, "crmsync-leads", "0", (short) 1)) {
            LedgerEntry link = LedgerEntry.blank("hubspot", "d1").linked("h1", Map.of());
            contacts.append(List.of(link, LedgerEntry.blank("dynamics", "h2")));
            leads.catchUp();

            assertThat(leads.linkedByAnotherSync("h1")).isTrue();
            assertThat(leads.linkedByAnotherSync("h2")).isFalse();
            assertThat(contacts.linkedByAnotherSync("h1")).isFalse();
            assertThat(leads.get(link.key())).isNull();
            assertThat(leads.touching("h1", "d1")).isEmpty();

            contacts.append(List.of(link.tombstoned("h1", "hubspot")));
            leads.catchUp();

            assertThat(leads.linkedByAnotherSync("h1")).isFalse();
        }
    }

    @Test
    void aTaskOfTheSameNumberIsShutOutAsAWhole() {
        try (KafkaLedger old = ledger("numbers", 0);
                KafkaLedger replacement = ledger("numbers", 0)) {
            replacement.append(List.of(LedgerEntry.blank("dynamics", "a")));

            assertThatThrownBy(() -> old.append(List.of(LedgerEntry.blank("dynamics", "late"))))
                    .isInstanceOf(ConnectException.class);
            assertThat(has(replacement, "late")).isFalse();
        }
    }

    @Test
    void aLedgerThatIsNotCompactedIsRefusedWithTheCommandThatMendsIt() throws Exception {
        create("aging", "compact,delete");

        assertThatThrownBy(() -> ledger("aging", 0))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("aging has cleanup.policy=")
                .hasMessageContaining("--entity-name aging --add-config cleanup.policy=compact");
    }

    @Test
    void topicsOfImagesMustBeCompactedAndNothingElse() throws Exception {
        create("good", "compact");
        create("short.memory", "delete");
        create("old.age", "compact,delete");
        try (KafkaLedger ledger = ledger("policies", 0)) {
            assertThatCode(() -> ledger.requireCompacted(List.of("good"), true)).doesNotThrowAnyException();
            assertThatThrownBy(() -> ledger.requireCompacted(List.of("good", "short.memory"), true))
                    .hasMessageContaining("short.memory")
                    .hasMessageContaining("may have read yet");
            assertThatThrownBy(() -> ledger.requireCompacted(List.of("old.age"), true))
                    .hasMessageContaining("for their age");
        }
    }

    @Test
    void aMissingTopicIsWaitedForWhereSubscribingDoesNotCreateIt() {
        try (KafkaLedger ledger = ledger("patience", 0)) {
            assertThatCode(() -> ledger.requireCompacted(List.of("not.yet"), true))
                    .doesNotThrowAnyException();
        }
    }
}
