package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.Note;
import io.github.crmsync.core.ledger.TopicInfo;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.Test;

class SyncSinkTaskTest {
    private static final TopicPartition PARTITION = new TopicPartition("contacts", 0);

    private final FakeApp dynamics = new FakeApp("dynamics");
    private final MemoryLedger entries = new MemoryLedger();
    private final List<Object> deadLetters = new ArrayList<>();
    private Set<TopicPartition> assignment = Set.of(PARTITION);
    private final Set<TopicPartition> paused = new HashSet<>();
    private int failingAppends;
    private int madeAgain;
    /** Null for the machine's own clock. */
    private Long elapsed;

    private int partitions = TopicInfo.UNKNOWN;

    private final Ledger ledger = new Ledger() {
        @Override
        public void catchUp() {
            entries.catchUp();
        }

        @Override
        public void append(List<LedgerEntry> added) {
            if (added.get(0).sourceId().startsWith("first-import") && failingAppends > 0) {
                failingAppends--;
                throw new RetriableException("the brokers do not answer");
            }
            entries.append(added);
        }

        @Override
        public Stored get(LedgerEntry.Key key) {
            return entries.get(key);
        }

        @Override
        public java.util.Collection<Stored> touching(String hubspotId, String dynamicsId) {
            return entries.touching(hubspotId, dynamicsId);
        }

        @Override
        public java.util.Collection<Stored> open() {
            return entries.open();
        }

        @Override
        public java.util.Collection<StoredNote> notes() {
            return entries.notes();
        }

        @Override
        public void note(List<Note> notes) {
            entries.note(notes);
        }

        @Override
        public Optional<TopicInfo> topic(String name) {
            return Optional.of(new TopicInfo(name + madeAgain, partitions));
        }

        @Override
        public void close() {
            entries.close();
        }
    };

    private Background background = Background.atOnce();
    private final List<String> decisions = new ArrayList<>();
    private final Map<Outcome.Kind, Long> plan = new HashMap<>();
    private long committedBefore;

    private final class Task extends SyncSinkTask {
        @Override
        protected Background background() {
            return background;
        }

        @Override
        protected TargetClient openTarget(Map<String, String> props) {
            return dynamics;
        }

        @Override
        protected Ledger openLedger(SyncSinkConfig settings, String writer, String task) {
            return ledger;
        }

        @Override
        protected long elapsed() {
            return elapsed == null ? super.elapsed() : elapsed;
        }

        @Override
        protected long committedBefore(Map<String, String> props) {
            return committedBefore;
        }

        @Override
        protected Report openReport(SyncSinkConfig settings) {
            return new Report() {
                @Override
                public void record(String targetApp, Work work, Outcome outcome, long now) {
                    decisions.add(work.image().id() + " " + outcome.kind());
                }

                @Override
                public void plan(String targetApp, Map<Outcome.Kind, Long> counts, long now) {
                    plan.putAll(counts);
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
    }

    private SyncSinkTask task(Map<String, String> more) {
        Map<String, String> props = new HashMap<>(Map.of(
                "ledger.bootstrap.servers", "localhost:1",
                "linger.ms", "0",
                "retry.backoff.ms", "10"));
        props.putAll(more);
        SyncSinkTask task = new Task();
        task.initialize(new Context());
        task.start(props);
        task.open(List.of(PARTITION));
        return task;
    }

    private static SinkRecord record(long offset, String id, String name) {
        Map<String, Object> value = new HashMap<>(Map.of("email", id + "@example.org", "name", name));
        ConnectHeaders headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, "hubspot");
        SyncHeaders.set(headers, SyncHeaders.OBJECT, "contacts");
        SyncHeaders.set(headers, SyncHeaders.ID, id);
        SyncHeaders.set(headers, SyncHeaders.VERSION, "1");
        SyncHeaders.set(headers, SyncHeaders.MODIFIED, "1");
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, Origin.SNAPSHOT.text());
        Map<String, Long> fingerprints = new HashMap<>();
        value.forEach((field, content) -> fingerprints.put(field, Fingerprints.of(content)));
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, Fingerprints.pack(fingerprints));
        SyncHeaders.set(headers, SyncHeaders.EMAIL, id + "@example.org");
        SyncHeaders.set(
                headers,
                SyncHeaders.MAPPING,
                MappedField.format(List.of(new MappedField("email", "email"), new MappedField("name", "name"))));
        return new SinkRecord("contacts", 0, null, id, null, value, offset, 0L, TimestampType.CREATE_TIME, headers);
    }

