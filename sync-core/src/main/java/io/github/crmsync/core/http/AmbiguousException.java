package io.github.crmsync.core.http;

import org.apache.kafka.connect.errors.ConnectException;

/** A request that must not be sent twice was sent, and no answer says whether it was carried out. */
public class AmbiguousException extends ConnectException {
    public AmbiguousException(String message, Throwable cause) {
        super(message, cause);
    }
}
