package io.github.crmsync.simulation;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ObjLongConsumer;

/** Many seeds, dealt out to the scenarios in turn. */
public final class Campaign {
    private Campaign() {}

    /**
     * Runs seeds until all are done or somebody says stop.
     *
     * @param done called with the result and the seed after each run
     */
    public static Tally run(
            List<Scenario> scenarios,
            long from,
            long seeds,
            BooleanSupplier stop,
            ObjLongConsumer<Simulation.Result> done) {
        Tally tally = new Tally();
        Seeds.each(from, seeds, stop, seed -> {
            Scenario scenario = scenario(scenarios, seed);
            Simulation.Result result = Simulation.run(scenario, seed, false);
            tally.add(scenario.name(), seed, result);
            done.accept(result, seed);
        });
        return tally;
    }

    /** What this seed is dealt: each scenario gets both default apps. */
    static Scenario scenario(List<Scenario> scenarios, long seed) {
        return scenarios.get((int) (seed / 2 % scenarios.size()));
    }
}
