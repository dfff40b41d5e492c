package io.github.crmsync.simulation;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** Consecutive seeds, on all cores. */
public final class Seeds {
    private Seeds() {}

    /**
     * Runs seeds until all are done or somebody says stop.
     *
     * @throws IllegalStateException if a run throws
     */
    public static void each(long from, long count, BooleanSupplier stop, LongConsumer run) {
        AtomicLong next = new AtomicLong(from);
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = IntStream.range(0, threads)
                    .<Future<?>>mapToObj(i -> pool.submit(() -> {
                        for (long seed = next.getAndIncrement();
                                seed < from + count && !stop.getAsBoolean();
                                seed = next.getAndIncrement()) {
                            run.accept(seed);
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
    }
}
