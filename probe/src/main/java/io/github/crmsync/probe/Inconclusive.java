package io.github.crmsync.probe;

/** A question that this account, or this run, cannot answer; the message says why. */
public final class Inconclusive extends Exception {
    private static final long serialVersionUID = 1L;

    public Inconclusive(String reason) {
        super(reason);
    }
}
