package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.core.ledger.TakenOverException;
import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task that is behind its time neither writes nor judges too early. */
class WriteDeadlineTest {
    private static final long LIMIT = 1_000;
    private static final long SETTLED = LIMIT + WriteDeadlines.GRACE_MS;
    private static final TopicPartition PARTITION = new TopicPartition("crm.dynamics.contacts", 0);

    private final FakeApp hubspot = new FakeApp("hubspot");
    private final MemoryLedger entries = new MemoryLedger();
    private final SyncEngine old = engine(LIMIT);
    private final SyncEngine replacement = engine(LIMIT);
    /** Happens after the next intent was recorded and before the ledger is read again. */
    private Runnable afterIntent = () -> {};

    /** Somebody else's. */
    private TopicPartition lost;

    private long now;
    private long version;
    private String contact;

    private SyncEngine engine(long limit) {
        MemoryLedger ledger = new MemoryLedger(entries) {
            @Override
            public void append(Map<TopicPartition, List<LedgerEntry>> added) {
                added.forEach((partition, entries) -> {
                    if (partition.equals(lost)) {
                        throw new TakenOverException(partition, null);
                    }
                    append(entries);
                });
            }

            @Override
            public void append(List<LedgerEntry> added) {
                super.append(added);
                if (added.stream().anyMatch(entry -> entry.intent() != null)) {
                    Runnable next = afterIntent;
                    afterIntent = () -> {};
                    next.run();
                }
            }
        };
        return new SyncEngine(
                hubspot,
                ledger,
                (work, outcome) -> {},
                new LoopBreaker(0, 0, () -> now),
                new WriteCaps(ledger, "hubspot", 0, 1, 0, 0, () -> now),
                new WriteDeadlines(limit, () -> now));
    }

    @BeforeEach
    void link() {
        contact = hubspot.add(new HashMap<>(Map.of("email", "a@x.org", "name", "Ann")));
        old.take(PARTITION);
        assertThat(sync(old, "Ann")).isEqualTo(Kind.UNCHANGED);
    }

    private Kind sync(SyncEngine engine, String name) {
        Work work = work("d1", "a@x.org", name, PARTITION);
        return engine.process(List.of(work), Set.of()).get(work).kind();
    }

    private Work work(String id, String email, String name, TopicPartition partition) {
        Image image = new Image(
                "dynamics",
                id,
                ++version,
                version,
                Origin.LIVE,
                false,
                null,
                Map.of("email", email, "name", name),
                List.of(new MappedField("email", "email"), new MappedField("name", "name")),
                Map.of(),
                email,
                null,
                null,
                Map.of(),
                null,
                new MergePolicy("dynamics", true, Map.of(), Set.of()));
        return new Work(image, partition, version);
    }

    private boolean recover() {
        return replacement.recover(intent -> true);
    }

    @Test
    void whatIsTooLateToBeSentIsWithdrawnAndTriedAgain() {
        int before = hubspot.writes;
        afterIntent = () -> now += LIMIT;

        assertThat(sync(old, "Eve")).isEqualTo(Kind.PARKED);
        assertThat(hubspot.writes).isEqualTo(before);
        assertThat(entries.open()).isEmpty();

        assertThat(sync(old, "Eve")).isEqualTo(Kind.UPDATED);
    }

    @Test
    void aWriteWithoutAnAnswerIsJudgedWhenItCanArriveNoMore() {
        hubspot.loseNextAnswer = true;
        assertThatThrownBy(() -> sync(old, "Eve")).isInstanceOf(RetriableException.class);

        now += SETTLED - 1;
        assertThat(sync(old, "Eve")).isEqualTo(Kind.PARKED);
        assertThat(entries.open()).hasSize(1);

        now += 1;
        assertThat(sync(old, "Eve")).isEqualTo(Kind.UNCHANGED);
        assertThat(entries.open()).isEmpty();
    }

    @Test
    void whoeverTakesOverLeavesOpenIntentsAloneUntilNothingOfThemCanArrive() {
        hubspot.loseNextAnswer = true;
        assertThatThrownBy(() -> sync(old, "Eve")).isInstanceOf(RetriableException.class);
        now += 100_000;

        replacement.take(PARTITION);

        assertThat(recover()).isFalse();
        assertThat(sync(replacement, "Eve")).isEqualTo(Kind.PARKED);
        now += SETTLED;
        assertThat(recover()).isTrue();
        assertThat(entries.open()).isEmpty();
    }

    @Test
    void aTaskWhoseIntentSomebodyElseHasClosedWritesNothing() {
        int before = hubspot.writes;
        afterIntent = () -> {
            replacement.take(PARTITION);
            now += SETTLED;
            assertThat(recover()).isTrue();
        };

        assertThatThrownBy(() -> sync(old, "Eve")).isInstanceOf(TakenOverException.class);
        assertThat(hubspot.writes).isEqualTo(before);
    }

    @Test
    void whatWasNotSentAtAllIsWithdrawnAtOnce() {
        hubspot.beforeWrite = () -> {
            throw new NothingWrittenException(new RetriableException("429"));
        };

        assertThatThrownBy(() -> sync(old, "Eve")).isInstanceOf(RetriableException.class);

        assertThat(entries.open()).isEmpty();
        assertThat(hubspot.value(contact, "name")).isEqualTo("Ann");
    }

    @Test
    void whatCannotBeSentBecauseAnotherPartitionIsLostIsWithdrawn() {
        lost = new TopicPartition("crm.dynamics.contacts", 1);
        List<Work> batch = List.of(work("d1", "a@x.org", "Eve", PARTITION), work("d2", "b@x.org", "Bo", lost));

        assertThatThrownBy(() -> old.process(batch, Set.of())).isInstanceOf(TakenOverException.class);

        assertThat(entries.open()).isEmpty();
    }
}