    private static SinkRecord unreadable(long offset) {
        return new SinkRecord("contacts", 0, null, "x", null, "a text", offset);
    }

    private static SinkRecord mark(long offset) {
        return mark(offset, 1);
    }

    private static SinkRecord mark(long offset, int partitions) {
        ConnectHeaders headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, "hubspot");
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, Origin.SNAPSHOT_END.text());
        SyncHeaders.set(headers, SyncHeaders.PARTITIONS, Integer.toString(partitions));
        return new SinkRecord("contacts", 0, null, "end", null, null, offset, 0L, TimestampType.CREATE_TIME, headers);
    }

    private static long committed(SyncSinkTask task) {
        OffsetAndMetadata offset = task.preCommit(Map.of()).get(PARTITION);
        return offset == null ? -1 : offset.offset();
    }

    @Test
    void aRefusedRecordGoesToTheDeadLetterQueueAndTheOthersGoOn() {
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));

        task.put(List.of(record(0, "a", "Ann"), record(1, "b", "refused"), unreadable(2), record(3, "d", "Di")));

        assertThat(deadLetters).containsExactlyInAnyOrder("b", "x");
        assertThat(dynamics.ids()).hasSize(2);
        assertThat(committed(task)).isEqualTo(4);
    }

    private static SinkRecord swept(long offset, String id, String version) {
        SinkRecord record = record(offset, id, "Ann");
        SyncHeaders.set(record.headers(), SyncHeaders.ORIGIN, Origin.SWEEP.text());
        SyncHeaders.set(record.headers(), SyncHeaders.VERSION, version);
        return record;
    }

    @Test
    void whatASweepDecidesAsBeforeIsReportedOnce() {
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        SinkRecord excluded = record(1, "b", "Bo");
        SyncHeaders.set(excluded.headers(), SyncHeaders.EXCLUDED, "filter");
        dynamics.add(Map.of("email", "c@example.org", "name", "Cy"));
        SinkRecord twin = record(3, "d", "Di");
        SyncHeaders.set(twin.headers(), SyncHeaders.EMAIL, "c@example.org");
        task.put(List.of(record(0, "a", "Ann"), excluded, record(2, "c", "Cy")));
        task.put(List.of(twin));
        decisions.clear();

        for (int sweep = 1; sweep <= 3; sweep++) {
            SinkRecord stillOut = swept(10 * sweep + 1, "b", "1");
            SyncHeaders.set(stillOut.headers(), SyncHeaders.EXCLUDED, "filter");
            SinkRecord stillTwin = swept(10 * sweep + 2, "d", "1");
            SyncHeaders.set(stillTwin.headers(), SyncHeaders.EMAIL, "c@example.org");
            task.put(List.of(swept(10 * sweep, "a", "1"), stillOut, stillTwin));
        }
        assertThat(decisions).containsExactly("a UNCHANGED");

        decisions.clear();
        SinkRecord edited = swept(50, "b", "2");
        SyncHeaders.set(edited.headers(), SyncHeaders.EXCLUDED, "filter");
        SinkRecord otherwise = swept(51, "b", "2");
        SyncHeaders.set(otherwise.headers(), SyncHeaders.EXCLUDED, "list");
        task.put(List.of(edited));
        task.put(List.of(otherwise));
        assertThat(decisions).containsExactly("b EXCLUDED", "b EXCLUDED");
        assertThat(committed(task)).isEqualTo(52);
    }

    @Test
    void aRecordWithARefusedFieldIsInTheDeadLetterQueueOnce() {
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));

        task.put(List.of(record(0, "a", "too long")));
        task.put(List.of(record(1, "a", "too long")));

        assertThat(deadLetters).containsExactly("a");
        assertThat(dynamics.ids()).hasSize(1);
        assertThat(committed(task)).isEqualTo(2);
    }

    @Test
    void withoutToleranceTheTaskFailsAndComesBackToTheRecordThatTheAppRefused() {
        SyncSinkTask task = task(Map.of());

        assertThatThrownBy(
                        () -> task.put(List.of(record(0, "a", "Ann"), record(1, "b", "refused"), record(2, "c", "Cy"))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("name is not acceptable");

        assertThat(committed(task)).isEqualTo(1);
    }

    @Test
    void withoutToleranceTheTaskComesBackToTheRecordOfWhichAFieldWasRefused() {
        SyncSinkTask task = task(Map.of());

        assertThatThrownBy(() -> task.put(List.of(record(0, "a", "too long"), record(1, "b", "Bo"))))
                .isInstanceOf(ConnectException.class);

        assertThat(committed(task)).isZero();
    }

    @Test
    void withoutToleranceTheTaskComesBackToTheRecordThatItCannotRead() {
        SyncSinkTask task = task(Map.of());

        assertThatThrownBy(() -> task.put(List.of(record(0, "a", "Ann"), unreadable(1), record(2, "c", "Cy"))))
                .isInstanceOf(ConnectException.class);

        assertThat(committed(task)).isEqualTo(1);
    }

    @Test
    void anOldImageInScopeThatWasReplacedByOneOutOfScopeCreatesNothingWhenItIsReplayed() {
        SinkRecord inScope = record(0, "a", "Ann");
        SinkRecord out = record(1, "a", "Ann");
        SyncHeaders.set(out.headers(), SyncHeaders.EXCLUDED, "filter");
        task(Map.of()).put(List.of(inScope, out));

        task(Map.of()).put(List.of(inScope));

        assertThat(dynamics.ids()).isEmpty();
        task(Map.of()).put(List.of(record(2, "a", "Ann")));
        assertThat(dynamics.ids()).as("a newer image in scope does").hasSize(1);
    }

    @Test
    void anOldImageWithAnAddressThatWasReplacedByOneWithoutCreatesNothingWhenItIsReplayed() {
        SinkRecord before = record(0, "a", "Ann");
        SinkRecord emptied = record(1, "a", "Ann");
        SyncHeaders.set(emptied.headers(), SyncHeaders.EMAIL, null);
        task(Map.of()).put(List.of(before, emptied));

        task(Map.of()).put(List.of(before));

        assertThat(dynamics.ids()).isEmpty();
    }

    @Test
    void anImageThatWasReplacedIsNotCommittedBeforeTheNewerOneIsHandled() {
        SyncSinkTask task = task(Map.of("wait.for.first.import", "true"));

        task.put(List.of(record(0, "a", "Ann"), record(1, "b", "Bo")));
        task.put(List.of(record(2, "a", "Anna")));

        assertThat(committed(task))
                .as("a task that starts anew has to know that an image of the record was left out")
                .isZero();
        entries.append(List.of(LedgerEntry.blank("hubspot", "first-import")));
        task.put(List.of());
        assertThat(committed(task)).isEqualTo(3);
    }

    @Test
    void theEndOfTheFirstImportIsWrittenEvenIfTheLedgerFailsOnce() {
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        failingAppends = 1;

        task.put(List.of(record(0, "a", "Ann"), mark(1)));
        assertThat(committed(task)).isEqualTo(1);
        org.awaitility.Awaitility.await().until(() -> {
            task.put(List.of());
            return ledger.get(new LedgerEntry.Key("dynamics", "first-import")) != null;
        });

        assertThat(committed(task)).isEqualTo(2);
    }

    @Test
    void theFirstImportEndsWhateverTasksComeAndGo() {
        TopicPartition other = new TopicPartition("contacts", 1);
        assignment = Set.of(other);
        SyncSinkTask survivor = task(Map.of("errors.tolerance", "all"));
        survivor.put(List.of(in(1, mark(3, 2))));
        assertThat(imported()).isFalse();

        assignment = Set.of(PARTITION, other);
        survivor.open(List.of(PARTITION));
        survivor.put(List.of(record(0, "a", "Ann"), mark(1, 2)));

        assertThat(imported()).isTrue();
    }

    @Test
    void aMarkIsNotCommittedBeforeThePartitionIsKnownToBeImported() {
        SyncSinkTask task = task(Map.of("errors.tolerance", "all", "wait.for.first.import", "true"));

        task.put(List.of(record(0, "a", "Ann"), mark(1), record(2, "b", "Bo")));

        assertThat(committed(task)).isZero();
        entries.append(List.of(LedgerEntry.blank("hubspot", "first-import")));
        task.put(List.of());
        assertThat(committed(task)).isEqualTo(3);
        assertThat(imported()).isTrue();
    }

    @Test
    void aTopicWithMorePartitionsThanTheSourceMarksIsImportedOnceItIsQuiet() {
        TopicPartition unmarked = new TopicPartition("contacts", 1);
        assignment = Set.of(PARTITION, unmarked);
        partitions = 2;
        elapsed = 0L;
        entries.append(List.of(LedgerEntry.blank("hubspot", "first-import-awaited")));
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        task.open(List.of(unmarked));

        task.put(List.of(mark(0, 1), in(1, record(0, "a", "Ann"))));
        assertThat(imported()).isFalse();
        elapsed = FirstImport.QUIET_MS;
        task.put(List.of());

        assertThat(imported()).isTrue();
    }

    @Test
    void aSinkThatStartsAfterTheMarksAreGoneDoesNotHoldTheOtherOneForEver() {
        elapsed = 0L;
        entries.append(List.of(LedgerEntry.blank("hubspot", "first-import-awaited")));
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        SinkRecord later = record(5, "a", "Ann");
        SyncHeaders.set(later.headers(), SyncHeaders.ORIGIN, Origin.LIVE.text());

        task.put(List.of(later));
        elapsed = FirstImport.QUIET_MS;
        task.put(List.of());

        assertThat(imported()).isTrue();
    }

    @Test
    void aQuietTopicIsNotTakenForImportedWhileTheSnapshotGoesOn() {
        elapsed = 0L;
        entries.append(List.of(LedgerEntry.blank("hubspot", "first-import-awaited")));
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));

        task.put(List.of(record(5, "a", "Ann")));
        elapsed = 10 * FirstImport.QUIET_MS;
        task.put(List.of());

        assertThat(imported()).isFalse();
    }

    @Test
    void aSinkThatWaitsSaysSoInTheLedger() {
        task(Map.of("wait.for.first.import", "true")).put(List.of());

        assertThat(ledger.get(new LedgerEntry.Key("dynamics", "first-import-awaited")))
                .isNotNull();
    }

    private boolean imported() {
        return ledger.get(new LedgerEntry.Key("dynamics", "first-import")) != null;
    }

    @Test
    void aOneWaySyncOverPartitionsThatTheSourceDoesNotMarkGoesOn() {
        assignment = Set.of(PARTITION, new TopicPartition("contacts", 1));
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));

        task.put(List.of(record(0, "a", "Ann"), mark(1), record(2, "b", "Bo")));

        assertThat(committed(task)).isEqualTo(3);
    }

    @Test
    void aTaskThatFindsTheMarkOfOnePartitionOnlyCommitsPastIt() {
        assignment = Set.of(PARTITION, new TopicPartition("contacts", 1));
        entries.append(List.of(
                LedgerEntry.blank("dynamics", "first-import-0"), LedgerEntry.blank("dynamics", "first-import-1")));
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));

        task.put(List.of(mark(7, 2), record(8, "a", "Ann")));
        task.put(List.of());

        assertThat(committed(task)).isEqualTo(9);
    }

    @Test
    void eachPartitionIsRecordedByItself() {
        assignment = Set.of(PARTITION, new TopicPartition("contacts", 1));
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));

        task.put(List.of(mark(7, 2), record(8, "a", "Ann")));
        task.put(List.of());

        assertThat(committed(task)).isEqualTo(9);
        assertThat(ledger.get(new LedgerEntry.Key("dynamics", "first-import-0")))
                .isNotNull();
        assertThat(imported()).isFalse();
    }

    @Test
    void aSinkThatIsFullPausesPartitionsThatComeInARebalanceToo() {
        SyncSinkTask task = task(Map.of("max.waiting.records", "1", "wait.for.first.import", "true"));
        task.put(List.of(record(0, "a", "Ann"), record(1, "b", "Bo")));
        assertThat(paused).contains(PARTITION);
        assertThat(dynamics.ids()).isEmpty();

        TopicPartition more = new TopicPartition("contacts", 1);
        assignment = Set.of(PARTITION, more);
        task.open(List.of(more));
        task.put(List.of());

        assertThat(paused).contains(more);
    }

    /** A cooperative assignor tells a task only of what it gains, and resumes nothing. */
    @Test
    void partitionsThatATaskKeepsGoOnAfterARebalance() {
        SyncSinkTask task = task(Map.of("max.waiting.records", "1", "wait.for.first.import", "true"));
        task.put(List.of(record(0, "a", "Ann"), record(1, "b", "Bo")));
        TopicPartition more = new TopicPartition("contacts", 1);
        assignment = Set.of(PARTITION, more);
        task.open(List.of(more));

        entries.append(List.of(LedgerEntry.blank("hubspot", "first-import")));
        task.put(List.of());

        assertThat(dynamics.ids()).hasSize(2);
        assertThat(paused).isEmpty();
    }

    @Test
    void anImageThatWaitsIsNotCommittedWhenTheNextOneComesInAnotherPartition() {
        TopicPartition more = new TopicPartition("contacts", 1);
        assignment = Set.of(PARTITION, more);
        SyncSinkTask task = task(Map.of("wait.for.first.import", "true"));
        task.open(List.of(more));

        task.put(List.of(record(7, "a", "Ann"), record(8, "b", "Bo")));
        task.put(List.of(in(1, record(0, "a", "Anna"))));

        assertThat(task.preCommit(Map.of()))
                .containsEntry(PARTITION, new OffsetAndMetadata(7))
                .containsEntry(more, new OffsetAndMetadata(0));
        entries.append(List.of(LedgerEntry.blank("hubspot", "first-import")));
        task.put(List.of());
        assertThat(task.preCommit(Map.of()))
                .containsEntry(PARTITION, new OffsetAndMetadata(9))
                .containsEntry(more, new OffsetAndMetadata(1));
    }

    @Test
    void offsetsOfATopicThatIsMadeAgainUnderARunningTaskStartAgain() {
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        task.put(List.of(record(40, "a", "Ann")));

        madeAgain++;
        task.put(List.of(record(0, "b", "Bo")));

        assertThat(committed(task)).isEqualTo(1);
    }

    @Test
    void anEditInATopicThatWasMadeAgainIsWritten() {
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        task.put(List.of(record(40, "a", "Ann")));

        madeAgain++;
        SinkRecord edited = record(0, "a", "Anna");
        task(Map.of("errors.tolerance", "all")).put(List.of(edited));

        assertThat(dynamics.value(dynamics.ids().iterator().next(), "name"))
                .as("of one version, but lower in another log")
                .isEqualTo("Anna");
    }

    @Test
    void aRecordThatWasKeptOutInATopicThatIsGoneComesInByTheNextOne() {
        SinkRecord out = timed(record(40, "a", "Ann"), 1_000);
        SyncHeaders.set(out.headers(), SyncHeaders.EXCLUDED, "filter");
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        task.put(List.of(timed(record(39, "a", "Ann"), 900), out));

        madeAgain++;
        task(Map.of("errors.tolerance", "all")).put(List.of(timed(record(0, "a", "Ann"), 2_000)));

        assertThat(dynamics.ids()).hasSize(1);
    }

    @Test
    void aDeletedRecordInAPartitionThatItHasLeftIsNotCreated() {
        TopicPartition more = new TopicPartition("contacts", 1);
        assignment = Set.of(PARTITION, more);
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        task.open(List.of(more));

        task.put(List.of(in(1, timed(deleted(0, "a"), 2_000))));
        task.put(List.of(timed(record(7, "a", "Ann"), 1_000)));

        assertThat(dynamics.ids()).isEmpty();
        task.put(List.of(in(1, timed(record(1, "a", "Ann"), 3_000))));
        assertThat(dynamics.ids()).as("restored").hasSize(1);
    }

    @Test
    void anIntentOfAPartitionThatIsNoMoreIsClosed() {
        Intent intent = new Intent(
                Intent.Kind.CREATE, "an intent", Map.of(), 1, 0, "contacts", 5, 3, null, "an earlier log", 0);
        entries.append(List.of(LedgerEntry.blank("dynamics", "z").withIntent(null, intent)));
        partitions = 1;
        elapsed = 0L;
        SyncSinkTask task = task(Map.of());
        task.put(List.of());
        assertThat(entries.open()).as("its requests may be under way").hasSize(1);

        elapsed = 1_000_000L;
        task.put(List.of());

        assertThat(entries.open()).isEmpty();
    }

    @Test
    void anIntentOfAnotherTasksPartitionIsLeftToIt() {
        Intent intent = new Intent(
                Intent.Kind.CREATE, "an intent", Map.of(), 1, 0, "contacts", 5, 3, null, "an earlier log", 0);
        entries.append(List.of(LedgerEntry.blank("dynamics", "a").withIntent(null, intent)));
        partitions = 6;
        elapsed = 0L;
        SyncSinkTask task = task(Map.of());

        task.put(List.of(record(0, "a", "Ann")));
        elapsed = 1_000_000L;
        task.put(List.of());

        assertThat(entries.open()).hasSize(1);
        assertThat(dynamics.ids()).isEmpty();
        assertThat(committed(task)).isZero();
    }

    private static SinkRecord deleted(long offset, String id) {
        SinkRecord record = record(offset, id, "x");
        SyncHeaders.set(record.headers(), SyncHeaders.VERSION, null);
        return new SinkRecord(
                "contacts", 0, null, id, null, null, offset, 0L, TimestampType.CREATE_TIME, record.headers());
    }

    private static SinkRecord timed(SinkRecord record, long time) {
        return new SinkRecord(
                record.topic(),
                record.kafkaPartition(),
                null,
                record.key(),
                null,
                record.value(),
                record.kafkaOffset(),
                time,
                TimestampType.CREATE_TIME,
                record.headers());
    }

    private static SinkRecord in(int partition, SinkRecord record) {
        return new SinkRecord(
                record.topic(),
                partition,
                null,
                record.key(),
                null,
                record.value(),
                record.kafkaOffset(),
                record.timestamp(),
                TimestampType.CREATE_TIME,
                record.headers());
    }

    @Test
    void aPreviewDecidesEverythingAndWritesNothing() {
        String known = dynamics.add(Map.of("email", "a@example.org", "name", "Old"));
        SyncSinkTask task = task(Map.of("sync.mode", "preview", "errors.tolerance", "all"));

        task.put(List.of(record(0, "a", "Ann"), record(1, "b", "Bo")));

        assertThat(decisions).containsExactlyInAnyOrder("a UPDATED", "b CREATED");
        assertThat(dynamics.writes).isZero();
        assertThat(dynamics.ids()).containsExactly(known);
        assertThat(ledger.get(new LedgerEntry.Key("dynamics", "a"))).isNull();
        assertThat(task.preCommit(Map.of()))
                .as("going live starts from the beginning")
                .isEmpty();
        assertThat(plan).containsEntry(Outcome.Kind.CREATED, 1L).containsEntry(Outcome.Kind.UPDATED, 1L);
    }

    /** Sources often send an image twice in a row, so that one replaces the other before either was handled. */
    @Test
    void aRecordThatWaitsIsReportedOnceWithWhatWasWrittenOfIt() {
        String known = dynamics.add(Map.of("email", "a@example.org", "name", "Old"));
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        MergePolicy dynamicsWins = new MergePolicy("dynamics", true, Map.of(), Set.of());
        List<SinkRecord> twice = List.of(record(0, "a", "Ann"), record(1, "a", "Ann"));
        for (SinkRecord record : twice) {
            SyncHeaders.set(record.headers(), SyncHeaders.MERGE, dynamicsWins.format());
            SyncHeaders.set(record.headers(), SyncHeaders.MAPPING, "email>email,name>name,city>city");
            @SuppressWarnings("unchecked")
            Map<String, Object> value = (Map<String, Object>) record.value();
            value.put("city", "Oslo");
        }

        task.put(twice);
        task.put(List.of());

        assertThat(dynamics.value(known, "city")).isEqualTo("Oslo");
        assertThat(decisions).containsExactly("a PARKED_CONFLICT");
    }

    @Test
    void aConflictThatIsGivenUpIsReportedAsUnsettledAndCommitted() {
        String known = dynamics.add(Map.of("email", "a@example.org", "name", "Old"));
        SyncSinkTask task = task(Map.of("errors.tolerance", "all", "park.limit.ms", "0"));
        SinkRecord loser = record(0, "a", "Ann");
        SyncHeaders.set(
                loser.headers(), SyncHeaders.MERGE, new MergePolicy("dynamics", true, Map.of(), Set.of()).format());

        task.put(List.of(loser));

        assertThat(decisions).containsExactly("a PARKED_CONFLICT", "a UNSETTLED");
        assertThat(dynamics.value(known, "name")).isEqualTo("Old");
        assertThat(committed(task)).isEqualTo(1);
    }

    @Test
    void theTaskStopsBeforeItCreatesMoreThanItsCap() {
        SyncSinkTask task = task(Map.of("max.creates.per.day", "2", "errors.tolerance", "all"));
        task.put(List.of(record(0, "a", "Ann"), record(1, "b", "Bo")));

        assertThatThrownBy(() -> task.put(List.of(record(2, "c", "Cy"))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("max.creates.per.day");

        assertThat(dynamics.ids()).hasSize(2);
        SyncSinkTask restarted = task(Map.of("max.creates.per.day", "2", "errors.tolerance", "all"));
        assertThatThrownBy(() -> restarted.put(List.of(record(2, "c", "Cy"))))
                .as("a restart forgets nothing")
                .isInstanceOf(ConnectException.class);
        assertThat(dynamics.ids()).hasSize(2);
    }

    @Test
    void aCapCountsWhatWasCreatedBeforeItWasSet() {
        SyncSinkTask free = task(Map.of("errors.tolerance", "all"));
        free.put(List.of(record(0, "a", "Ann"), record(1, "b", "Bea")));
        SyncSinkTask capped = task(Map.of("max.creates.per.day", "2", "errors.tolerance", "all"));
        assertThatThrownBy(() -> capped.put(List.of(record(2, "c", "Cy")))).isInstanceOf(ConnectException.class);
        assertThat(dynamics.ids()).hasSize(2);
    }

    @Test
    void anEmptyLedgerUnderCommittedOffsetsIsRefusedWithTheWayOut() {
        committedBefore = 12;

        assertThatThrownBy(() -> task(Map.of("name", "dynamics-sink")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("crm.sync.ledger")
                .hasMessageContaining("DELETE /connectors/dynamics-sink/offsets");
    }

    @Test
    void aLedgerThatKnowsTheSinkIsTakenUpAgain() {
        task(Map.of("name", "dynamics-sink"));
        committedBefore = 12;

        task(Map.of("name", "dynamics-sink"));
    }

    /** Connect's own limit for a task to stop is 5 s; a machine that is busy gets some of that. */
    private static void assertSoon(Runnable call) {
        assertTimeoutPreemptively(Duration.ofSeconds(4), call::run);
    }

    /** A task whose first creation has no answer yet. */
    private SyncSinkTask busy(CountDownLatch answer) {
        CountDownLatch asked = new CountDownLatch(1);
        dynamics.beforeCreation = () -> {
            asked.countDown();
            // Interrupts do not reach a socket either.
            awaitUninterruptibly(answer);
        };
        background = Background.thread("rounds");
        SyncSinkTask task = task(Map.of("errors.tolerance", "all"));
        task.put(List.of(record(0, "a", "Ann")));
        awaitUninterruptibly(asked);
        return task;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
                return;
            } catch (InterruptedException e) {
                // Go on.
            }
        }
    }

    @Test
    void aSlowAppHoldsUpNoCallOfConnectAndNothingIsCommittedEarly() {
        CountDownLatch answer = new CountDownLatch(1);
        SyncSinkTask task = busy(answer);

        assertSoon(() -> task.put(List.of(record(1, "b", "Bea"))));
        assertThat(committed(task)).isLessThanOrEqualTo(0);

        answer.countDown();
        await().untilAsserted(() -> {
            task.put(List.of());
            assertThat(committed(task)).isEqualTo(2);
        });
        assertThat(dynamics.ids()).hasSize(2);
        task.stop();
    }

    @Test
    void whatIsUnderWayForLostPartitionsIsGivenUpAndNotCommitted() {
        CountDownLatch answer = new CountDownLatch(1);
        SyncSinkTask task = busy(answer);
        dynamics.onGiveUp = answer::countDown;

        assertSoon(() -> task.close(List.of(PARTITION)));
        assertThat(answer.getCount()).as("given up").isZero();
        assertThat(committed(task)).isEqualTo(-1);

        task.open(List.of(PARTITION));
        await().untilAsserted(() -> {
            task.put(List.of());
            assertThat(committed(task)).isEqualTo(-1);
        });
        task.stop();
    }

    @Test
    void losesPartitionsAndStopsAlthoughTheAppNeverAnswers() {
        CountDownLatch answer = new CountDownLatch(1);
        SyncSinkTask task = busy(answer);

        assertSoon(() -> task.close(List.of(PARTITION)));
        assertSoon(() -> task.put(List.of()));
        assertThat(committed(task)).as("of a lost partition").isEqualTo(-1);
        assertThat(ledger.open()).as("intents for the next holder").hasSize(1);
        assertSoon(task::stop);
        answer.countDown();
    }

    @Test
    void whatARoundThrowsFailsTheTaskAtItsNextCall() {
        background = Background.thread("rounds");
        SyncSinkTask task = task(Map.of());
        await().untilAsserted(() ->
                assertThatThrownBy(() -> task.put(List.of(unreadable(0)))).isInstanceOf(ConnectException.class));
        task.stop();
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
        public void offset(TopicPartition tp, long offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void timeout(long timeoutMs) {
            // The test calls put itself.
        }

        @Override
        public Set<TopicPartition> assignment() {
            return assignment;
        }

        @Override
        public void pause(TopicPartition... partitions) {
            paused.addAll(List.of(partitions));
        }

        @Override
        public void resume(TopicPartition... partitions) {
            paused.removeAll(Set.of(partitions));
        }

        @Override
        public void requestCommit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return (record, error) -> {
                deadLetters.add(record.key());
                return null;
            };
        }
    }
}
