package io.github.crmsync.simulation;

import java.util.Map;
import java.util.TreeMap;

/** Sums over many runs. */
public final class Tally {
    /**
     * A finding.
     *
     * @param scenario where it was first seen
     * @param seed seed that shows it
     */
    public record Found(String scenario, long seed, int runs) {
        Found again() {
            return new Found(scenario, seed, runs + 1);
        }
    }

    private final Map<String, Found> violations = new TreeMap<>();
    private final Map<String, Found> inherent = new TreeMap<>();
    private final Map<String, Long> situations = new TreeMap<>();
    private long runs;

    synchronized void add(String scenario, long seed, Simulation.Result result) {
        runs++;
        result.violations().forEach(what -> count(violations, what, scenario, seed));
        result.inherent().forEach(what -> count(inherent, what, scenario, seed));
        result.situations().forEach((name, count) -> situations.merge(name, (long) count, Long::sum));
    }

    private static void count(Map<String, Found> found, String what, String scenario, long seed) {
        Found first = found.get(what);
        found.put(what, first == null ? new Found(scenario, seed, 1) : first.again());
    }

    public synchronized Map<String, Found> violations() {
        return new TreeMap<>(violations);
    }

    public synchronized Map<String, Found> inherent() {
        return new TreeMap<>(inherent);
    }

    public synchronized Map<String, Long> situations() {
        return new TreeMap<>(situations);
    }

    public synchronized long runs() {
        return runs;
    }
}
