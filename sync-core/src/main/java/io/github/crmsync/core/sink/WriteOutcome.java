package io.github.crmsync.core.sink;

import java.util.Map;
import java.util.Set;

/** What became of one create or update. */
public sealed interface WriteOutcome {
    /**
     * Done.
     *
     * @param stored what the app stored, with the version after the write
     * @param overwritten native values that slipped in between the reading and the write and were replaced by it, by field;
     *     empty where the app cannot tell, or where the write was conditional
     */
    record Written(TargetRecord stored, Map<String, Object> overwritten) implements WriteOutcome {
        public Written(TargetRecord stored) {
            this(stored, Map.of());
        }
    }

    /**
     * Another record owns a unique value (an e-mail address or the link key).
     *
     * @param existingId of that record where the app says so, else null
     * @param message the app's own
     * @param fields of an update that hold the value: the others can be written without them. Empty where nobody knows
     */
    record Conflict(String existingId, String message, Set<String> fields) implements WriteOutcome {
        public Conflict(String existingId, String message) {
            this(existingId, message, Set.of());
        }
    }

    /** The record does not exist (any more). */
    record Missing() implements WriteOutcome {}

    /** The record has changed since it was read; nothing was written. */
    record VersionMoved() implements WriteOutcome {}

    /**
     * The app will not take it.
     *
     * @param message the app's own
     * @param fields those that the app names as the reason; empty if it names none
     */
    record Refused(String message, Set<String> fields) implements WriteOutcome {
        public Refused(String message) {
            this(message, Set.of());
        }
    }

    /**
     * Not executed, and not for want of time or budget: the app, or a plug-in of it, failed on this record. It may succeed
     * later, or never; the neighbours of the record are not concerned. It is tried again with a growing pause, a bounded number
     * of times (see {@link Retries}), and then counts as refused.
     *
     * @param message the app's own
     */
    record Failed(String message) implements WriteOutcome {}

    /**
     * Not executed for want of time or budget, or because the record is locked: worth repeating later, for a day at the most.
     */
    record TryLater(String message) implements WriteOutcome {}

    /**
     * Sent, but no answer came, or one that does not tell: it may have landed or not. An answer 500 to a whole call means this
     * for each of its records. Recovery finds out what became of it; then it is sent with half as many others, until the record
     * to blame stands alone.
     *
     * @param over whether the app itself has answered, so that nothing of the request can be under way any more; else recovery
     *     waits until that is certain
     */
    record Ambiguous(String message, boolean over) implements WriteOutcome {
        public Ambiguous(String message) {
            this(message, false);
        }
    }
}
