package io.github.crmsync.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs one history of both sinks from a seed and says what it showed. */
public final class Simulation {
    private static final int MAX_SWEEPS = 6;

    /**
     * Outcome of a run.
     *
     * @param violations invariants that were violated
     * @param inherent violations within a window that the protocol names as inherent
     * @param situations how often each named situation came up
     * @param choices the decisions that make this history again
     * @param trace every event, if asked for
     */
    public record Result(
            Set<String> violations,
            Set<String> inherent,
            Map<String, Integer> situations,
            int[] choices,
            List<String> trace) {}

    private Simulation() {}

    public static Result run(Scenario scenario, long seed, boolean traced) {
        return run(scenario, Choices.ofSeed(seed), hubspotIsDefault(seed), traced);
    }

    /** The seeds' share in the default app: odd ones have HubSpot. */
    public static boolean hubspotIsDefault(long seed) {
        return seed % 2 != 0;
    }

    /** Runs a recorded, or shortened, history. */
    public static Result replay(Scenario scenario, int[] choices, boolean hubspotIsDefault, boolean traced) {
        return run(scenario, Choices.of(choices), hubspotIsDefault, traced);
    }

    private static Result run(Scenario scenario, Choices choices, boolean hubspotIsDefault, boolean traced) {
        World world = new World(scenario, choices, hubspotIsDefault, traced);
        try {
            Users users = new Users(world);
            if (scenario.onePair()) {
                onePair(world, users);
            } else {
                general(world, users);
            }
        } finally {
            world.end();
        }
        Findings findings = world.findings;
        return new Result(
                findings.violations(), findings.inherent(), findings.situations(), choices.taken(), world.trace());
    }

    private static void general(World world, Users users) {
        for (Crm crm : List.of(world.hubspot, world.dynamics)) {
            int count = world.choices().next(3);
            for (int i = 0; i < count; i++) {
                Map<String, String> person = users.person();
                if (!crm.isHubspot()
                        && !world.hubspot.rows.isEmpty()
                        && world.choices().chance(0.5)) {
                    List<Crm.Row> known = List.copyOf(world.hubspot.rows.values());
                    person.put(Crm.EMAIL, world.choices().of(known).value(Crm.EMAIL));
                }
                users.create(crm, person);
            }
        }
        if (world.scenario().has(Scenario.Feature.IMPORT)) {
            world.sources().beginSnapshot(world.dynamics);
        }
        world.run(new Phases.General(world, users));
        world.run(new Phases.Drain(world));
        sweepUntilQuiet(world);
        if (world.scenario().has(Scenario.Feature.IMPORT) && !world.imported()) {
            world.findings.violation("N14 the first import never ends");
        }
        new Oracle(world, users).check();
        replay(world);
        if (world.scenario().has(Scenario.Feature.FILTERS)) {
            Endings.widen(world, users);
        }
        if (world.scenario().has(Scenario.Feature.LOSSES)) {
            Endings.loseLedger(world);
        }
    }

    static void sweepUntilQuiet(World world) {
        int writes;
        int entries;
        int sweeps = 0;
        do {
            writes = world.syncWrites();
            entries = world.ledger().end();
            world.sources().sweep(world.hubspot);
            world.sources().sweep(world.dynamics);
            world.run(new Phases.Drain(world));
        } while (++sweeps < MAX_SWEEPS
                && (writes != world.syncWrites() || entries != world.ledger().end()));
        if (writes != world.syncWrites()) {
            world.findings.violation("I2 sweeps keep writing");
        }
    }

    private static void onePair(World world, Users users) {
        Map<String, String> person = new LinkedHashMap<>();
        Crm.FIELDS.forEach(field -> person.put(field, users.fresh(field)));
        Map<String, String> twin = new LinkedHashMap<>(person);
        if (world.choices().chance(0.3)) {
            twin.put(Crm.FIELDS.get(0), users.fresh(Crm.FIELDS.get(0)));
        }
        users.create(world.hubspot, person);
        users.create(world.dynamics, twin);
        world.sources().poll(world.hubspot, 1);
        world.sources().poll(world.dynamics, 1);
        if (world.scenario().tiny() || !world.choices().chance(0.5)) {
            world.run(new Phases.Drain(world));
        }
        world.run(world.scenario().tiny() ? new Phases.Tiny(world, users) : new Phases.OnePair(world, users));
        world.run(new Phases.Drain(world));
        new Oracle(world, users).check();
        replay(world);
    }

    /** Everything once more, to tasks that remember nothing: no write may follow. */
    private static void replay(World world) {
        world.log(() -> "--- replay");
        int writes = world.syncWrites();
        int landed = world.written().size();
        world.replay();
        world.run(new Phases.Drain(world));
        if (world.syncWrites() != writes) {
            Set<String> excuses = new TreeSet<>();
            List<String> written =
                    world.written().subList(landed, world.written().size());
            if (written.stream().allMatch(world.sources()::hidDeletion)) {
                excuses.add("W8");
            }
            if (world.findings.excused("W2")) {
                excuses.add("W2");
            }
            world.findings.violation("I16 a replay caused writes", excuses);
        }
    }
}
