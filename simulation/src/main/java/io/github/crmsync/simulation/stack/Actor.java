package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.simulation.Crash;
import io.github.crmsync.simulation.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A worker's thread for one task. Each call to the outside is a point at which others may run, and at which the task may end;
 * it then starts anew from what was committed.
 */
abstract class Actor implements Pause, HttpRuntime {
    static final String WAITED = "waited";

    final Stack stack;
    private final String name;
    private final Thread thread;
    private final Network network;
    private boolean crash;
    private boolean ended;
    private long sleepsUntil;

    Actor(Stack stack, String name) {
        this.stack = stack;
        this.name = name;
        this.network = new Network(stack, this);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** One life of the task; returns only when it is to start anew. */
    abstract void life() throws InterruptedException;

    Thread thread() {
        return thread;
    }

    /** Ends the task where it stands; it starts anew at its next turn. */
    void crash() {
        crash = true;
        sleepsUntil = 0;
    }

    void end() {
        ended = true;
    }

    /** Nothing happens for a while. */
    void rest(long ms) {
        sleepsUntil = stack.now() + ms;
    }

    /** When it wants to go on, in ms; 0 for at once. */
    long sleepsUntil() {
        return sleepsUntil;
    }

    void wake() {
        sleepsUntil = 0;
    }

    /** Whether this task writes to an app. */
    abstract boolean isSink();

    /** Whatever the task was doing, it will not see the end of it. */
    abstract void cutOff();

    private void run() {
        stack.baton().await();
        while (!ended) {
            try {
                crash = false;
                here("start");
                life();
            } catch (Crash e) {
                stack.log(() -> this + " crashes");
                cutOff();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | LinkageError | AssertionError e) {
                // What a crashed task says on its way out means nothing.
                if (!crash && !ended) {
                    stack.failed(this, e);
                }
            }
        }
        stack.finished();
    }

    @Override
    public void here(String what) {
        if (!ended) {
            stack.turn(this);
        }
        crash |= !ended && stack.crashes(what);
        if (crash && !ended) {
            stack.findings().situation("crash before: " + what);
        }
        if (crash || ended) {
            throw new Crash();
        }
        if (!what.equals(WAITED)) {
            stack.log(() -> this + ": " + what);
        }
    }

    /** Others run until then. */
    void sleep(long ms) {
        sleepsUntil = stack.now() + Math.max(1, ms);
        here(WAITED);
        sleepsUntil = 0;
    }

    // --- the clock and the network of the task

    @Override
    public long millis() {
        return stack.now();
    }

    @Override
    public boolean await(CountDownLatch done, long ms) {
        if (ms > 0) {
            sleep(ms);
        }
        return done.getCount() == 0;
    }

    @Override
    public boolean acquire(RateLimiter budget, Duration most) {
        // Budgets spread requests over time, of which a simulation has any amount.
        return true;
    }

    @Override
    public long random(long bound) {
        return stack.choices().next((int) bound);
    }

    @Override
    public Transport connect(HttpSettings settings) {
        return new Transport() {
            @Override
            public ApiResponse exchange(ApiRequest request, String authorization, long timeoutMs) throws IOException {
                return network.exchange(request, authorization);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
