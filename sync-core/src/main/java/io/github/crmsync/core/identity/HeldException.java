package io.github.crmsync.core.identity;

import org.apache.kafka.connect.errors.RetriableException;

/** The sync must not write now, for a reason that somebody has to know: the message says it. */
public final class HeldException extends RetriableException {
    private static final long serialVersionUID = 1L;

    public HeldException(String message) {
        super(message);
    }
}
