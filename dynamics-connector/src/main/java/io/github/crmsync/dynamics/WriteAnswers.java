package io.github.crmsync.dynamics;

import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * What an answer to a single create or update means. 412 alone has four meanings: they are told apart by the error code,
 * then by the message, then by what was sent.
 */
final class WriteAnswers {
    private WriteAnswers() {}

    /**
     * @param createdId key that a create chose; null for an update
     * @param row reads the row in a successful answer
     * @throws ConnectException where no further request would fare better: credentials, privileges
     */
    static WriteOutcome outcome(
            BatchCodec.Reply reply, String createdId, Function<BatchCodec.Reply, TargetRecord> row) {
        if (reply.status() < 300) {
            TargetRecord stored = row.apply(reply);
            return stored == null
                    ? new WriteOutcome.Ambiguous("The answer holds no row: HTTP " + reply.status())
                    : new WriteOutcome.Written(stored);
        }
        ServiceError error = ServiceError.of(reply.status(), reply.body());
        if (error.stopsTheTask()) {
            throw new ConnectException("Dynamics refuses the application user: " + error.message());
        }
        if (error.duplicateDetected()) {
            return new WriteOutcome.Refused(error.message());
        }
        if (error.temporary()) {
            return new WriteOutcome.TryLater(error.message());
        }
        return switch (error.status()) {
            case 404 -> createdId == null ? new WriteOutcome.Missing() : new WriteOutcome.Refused(error.message());
            case 412 -> precondition(error, createdId);
            default ->
                error.keyExists()
                        ? new WriteOutcome.Conflict(createdId, error.message())
                        : new WriteOutcome.Refused(error.message(), error.quotedNames());
        };
    }

    private static WriteOutcome precondition(ServiceError error, String createdId) {
        if (error.alternateKeyViolated()) {
            return new WriteOutcome.Conflict(null, error.message());
        }
        if (error.keyExists()) {
            return new WriteOutcome.Conflict(createdId, error.message());
        }
        if (error.versionMismatch() || createdId == null) {
            return new WriteOutcome.VersionMoved();
        }
        return new WriteOutcome.Conflict(createdId, error.message());
    }
}
