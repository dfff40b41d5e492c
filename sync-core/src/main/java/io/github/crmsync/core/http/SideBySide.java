package io.github.crmsync.core.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/** Runs a few calls at a time. */
public final class SideBySide implements AutoCloseable {
    private final ExecutorService threads;

    /**
     * @param most calls at a time
     * @param name of the threads
     */
    public SideBySide(int most, String name) {
        threads = Executors.newFixedThreadPool(most, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Results in order. All calls end before the first failure, if any, is thrown. */
    public <T> List<T> run(List<? extends Callable<T>> calls) {
        if (calls.size() == 1) {
            return one(calls.get(0));
        }
        List<T> results = new ArrayList<>(calls.size());
        RuntimeException failure = null;
        try {
            for (Future<T> future : threads.invokeAll(calls)) {
                try {
                    results.add(future.get());
                } catch (ExecutionException e) {
                    RuntimeException cause = e.getCause() instanceof RuntimeException runtime
                            ? runtime
                            : new ConnectException(e.getCause());
                    failure = failure == null ? cause : failure;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Some of the calls may have come through.
            throw new RetriableException("Interrupted", e);
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    /** A single call needs no other thread. */
    private static <T> List<T> one(Callable<T> call) {
        try {
            return Collections.singletonList(call.call());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ConnectException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
