package io.github.crmsync.simulation;

/** Ends a task at once, wherever it is: nothing of it is closed or answered. Not an exception, so that nothing catches it. */
public final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    public Crash() {
        super("crash", null, false, false);
    }
}
