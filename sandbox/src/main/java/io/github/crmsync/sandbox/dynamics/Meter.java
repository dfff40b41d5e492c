package io.github.crmsync.sandbox.dynamics;

/** Receives what the service counts. */
interface Meter {
    void operation(String name);

    void read(int records);

    void written(int records);
}
