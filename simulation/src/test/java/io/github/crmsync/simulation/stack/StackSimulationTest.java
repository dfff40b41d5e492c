package io.github.crmsync.simulation.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The invariants of the sync over random histories of everything that a user installs, against both simulated services. */
class StackSimulationTest {
    private static final long SEEDS = Long.getLong("stack.seeds", 2_000);

    /** Histories that never come across one of these prove nothing about it. */
    private static final List<String> SITUATIONS = List.of(
            "409",
            "412",
            "429",
            "a restart reads a stored offset",
            "addresses swapped",
            "all writing held",
            "change not yet in the search index",
            "cleared",
            "conflict",
            "conflict with empty default",
            "created in dynamics",
            "created in hubspot",
            "decided anew",
            "deleted",
            "delta token expired",
            "duplicate",
            "empty search page",
            "dynamics 401",
            "ends with a held clear",
            "ends with a refused address",
            "ends with a value of the target's own",
            "held",
            "list deleted",
            "list membership",
            "list processing",
            "lost: dynamics POST /api/data/v9.2/$batch",
            "lost: hubspot POST 2026-03/contacts/batch/create",
            "lost: hubspot POST 2026-03/contacts/batch/update",
            "merge",
            "moved",
            "no connection",
            "parked",
            "parked_conflict",
            "qualified",
            "refused another organization",
            "restored",
            "shared setting saved",
            "sinks differ",
            "stale",
            "stopped by a deleted list",
            "tombstone",
            "tombstoned",
            "true conflict",
            "updated",
            "value judged");

    /** At each kind of call a task has ended at least once. */
    private static final List<String> CRASHES = List.of(
            "after dynamics POST /api/data/v9.2/$batch",
            "after hubspot POST 2026-03/contacts/batch/create",
            "after hubspot POST 2026-03/contacts/batch/update",
            "append to topic",
            "dynamics GET /api/data/v9.2/WhoAmI",
            "dynamics GET /api/data/v9.2/contacts",
            "dynamics GET /api/data/v9.2/leads",
            "dynamics POST /api/data/v9.2/$batch",
            "hubspot GET 2026-03/contacts",
            "after dynamics GET /api/data/v9.2/contacts",
            "after dynamics GET /api/data/v9.2/leads",
            "after hubspot POST 2026-03/contacts/batch/read",
            "hubspot POST 2026-03/contacts/batch/create",
            "hubspot POST 2026-03/contacts/batch/read",
            "hubspot POST 2026-03/contacts/batch/update",
            "hubspot POST 2026-03/contacts/search",
            "ledger append",
            "ledger read",
            "ledger take",
            "ledger was appended to",
            "ledger was read",
            "put returned",
            "store offset");

    @Test
    void noInvariantIsViolatedAndEverySituationCameUp() {
        StackCampaign.Outcome outcome = StackCampaign.run(1, SEEDS, () -> false, (result, seed) -> {});

        assertThat(outcome.violations())
                .as("run bin/simulate --stack --from SEED --trace")
                .isEmpty();
        Set<String> situations = outcome.situations().keySet();
        assertThat(situations).containsAll(SITUATIONS);
        assertThat(situations)
                .containsAll(CRASHES.stream().map("crash before: "::concat).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 12, 23})
    void theSameSeedGivesTheSameHistory(long seed) {
        StackSimulation.Result first = StackSimulation.run(seed, true);
        StackSimulation.Result second = StackSimulation.run(seed, true);

        assertThat(second.trace()).isNotEmpty().isEqualTo(first.trace());
        assertThat(second.situations()).isEqualTo(first.situations());
    }
}
