package io.github.crmsync.core.sink;

import io.github.crmsync.core.http.RetryLaterException;
import org.apache.kafka.connect.errors.RetriableException;

/** None of a call's writes was carried out, and none will be: their intents need not be looked into. */
public final class NothingWrittenException extends RetryLaterException {
    private static final long serialVersionUID = 1L;

    public NothingWrittenException(RetriableException cause) {
        super(cause.getMessage(), cause instanceof RetryLaterException later ? later.waitMs() : 0, cause);
    }
}
