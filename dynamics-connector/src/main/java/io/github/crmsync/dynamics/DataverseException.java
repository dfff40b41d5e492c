package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.AnswerKind;
import org.apache.kafka.connect.errors.ConnectException;

/** An error answer that no repetition changes. */
final class DataverseException extends ConnectException {
    private final ServiceError error;
    private final AnswerKind kind;

    DataverseException(String what, ServiceError error, AnswerKind kind) {
        super(what + ": " + error.message());
        this.error = error;
        this.kind = kind;
    }

    ServiceError error() {
        return error;
    }

    /** What the answer means. */
    AnswerKind kind() {
        return kind;
    }
}
