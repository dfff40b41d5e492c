package io.github.crmsync.core.sink;

import io.github.crmsync.core.merge.FieldDecision;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of an image.
 *
 * @param fields canonical names of the fields written or, for PARKED_CONFLICT, of those that the target won
 * @param conflicts fields that both sides had changed, by canonical name, with the app whose value won, or "person"
 * @param detail why, in words without personal data; the app's own message for FAILED
 * @param targetVersion version of the target's record as it was read or written; 0 where it was not looked at
 * @param decided grounds of the decisions on its fields; none where the ledger alone decided
 */
public record Outcome(
        Kind kind,
        String targetId,
        Set<String> fields,
        Map<String, String> conflicts,
        String detail,
        long targetVersion,
        List<Decided> decided) {
    public Outcome(Kind kind, String targetId, Set<String> fields, Map<String, String> conflicts, String detail) {
        this(kind, targetId, fields, conflicts, detail, 0, List.of());
    }

    public enum Kind {
        CREATED,
        UPDATED,
        UNCHANGED,
        /** A deliberate clear was neither propagated nor undone, or a conflict waits for a person. */
        HELD,
        /** Older than what was handled already. */
        STALE,
        DUPLICATE,
        EXCLUDED,
        TOMBSTONED,
        /** Merged: the record that took its place has its link now. */
        MOVED,
        FAILED,
        /** A field that both apps keep rewriting is left alone for a while; the others go on. */
        STOPPED,
        /** Waits for the other sink's open intent, or for the target to answer. */
        PARKED,
        /** Waits until the other sink has carried a value that won a conflict. */
        PARKED_CONFLICT;

        public boolean parked() {
            return this == PARKED || this == PARKED_CONFLICT;
        }
    }

    /** Whether a field was written, whatever became of the others. */
    boolean wrote() {
        return decided.stream().anyMatch(field -> field.decision() == FieldDecision.WRITE);
    }

    static Outcome of(Kind kind, String targetId, String detail) {
        return new Outcome(kind, targetId, Set.of(), Map.of(), detail);
    }
}
