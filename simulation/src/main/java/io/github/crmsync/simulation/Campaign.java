package io.github.crmsync.simulation;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Many seeds, dealt out to the scenarios in turn. */
public final class Campaign {
    private Campaign() {}

    /**
     * Runs seeds until all are done or somebody says stop.
     *
     * @param done called after each run
     */
    public static Tally run(
            List<Scenario> scenarios, long from, long seeds, BooleanSupplier stop, Consumer<Simulation.Result> done) {
        Tally tally = new Tally();
        Seeds.each(from, seeds, stop, seed -> {
            // Both default apps for each scenario.
            Scenario scenario = scenarios.get((int) (seed / 2 % scenarios.size()));
            Simulation.Result result = Simulation.run(scenario, seed, false);
            tally.add(scenario.name(), seed, result);
            done.accept(result);
        });
        return tally;
    }
}
