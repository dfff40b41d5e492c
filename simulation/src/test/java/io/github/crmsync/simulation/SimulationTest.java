package io.github.crmsync.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The invariants of the sync over many random histories of the real sink tasks. */
class SimulationTest {
    private static final long SEEDS = 2_600;

    /** A run that never comes across one of these proves nothing about it. */
    private static final List<String> SITUATIONS = List.of(
            "409",
            "412",
            "answer lost",
            "arrives late",
            "back in scope",
            "compaction",
            "conflict",
            "conflict with empty default",
            "crash before: create",
            "crash before: ledger append",
            "crash before: ledger was appended to",
            "crash before: read",
            "crash before: read history",
            "crash before: update",
            "crash before: was created",
            "crash before: was updated",
            "created",
            "duplicate",
            "edited out of scope",
            "exists already: hubspot",
            "fenced",
            "filter widened",
            "given back",
            "gone at the write",
            "held",
            "lost ledger refused",
            "matched anew",
            "out of scope",
            "parked",
            "parked_conflict",
            "rebalance",
            "stage promoted",
            "stale",
            "tombstoned",
            "too late to be sent",
            "true conflict",
            "updated");

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @Test
    void noInvariantIsViolatedAndEverySituationCameUp() {
        Tally tally = Campaign.run(Scenario.all(), 1, SEEDS, () -> false, (result, seed) -> {});

        assertThat(tally.runs()).isEqualTo(SEEDS);
        assertThat(tally.violations())
                .as("run bin/simulate --scenario NAME --from SEED --shrink")
                .isEmpty();
        assertThat(tally.situations().keySet()).containsAll(SITUATIONS);
    }

    /** What the protocol names as inherent is closed where link property and history check are on, but for W2 and W3. */
    @Test
    void windowsThatTheOptionalMeasuresCloseAreClosed() {
        Tally tally = Campaign.run(List.of(Scenario.GENERAL), 10_001, 300, () -> false, (result, seed) -> {});

        assertThat(tally.situations()).doesNotContainKeys("window W1", "window W5");
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void theSameSeedGivesTheSameHistory(Scenario scenario) {
        for (long seed = 31; seed < 41; seed++) {
            Simulation.Result first = Simulation.run(scenario, seed, true);
            Simulation.Result second = Simulation.run(scenario, seed, true);

            assertThat(second.trace()).isNotEmpty().isEqualTo(first.trace());
            assertThat(second.choices()).isEqualTo(first.choices());
        }
    }

    @Test
    void aRecordedHistoryRunsAgain() {
        Simulation.Result first = Simulation.run(Scenario.GENERAL, 77, true);

        Simulation.Result again =
                Simulation.replay(Scenario.GENERAL, first.choices(), Simulation.hubspotIsDefault(77), true);

        assertThat(again.trace()).isEqualTo(first.trace());
    }

    @Test
    void aFailingHistoryIsCutToWhatMatters() {
        int[] history = {4, 0, 9, 7, 3, 3, 8, 1};

        int[] shortest =
                new Shrinker(choices -> java.util.Arrays.stream(choices).anyMatch(i -> i == 7), 1_000).shrink(history);

        assertThat(shortest).containsExactly(7);
    }

    @Test
    void tallySumsUpRuns() {
        Tally tally = Campaign.run(List.of(Scenario.TINY), 1, 4, () -> false, (result, seed) -> {});

        assertThat(tally.runs()).isEqualTo(4);
        assertThat(tally.violations()).isEqualTo(Map.of());
    }
}
