package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows that are deleted while no change tells of it: the ids that the ledger knows are looked for. */
class DeletionCheckTest {
    private static final int CHUNK = 700;
    private final Environment environment = Environment.open();
    private final List<String> linked = new ArrayList<>();
    private int opened;
    private boolean down;

    @AfterEach
    void close() {
        environment.close();
    }

    /** The ledger: ids that are linked, a few at a time. */
    private KnownIds.Cursor ledger() {
        opened++;
        if (down) {
            throw new RetriableException("The ledger cannot be read now");
        }
        Iterator<List<String>> chunks =
                Environment.cut(List.copyOf(linked), CHUNK).iterator();
        return new KnownIds.Cursor() {
            @Override
            public Set<String> next() {
                return chunks.hasNext() ? new LinkedHashSet<>(chunks.next()) : Set.of();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    private SourceRun run(Map<String, String> settings, Map<String, ?> offset) {
        return new SourceRun(new DynamicsSourceTask(config -> this::ledger), environment, settings, offset);
    }

    private Map<String, ?> offsetAfterSnapshot() {
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            return source.offset();
        }
    }

    @Test
    void whatWasDeletedBeforeTheDeltaTokenExpiredIsATombstoneAfterTheNewReading() {
        linked.addAll(environment.fill(2_000));
        Map<String, ?> offset = offsetAfterSnapshot();
        List<String> gone = List.of(linked.get(3), linked.get(777), linked.get(1_999));
        gone.forEach(environment::delete);
        environment.simulator().expireDeltaLinks();
        try (SourceRun source = run(Map.of(), offset)) {
            source.until(() -> opened == 1 && source.delivered().size() >= 2_000)
                    .rounds(2);
            assertThat(source.delivered().stream()
                            .filter(record -> record.value() == null)
                            .map(record -> record.key().toString()))
                    .containsExactlyInAnyOrderElementsOf(gone);
            assertThat(opened).isEqualTo(1);
        }
    }

    @Test
    void aFirstStartComparesNothing() {
        List<String> rows = environment.fill(5);
        try (SourceRun source = run(Map.of(), null)) {
            source.until(() -> opened == 1);
            linked.addAll(rows);
            source.snapshot().rounds(5);
            assertThat(opened).isEqualTo(1);
            assertThat(source.delivered()).hasSize(5);
        }
    }

    @Test
    void aStartWithALostOffsetFindsWhatWasDeletedMeanwhile() {
        linked.addAll(environment.fill(2_000));
        offsetAfterSnapshot();
        List<String> gone = List.of(linked.get(3), linked.get(1_999));
        gone.forEach(environment::delete);
        try (SourceRun source = run(Map.of(), null)) {
            source.until(() -> source.ids().contains(gone.get(1) + "-"));
            assertThat(source.ids().stream().filter(id -> id.endsWith("-")))
                    .containsExactlyInAnyOrder(gone.get(0) + "-", gone.get(1) + "-");
        }
    }

    @Test
    void aReadingThatAnOperatorOrdersFindsWhatWasDeletedMeanwhile() {
        linked.addAll(environment.fill(5));
        Map<String, Object> again = new HashMap<>(offsetAfterSnapshot());
        again.put("phase", "REREAD");
        again.remove("link");
        environment.delete(linked.get(3));
        try (SourceRun source = run(Map.of(), again)) {
            source.until(() -> source.ids().contains(linked.get(3) + "-"));
        }
    }

    @Test
    void aRestartInTheMiddleOfTheComparisonStartsItAgain() {
        linked.addAll(environment.fill(2_000));
        Map<String, ?> offset = offsetAfterSnapshot();
        List<String> gone = List.of(linked.get(3), linked.get(1_999));
        gone.forEach(environment::delete);
        environment.simulator().expireDeltaLinks();
        Map<String, ?> middle;
        try (SourceRun source = run(Map.of(), offset)) {
            source.until(() -> source.ids().contains(gone.get(0) + "-"));
            assertThat(source.ids()).doesNotContain(gone.get(1) + "-");
            middle = new HashMap<>(source.offset());
        }
        try (SourceRun source = run(Map.of(), middle)) {
            source.until(() -> source.ids().contains(gone.get(1) + "-"));
        }
    }

    @Test
    void aLedgerThatCannotBeReadKeepsNoChangeWaiting() {
        linked.addAll(environment.fill(5));
        Map<String, ?> offset = offsetAfterSnapshot();
        environment.simulator().expireDeltaLinks();
        down = true;
        try (SourceRun source = run(Map.of(), offset)) {
            source.until(() -> opened == 1);
            source.forget();
            environment.update(linked.get(0), Map.of("firstname", "Changed"));
            source.until(() -> !source.delivered().isEmpty());
            assertThat(source.ids()).containsExactly(linked.get(0));
            assertThat(opened).isEqualTo(1);
        }
    }

    @Test
    void withoutChangeTrackingDeletionsAreLookedForAgainAndAgain() {
        environment.simulator().setChangeTracking("contact", false);
        linked.addAll(environment.fill(5));
        Map<String, String> settings = Map.of(
                DynamicsSourceConfig.INCREMENTAL_MODE,
                "modifiedon",
                DynamicsSourceConfig.DELETION_CHECK_INTERVAL_MS,
                "1000");
        try (SourceRun source = run(settings, null).snapshot()) {
            source.until(() -> opened >= 1).rounds(1);
            environment.delete(linked.get(2));
            source.until(() -> source.ids().contains(linked.get(2) + "-"));
            assertThat(source.ids().stream().filter(id -> id.endsWith("-"))).containsExactly(linked.get(2) + "-");
        }
    }
}
