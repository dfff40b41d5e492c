package io.github.crmsync.core.sink;

import io.github.crmsync.core.merge.FieldDecision;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of an image.
 *
 * @param fields canonical names of the fields written or, for PARKED_CONFLICT and UNSETTLED, of those that the target won
 * @param conflicts fields that both sides had changed, by canonical name, with the app whose value won, or "person"
 * @param detail why, in words without personal data; the app's own message for FAILED
 * @param targetVersion version of the target's record as it was read or written; 0 where it was not looked at
 * @param decided grounds of the decisions on its fields; none where the ledger alone decided
 * @param trouble of the app with a record that is PARKED for it; null if it waits for something else
 * @param leftOut fields that stay as they are in the target, whatever became of the others
 */
public record Outcome(
        Kind kind,
        String targetId,
        Set<String> fields,
        Map<String, String> conflicts,
        String detail,
        long targetVersion,
        List<Decided> decided,
        Trouble trouble,
        List<LeftOut> leftOut) {
    public Outcome(
            Kind kind,
            String targetId,
            Set<String> fields,
            Map<String, String> conflicts,
            String detail,
            long targetVersion,
            List<Decided> decided) {
        this(kind, targetId, fields, conflicts, detail, targetVersion, decided, null, List.of());
    }

    public Outcome(Kind kind, String targetId, Set<String> fields, Map<String, String> conflicts, String detail) {
        this(kind, targetId, fields, conflicts, detail, 0, List.of());
    }

    /** Why the app did not carry out what was decided. */
    public enum Trouble {
        /** It failed on this very record. */
        FAILED,
        /** It did not say what became of this record: one that was sent together with it may be to blame. */
        UNANSWERED,
        /** It asked to come later. */
        PUT_OFF
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
        /** Waits for the other sink's open intent, or for the target to answer. */
        PARKED,
        /** Waits until the other sink has carried a value that won a conflict. */
        PARKED_CONFLICT,
        /** Waited too long for that, and is left to the next image or sweep. */
        UNSETTLED;

        public boolean parked() {
            return this == PARKED || this == PARKED_CONFLICT;
        }
    }

    /** Whether a field was written, whatever became of the others. */
    boolean wrote() {
        return decided.stream().anyMatch(field -> field.decision() == FieldDecision.WRITE);
    }

    /** The same decision once nobody waits any more. */
    Outcome unsettled() {
        return new Outcome(
                Kind.UNSETTLED,
                targetId,
                fields,
                conflicts,
                "the other direction has not carried it in time",
                targetVersion,
                decided,
                null,
                leftOut);
    }

    /** The same decision, which leaves these fields alone. */
    Outcome leavingOut(List<LeftOut> fields) {
        return new Outcome(
                kind, targetId, this.fields, conflicts, detail, targetVersion, decided, trouble, List.copyOf(fields));
    }

    /** Parked because of the app, with the app's own words. */
    static Outcome trouble(Trouble trouble, String targetId, String detail) {
        return new Outcome(Kind.PARKED, targetId, Set.of(), Map.of(), detail, 0, List.of(), trouble, List.of());
    }

    static Outcome of(Kind kind, String targetId, String detail) {
        return new Outcome(kind, targetId, Set.of(), Map.of(), detail);
    }
}
