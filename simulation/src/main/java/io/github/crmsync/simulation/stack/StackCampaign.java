package io.github.crmsync.simulation.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

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
            Map<String, Set<Long>> violations, Map<String, Set<Long>> inherent, Map<String, Integer> situations) {}

    private final Outcome outcome = new Outcome(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    private StackCampaign() {}

    private synchronized void add(long seed, StackSimulation.Result result) {
        result.violations().forEach(what -> add(outcome.violations(), invariant(what), seed));
        result.inherent().forEach(what -> add(outcome.inherent(), invariant(what) + window(what), seed));
        result.situations().forEach((name, count) -> outcome.situations().merge(name, count, Integer::sum));
    }

    private static void add(Map<String, Set<Long>> seeds, String what, long seed) {
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
     * @param done called with each seed when its history has ended
     */
    public static Outcome run(long from, long seeds, BooleanSupplier stop, LongConsumer done) {
        StackCampaign campaign = new StackCampaign();
        AtomicLong next = new AtomicLong(from);
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = new ArrayList<>();
            IntStream.range(0, threads)
                    .forEach(i -> workers.add(pool.submit(() -> {
                        for (long seed = next.getAndIncrement();
                                seed < from + seeds && !stop.getAsBoolean();
                                seed = next.getAndIncrement()) {
                            campaign.add(seed, StackSimulation.run(seed, false));
                            done.accept(seed);
                        }
                    })));
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
        return campaign.outcome;
    }
}
