package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.Test;

/** A record that the app fails on, now or for ever, and what becomes of the others meanwhile. Time is virtual. */
class PoisonRecordTest {
    private static final TopicPartition PARTITION = new TopicPartition("contacts", 0);
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;

    private final FakeApp dynamics = new FakeApp("dynamics");
    private final CountingLedger ledger = new CountingLedger();
    private final List<String> deadLetters = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final SyncSinkTask task = new Task();
    private long now = 1_000_000;
    private long offset;

    PoisonRecordTest() {
        start(task);
    }

    private void start(SyncSinkTask starting) {
        starting.initialize(new Context());
        starting.start(Map.of("ledger.bootstrap.servers", "localhost:1", "linger.ms", "0", "errors.tolerance", "all"));
        starting.open(List.of(PARTITION));
    }

    /** A ledger that counts entries by record. */
    private static final class CountingLedger implements Ledger {
        private final MemoryLedger entries = new MemoryLedger();
        final Map<String, Integer> appends = new HashMap<>();

        @Override
        public void catchUp() {
            entries.catchUp();
        }

        @Override
        public void append(List<LedgerEntry> added) {
            added.forEach(entry -> appends.merge(entry.sourceId(), 1, Integer::sum));
            entries.append(added);
        }

        @Override
        public Stored get(LedgerEntry.Key key) {
            return entries.get(key);
        }

        @Override
        public Collection<Stored> touching(String hubspotId, String dynamicsId) {
            return entries.touching(hubspotId, dynamicsId);
        }

        @Override
        public Collection<Stored> open() {
            return entries.open();
        }

        @Override
        public void close() {
            // It outlives its tasks.
        }
    }

    private final class Task extends SyncSinkTask {
        @Override
        protected Background background() {
            return Background.atOnce();
        }

        @Override
        protected TargetClient openTarget(Map<String, String> props) {
            return dynamics;
        }

        @Override
        protected Ledger openLedger(SyncSinkConfig settings, String writer, String number) {
            return ledger;
        }

        @Override
        protected long committedBefore(Map<String, String> props) {
            return 0;
        }

        @Override
        protected Report openReport(SyncSinkConfig settings) {
            return new Report() {
                @Override
                public void record(String targetApp, Work work, Outcome outcome, long at) {
                    if (outcome.kind() == Outcome.Kind.FAILED) {
                        failed.add(work.image().id() + ": " + outcome.detail());
                    }
                }

                @Override
                public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long at) {
                    // No preview.
                }

                @Override
                public void flush() {
                    // Kept already.
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            };
        }

        @Override
        protected long now() {
            return now;
        }

        @Override
        protected long elapsed() {
            return now;
        }
    }

