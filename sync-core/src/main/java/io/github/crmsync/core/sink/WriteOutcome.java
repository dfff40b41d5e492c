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

    /** Another record owns a unique value (an e-mail address or the link key); its id where the app says so, else null. */
    record Conflict(String existingId, String message) implements WriteOutcome {}

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
     * later, or never; the neighbours of the record are not concerned.
     *
     * @param message the app's own
     */
    record Failed(String message) implements WriteOutcome {}

    /** Not executed, worth repeating later. */
    record TryLater(String message) implements WriteOutcome {}

    /** Sent, but no answer came: it may have landed or not. */
    record Ambiguous(String message) implements WriteOutcome {}
}
