package io.github.crmsync.core.http;

/**
 * The service answered that it failed (HTTP 500 and the like), and nothing was changed. A single record of the call may be the
 * reason: the same call without it may succeed.
 */
public class ServiceFailedException extends RetryLaterException {
    public ServiceFailedException(String message, long waitMs) {
        super(message, waitMs, null);
    }
}
