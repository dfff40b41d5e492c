package io.github.crmsync.core.http;

import org.apache.kafka.connect.errors.RetriableException;

/** Nothing was done; the server, or the network, needs longer than a call may wait. */
public class RetryLaterException extends RetriableException {
    private final long waitMs;

    public RetryLaterException(String message, long waitMs, Throwable cause) {
        super(message, cause);
        this.waitMs = waitMs;
    }

    /** How long to wait before the next attempt, in ms. */
    public long waitMs() {
        return waitMs;
    }
}
