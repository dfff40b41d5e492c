package io.github.crmsync.core.source;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Where the steps of a source task run, one at a time. Connect calls {@code stop()} in the thread that calls {@code poll()},
 * and so only between two polls: none may last as long as a slow app does.
 *
 * <p>Used by that thread only.
 */
public interface Steps {
    /**
     * Begins a step unless one is under way, and waits a moment for its records.
     *
     * @return null while it is under way, where the next call waits on, and after the end
     * @throws InterruptedException if the caller was interrupted
     */
    List<SourceRecord> poll(Supplier<List<SourceRecord>> step) throws InterruptedException;

    /** Whether a step has begun whose records nobody has had yet. What a step changes is the caller's to read while none is. */
    boolean underWay();

    /** Runs a last job after the step under way, if there is one; does not wait for either. */
    void end(Runnable last);

    /** Steps run in the caller's thread: for simulations, which have threads and a clock of their own. */
    static Steps atOnce() {
        return new Steps() {
            @Override
            public List<SourceRecord> poll(Supplier<List<SourceRecord>> step) {
                return step.get();
            }

            @Override
            public boolean underWay() {
                return false;
            }

            @Override
            public void end(Runnable last) {
                last.run();
            }
        };
    }

    /** Steps run in a thread of their own. */
    static Steps thread(String name) {
        return new OwnThread(name);
    }

    /** The thread ends with the last job. */
    final class OwnThread implements Steps {
        private static final long WAIT_MS = 1_000;

        private final ExecutorService executor;
        private Future<List<SourceRecord>> underWay;

        private OwnThread(String name) {
            executor = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        public List<SourceRecord> poll(Supplier<List<SourceRecord>> step) throws InterruptedException {
            if (executor.isShutdown()) {
                return null;
            }
            if (underWay == null) {
                underWay = executor.submit(step::get);
            }
            try {
                List<SourceRecord> records = underWay.get(WAIT_MS, TimeUnit.MILLISECONDS);
                underWay = null;
                return records;
            } catch (TimeoutException e) {
                return null;
            } catch (ExecutionException e) {
                underWay = null;
                throw e.getCause() instanceof RuntimeException cause ? cause : new ConnectException(e.getCause());
            }
        }

        @Override
        public boolean underWay() {
            return underWay != null;
        }

        @Override
        public void end(Runnable last) {
            executor.submit(last);
            executor.shutdown();
        }
    }
}
