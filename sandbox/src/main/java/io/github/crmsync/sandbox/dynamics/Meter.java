package io.github.crmsync.sandbox.dynamics;

/** Receives what the service counts. */
interface Meter {
    void read(int records);

    void written(int records);
}
