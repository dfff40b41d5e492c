package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading by modification time, for a table whose change tracking is off. */
class ModifiedOnTest {
    private static final Map<String, String> BY_TIME =
            Map.of(DynamicsSourceConfig.INCREMENTAL_MODE, "modifiedon", DynamicsSourceConfig.PAGE_SIZE, "100");
    private final Environment environment = Environment.open();

    @BeforeEach
    void switchTrackingOff() {
        environment.simulator().setChangeTracking("contact", false);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private SourceRun run(Map<String, ?> offset) {
        return new SourceRun(environment, BY_TIME, offset);
    }

    @Test
    void everyRowComesOnceAndThenEveryChangeOnce() {
        List<String> ids = environment.fill(450);
        // All rows were modified just now, in one second: each pass reads them again.
        try (SourceRun source = run(null).snapshot().rounds(3)) {
            assertThat(source.last().keySet()).containsExactlyInAnyOrderElementsOf(new ArrayList<Object>(ids));
            source.forget();
            environment.updateAll(ids.subList(0, 250), "firstname", "Changed");
            source.until(() -> source.delivered().size() >= 250).rounds(10);
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids.subList(0, 250));
            assertThat(source.delivered())
                    .allSatisfy(record ->
                            assertThat(SourceRun.value(record, "firstname")).isEqualTo("Changed"));
        }
    }

    @Test
    void twoChangesInOneSecondAreBothDelivered() {
        String id = environment.create(Environment.person("a@example.com", "Ann"));
        try (SourceRun source = run(null).snapshot()) {
            source.forget();
            environment.update(id, Map.of("firstname", "Bea"));
            source.until(() -> !source.delivered().isEmpty());
            environment.update(id, Map.of("firstname", "Cleo"));
            source.until(() -> source.delivered().stream()
                    .anyMatch(record -> "Cleo".equals(SourceRun.value(record, "firstname"))));
        }
    }

    @Test
    void aChangeThatCommitsLateWithAnOlderTimeIsFound() {
        environment.fill(3);
        try (SourceRun source = run(null).snapshot().rounds(2)) {
            source.forget();
            Map<String, Object> late = new HashMap<>(Environment.person("late@example.com", "Late"));
            late.put("contactid", Environment.id(99));
            late.put("modifiedon", Instant.now().minusSeconds(90).truncatedTo(ChronoUnit.SECONDS));
            environment.simulator().fill("contact", List.of(late));
            source.until(() -> source.ids().contains(Environment.id(99))).rounds(3);
            assertThat(source.ids()).containsOnlyOnce(Environment.id(99));
        }
    }

    @Test
    void aRestartGoesOnInTheMiddleOfTheSnapshotAndLater() {
        List<String> ids = environment.fill(450);
        List<String> seen = new ArrayList<>();
        Map<String, ?> offset;
        try (SourceRun source = run(null)) {
            source.until(() -> source.delivered().size() >= 200);
            seen.addAll(source.ids());
            offset = source.offset();
        }
        try (SourceRun source = run(offset).snapshot()) {
            assertThat(source.ids().subList(0, 250)).doesNotContainAnyElementsOf(seen);
            seen.addAll(source.ids());
            offset = source.offset();
        }
        assertThat(seen).containsAll(ids);
        environment.update(ids.get(5), Map.of("firstname", "Changed"));
        try (SourceRun source = run(offset)) {
            source.until(() -> source.delivered().stream()
                    .anyMatch(record -> "Changed".equals(SourceRun.value(record, "firstname"))));
        }
    }

    @Test
    void anotherModeReadsTheWholeTableAgain() {
        List<String> ids = environment.fill(5);
        Map<String, ?> offset;
        try (SourceRun source = run(null).snapshot()) {
            offset = source.offset();
        }
        environment.simulator().setChangeTracking("contact", true);
        try (SourceRun source = new SourceRun(environment, Map.of(), offset)) {
            source.until(() -> source.delivered().size() >= ids.size());
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }
}
