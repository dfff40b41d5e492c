package io.github.crmsync.simulation.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Many histories of the whole sync. */
public final class StackCampaign {
    private StackCampaign() {}

    /**
     * What many runs have shown.
     *
     * @param violations seeds by what they violate
     * @param situations how often each situation came up
     */
    public record Outcome(Map<String, List<Long>> violations, Map<String, Integer> situations) {
        private synchronized void add(long seed, StackSimulation.Result result) {
            result.violations()
                    .forEach(what -> violations
                            .computeIfAbsent(invariant(what), key -> new ArrayList<>())
                            .add(seed));
            result.situations().forEach((name, count) -> situations.merge(name, count, Integer::sum));
        }

        /** Without ids and values, which differ from run to run. */
        private static String invariant(String what) {
            return what.matches("I\\d+ .*") ? what.substring(0, what.indexOf(' ')) : what;
        }
    }

    /** @param done called with each seed when its history has ended */
    public static Outcome run(long from, long seeds, LongConsumer done) {
        Outcome outcome = new Outcome(new TreeMap<>(), new TreeMap<>());
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (long i = from; i < from + seeds; i++) {
                long seed = i;
                runs.add(pool.submit(() -> {
                    outcome.add(seed, StackSimulation.run(seed, false));
                    done.accept(seed);
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
        return outcome;
    }
}