    /** An image of a contact with another name. */
    private SinkRecord image(String id, String name, long version) {
        Map<String, Object> value = new HashMap<>(Map.of("email", id + "@example.org", "name", name));
        ConnectHeaders headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, "hubspot");
        SyncHeaders.set(headers, SyncHeaders.OBJECT, "contacts");
        SyncHeaders.set(headers, SyncHeaders.ID, id);
        SyncHeaders.set(headers, SyncHeaders.VERSION, Long.toString(version));
        SyncHeaders.set(headers, SyncHeaders.MODIFIED, "1");
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, Origin.LIVE.text());
        Map<String, Long> fingerprints = new HashMap<>();
        value.forEach((field, content) -> fingerprints.put(field, Fingerprints.of(content)));
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, Fingerprints.pack(fingerprints));
        SyncHeaders.set(headers, SyncHeaders.EMAIL, id + "@example.org");
        SyncHeaders.set(
                headers,
                SyncHeaders.MAPPING,
                MappedField.format(List.of(new MappedField("email", "email"), new MappedField("name", "name"))));
        return new SinkRecord("contacts", 0, null, id, null, value, offset++, 0L, TimestampType.CREATE_TIME, headers);
    }

    /** Contacts of which the one in the middle has another name. */
    private List<SinkRecord> people(int count, String special) {
        List<SinkRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(image("c" + i, i == count / 2 ? special : "Ann", 1));
        }
        return records;
    }

    /** A worker's calls for some time, two a second. */
    private void pass(long ms) {
        for (long until = now + ms; now < until; now += 500) {
            task.put(List.of());
        }
    }

    private long committed() {
        OffsetAndMetadata done = task.preCommit(Map.of()).get(PARTITION);
        return done == null ? -1 : done.offset();
    }

    @Test
    void neighboursInAFailingBatchAreWrittenWithinAMinute() {
        dynamics.poisonedWrites.add("poison");
        task.put(people(100, "poison"));
        pass(MINUTE);
        assertThat(dynamics.ids()).hasSize(99);

        pass(10 * MINUTE);
        assertThat(deadLetters).containsExactly("c50");
        assertThat(failed).containsExactly("c50: HTTP 500");
        assertThat(committed()).isEqualTo(100);
        assertThat(dynamics.writeCalls)
                .as("the batch, its parts in three rounds, and the culprit alone")
                .isLessThan(20);
        assertThat(ledger.open()).isEmpty();
        assertThat(ledger.appends.get("c50")).as("entries of the ledger").isLessThan(40);
        int calls = dynamics.writeCalls;
        pass(60 * MINUTE);
        assertThat(dynamics.writeCalls).as("it rests").isEqualTo(calls);
    }

    @Test
    void aRecordAloneIsGivenUpWithinAQuarterOfAnHour() {
        dynamics.poisonedWrites.add("poison");
        dynamics.tellsWhich = true;
        task.put(people(1, "poison"));
        pass(60 * MINUTE);
        assertThat(deadLetters).containsExactly("c0");
        assertThat(dynamics.writeCalls).isLessThanOrEqualTo(Retries.LONE_TRIES);
        assertThat(ledger.appends.get("c0")).isLessThanOrEqualTo(2 * Retries.LONE_TRIES);
        assertThat(committed()).isEqualTo(1);
    }

    @Test
    void theNextVersionIsTriedAgain() {
        dynamics.poisonedWrites.add("poison");
        task.put(people(10, "poison"));
        pass(10 * MINUTE);
        assertThat(deadLetters).containsExactly("c5");

        task.put(List.of(image("c5", "healed", 2)));
        pass(SECOND);
        assertThat(dynamics.ids()).hasSize(10);

        task.put(List.of(image("c5", "poison", 3)));
        pass(30 * MINUTE);
        assertThat(deadLetters).as("once for each image").containsExactly("c5", "c5");
        int calls = dynamics.writeCalls;
        task.put(List.of(image("c5", "poison", 3)));
        pass(30 * MINUTE);
        assertThat(dynamics.writeCalls - calls)
                .as("a version that was given up")
                .isEqualTo(1);
    }

    @Test
    void aRecordThatCannotBeReadHoldsUpNobody() {
        task.put(people(50, "poison"));
        dynamics.poisonedReads.add("poison");
        List<SinkRecord> edits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            edits.add(image("c" + i, "Bea", 2));
        }
        task.put(edits);
        pass(MINUTE);
        assertThat(dynamics.ids().stream().filter(id -> "Bea".equals(dynamics.value(id, "name"))))
                .hasSize(49);
        pass(30 * MINUTE);
        assertThat(deadLetters).containsExactly("c25");
        assertThat(committed()).isEqualTo(100);
    }

    @Test
    void anAppThatFailsOnEverythingIsNotAskedWithoutEnd() {
        dynamics.down = true;
        task.put(people(200, "Ann"));
        pass(5 * MINUTE);
        assertThat(deadLetters).isEmpty();
        assertThat(dynamics.readCalls + dynamics.writeCalls).isLessThan(300);

        dynamics.down = false;
        pass(3 * MINUTE);
        assertThat(dynamics.ids()).hasSize(200);
        assertThat(deadLetters).isEmpty();
        assertThat(ledger.open()).isEmpty();
    }

    @Test
    void aConflictWithARecordThatIsNotThereEnds() {
        dynamics.conflictWith = "nowhere";
        task.put(people(1, "Ann"));
        pass(30 * MINUTE);
        assertThat(deadLetters).containsExactly("c0");
        assertThat(failed).containsExactly("c0: it exists");
        assertThat(dynamics.writeCalls).isLessThanOrEqualTo(2 * Retries.LONE_TRIES);
    }

    @Test
    void openIntentsOfARecordThatCannotBeReadKeepNoneOpen() {
        task.put(people(20, "poison"));
        List<SinkRecord> edits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            edits.add(image("c" + i, "Bea", 2));
        }
        dynamics.poisonedWrites.add("Bea");
        task.put(edits);
        assertThat(ledger.open()).hasSize(20);

        dynamics.poisonedWrites.clear();
        dynamics.poisonedReads.add("poison");
        SyncSinkTask next = new Task();
        start(next);
        edits.forEach(edit -> next.put(List.of(edit)));
        for (int i = 0; i < 7_200; i++) {
            now += 500;
            next.put(List.of());
        }
        assertThat(ledger.open()).isEmpty();
        assertThat(deadLetters).containsExactly("c10");
        assertThat(dynamics.ids().stream().filter(id -> "Bea".equals(dynamics.value(id, "name"))))
                .hasSize(19);
    }

    private final class Context implements SinkTaskContext {
        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void offset(TopicPartition tp, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void timeout(long timeoutMs) {
            // The test calls put itself.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return Set.of(PARTITION);
        }

        @Override
        public void pause(TopicPartition... partitions) {
            // A handful of records.
        }

        @Override
        public void resume(TopicPartition... partitions) {
            // A handful of records.
        }

        @Override
        public void requestCommit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return (record, error) -> {
                deadLetters.add((String) record.key());
                return null;
            };
        }
    }
}
