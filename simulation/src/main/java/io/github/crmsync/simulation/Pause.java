package io.github.crmsync.simulation;

/** A point at which others may run, or at which the task may crash. */
public interface Pause {
    void here(String what);
}
