package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.AnswerScope;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.dynamics.DataverseAnswers.Answer;
import io.github.crmsync.dynamics.DataverseAnswers.Operation;
import io.github.crmsync.dynamics.RowWrites.Write;
import java.util.Set;
import java.util.function.Consumer;

/** What became of a single create or update, by the answer to its part of a batch. */
final class WriteAnswers {
    private final Table table;
    private final Rows rows;
    private final Fields fields;
    private final Consumer<String> stop;

    /** Reads the row that a successful answer holds. */
    interface Rows {
        TargetRecord read(Write write, BatchCodec.Reply answer);
    }

    /** Finds the columns of a write that a refusal is about. */
    interface Fields {
        Set<String> of(Write write, ServiceError error);
    }

    /**
     * @param rows reads the row in a successful answer; null if it holds none
     * @param fields columns that a refusal is about
     * @param stop told why no further request would fare better: credentials, privileges
     */
    WriteAnswers(Table table, Rows rows, Fields fields, Consumer<String> stop) {
        this.table = table;
        this.rows = rows;
        this.fields = fields;
        this.stop = stop;
    }

    WriteOutcome outcome(Write write, BatchCodec.Reply reply) {
        if (reply.status() < 300) {
            TargetRecord stored = rows.read(write, reply);
            return stored == null
                    ? new WriteOutcome.Ambiguous("The answer holds no row: HTTP " + reply.status())
                    : new WriteOutcome.Written(stored);
        }
        ServiceError error = ServiceError.of(reply.status(), reply.headers(), reply.body());
        Operation operation = write.createdId() == null ? Operation.UPDATE : Operation.CREATE;
        Answer answer = DataverseAnswers.of(operation, AnswerScope.PART, error, table);
        return switch (answer.kind()) {
            case REFUSED_RECORD, REFUSED_FIELDS -> refused(write, error);
            case GONE -> gone(write, error);
            case CONFLICT -> conflict(write, error);
            case TRY_LATER ->
                answer.about() == AnswerScope.CALL
                        ? new WriteOutcome.TryLater(error.message())
                        : new WriteOutcome.Failed(error.message());
            case CREDENTIALS, CONFIGURATION -> {
                stop.accept(error.message());
                yield new WriteOutcome.TryLater(error.message());
            }
            case AMBIGUOUS -> new WriteOutcome.Ambiguous(error.message());
            case UNKNOWN -> new WriteOutcome.Failed(error.message());
        };
    }

    private WriteOutcome refused(Write write, ServiceError error) {
        Set<String> named = fields.of(write, error);
        // Of a change set nothing tells which of its requests was refused: the state goes first, then the row must do
        // without.
        return new WriteOutcome.Refused(
                error.message(), named.isEmpty() ? write.state().keySet() : named);
    }

    /** A message with another id than the row's own speaks of a row that a lookup leads to, or that a plug-in looks for. */
    private WriteOutcome gone(Write write, ServiceError error) {
        Set<String> ids = error.ids();
        return ids.isEmpty() || ids.contains(write.id()) ? new WriteOutcome.Missing() : refused(write, error);
    }

    private WriteOutcome conflict(Write write, ServiceError error) {
        if (DataverseAnswers.alternateKeyViolated(error)) {
            return new WriteOutcome.Conflict(null, error.message(), taken(write, error));
        }
        if (write.createdId() == null && !DataverseAnswers.keyExists(error)) {
            return new WriteOutcome.VersionMoved();
        }
        return DataverseAnswers.versionMismatch(error)
                ? new WriteOutcome.VersionMoved()
                : new WriteOutcome.Conflict(write.createdId(), error.message(), taken(write, error));
    }

    /** An alternate key is named by its label at best: of what is written, it is the address that has to be unique. */
    private Set<String> taken(Write write, ServiceError error) {
        Set<String> named = fields.of(write, error);
        return named.isEmpty() && write.values().containsKey("emailaddress1") ? Set.of("emailaddress1") : named;
    }
}
