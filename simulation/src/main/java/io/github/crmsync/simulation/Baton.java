package io.github.crmsync.simulation;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets one thread run at a time: whoever holds the baton runs, and hands it on at its next call to the outside.
 *
 * <p>Tasks keep their own stacks, and still every interleaving is the schedule's choice.
 */
public final class Baton {
    private volatile Thread holder = Thread.currentThread();

    public void pass(Thread next) {
        holder = next;
        LockSupport.unpark(next);
    }

    public void await() {
        while (holder != Thread.currentThread()) {
            LockSupport.park(this);
        }
    }
}
