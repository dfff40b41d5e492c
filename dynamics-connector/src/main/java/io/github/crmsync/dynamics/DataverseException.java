package io.github.crmsync.dynamics;

import org.apache.kafka.connect.errors.ConnectException;

/** An error answer that no repetition changes. */
final class DataverseException extends ConnectException {
    private final ServiceError error;

    DataverseException(String what, ServiceError error) {
        super(what + ": " + error.message());
        this.error = error;
    }

    ServiceError error() {
        return error;
    }
}
