package io.github.crmsync.simulation;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

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
        AtomicLong next = new AtomicLong(from);
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = IntStream.range(0, threads)
                    .<Future<?>>mapToObj(i -> pool.submit(() -> {
                        for (long seed = next.getAndIncrement();
                                seed < from + seeds && !stop.getAsBoolean();
                                seed = next.getAndIncrement()) {
                            // Both default apps for each scenario.
                            Scenario scenario = scenarios.get((int) (seed / 2 % scenarios.size()));
                            Simulation.Result result = Simulation.run(scenario, seed, false);
                            tally.add(scenario.name(), seed, result);
                            done.accept(result);
                        }
                    }))
                    .toList();
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
        return tally;
    }
}
