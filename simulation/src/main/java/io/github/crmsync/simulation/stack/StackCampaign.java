package io.github.crmsync.simulation.stack;

import io.github.crmsync.simulation.Seeds;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.ObjLongConsumer;

/** Many histories of the whole sync. */
public final class StackCampaign {
    /**
     * What many runs have shown.
     *
     * @param violations seeds by the invariant that they violate
     * @param inherent seeds by the invariant and the window that excuses it
     * @param situations how often each situation came up
     */
    public record Outcome(
            Map<String, SortedSet<Long>> violations,
            Map<String, SortedSet<Long>> inherent,
            Map<String, Integer> situations) {}

    private final Outcome outcome = new Outcome(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    private StackCampaign() {}

    private synchronized void add(long seed, StackSimulation.Result result) {
        result.violations().forEach(what -> add(outcome.violations(), invariant(what), seed));
        result.inherent().forEach(what -> add(outcome.inherent(), invariant(what) + window(what), seed));
        result.situations().forEach((name, count) -> outcome.situations().merge(name, count, Integer::sum));
    }

    private static void add(Map<String, SortedSet<Long>> seeds, String what, long seed) {
        seeds.computeIfAbsent(what, key -> new TreeSet<>()).add(seed);
    }

    /** Without ids and values, which differ from run to run. */
    public static String invariant(String what) {
        return what.matches("I\\d+ .*") ? what.substring(0, what.indexOf(' ')) : what;
    }

    private static String window(String what) {
        int start = what.lastIndexOf('[');
        return start < 0 ? "" : " " + what.substring(start + 1, what.length() - 1);
    }

    /**
     * Runs seeds until all are done or somebody says stop.
     *
     * @param done called with the result and the seed after each run
     */
    public static Outcome run(
            long from, long seeds, BooleanSupplier stop, ObjLongConsumer<StackSimulation.Result> done) {
        StackCampaign campaign = new StackCampaign();
        Seeds.each(from, seeds, stop, seed -> {
            StackSimulation.Result result = StackSimulation.run(seed, false);
            campaign.add(seed, result);
            done.accept(result, seed);
        });
        return campaign.outcome;
    }
}
