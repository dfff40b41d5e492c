package io.github.crmsync.core.sink;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Where a sink task's jobs run, one at a time. Connect tells a task nothing while one of its calls is under way, not even
 * that it is to stop, so no call may last as long as a slow app does. What a job has done is seen by the caller once {@link
 * #idle} has answered true, and the other way round.
 *
 * <p>Used by one thread.
 */
public interface Background {
    /** Begins a job; none must be under way. */
    void begin(Runnable job);

    /**
     * Waits for the job under way, but not longer than a time in ms.
     *
     * @return whether none is under way
     */
    boolean idle(long ms);

    /** Throws what the last job has thrown, each time; nothing while a job is under way. */
    void rethrow();

    /**
     * Runs a last job when the one under way has ended, which is interrupted if it does not end soon.
     *
     * @param ms how long this call waits for either
     */
    void end(Runnable last, long ms);

    /** Jobs run at once, in the thread that begins them: for simulations, which have a thread and a clock of their own. */
    static Background atOnce() {
        return new Background() {
            @Override
            public void begin(Runnable job) {
                job.run();
            }

            @Override
            public boolean idle(long ms) {
                return true;
            }

            @Override
            public void rethrow() {
                // Thrown already.
            }

            @Override
            public void end(Runnable last, long ms) {
                last.run();
            }
        };
    }

    /** Jobs run in a thread of their own. */
    static Background thread(String name) {
        return new OwnThread(name);
    }

    /** The thread ends with the last job, however long the one before it takes. */
    final class OwnThread implements Background {
        private final ExecutorService executor;
        private Future<?> job;
        private RuntimeException failure;

        private OwnThread(String name) {
            executor = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        public void begin(Runnable next) {
            failure = null;
            job = executor.submit(next);
        }

        @Override
        public boolean idle(long ms) {
            if (job == null) {
                return true;
            }
            try {
                job.get(ms, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (CancellationException e) {
                // Nobody waits for what it has to say.
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof RuntimeException cause ? cause : new ConnectException(e.getCause());
            }
            job = null;
            return true;
        }

        @Override
        public void rethrow() {
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void end(Runnable last, long ms) {
            if (!idle(ms / 2)) {
                job.cancel(true);
            }
            executor.submit(last);
            executor.shutdown();
            try {
                executor.awaitTermination(ms / 2, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
