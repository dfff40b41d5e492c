package io.github.crmsync.core.merge;

import static io.github.crmsync.core.record.Fingerprints.EMPTY;

/**
 * What to do with one field of a linked pair: the decision table of the sync, as a pure function of fingerprints.
 *
 * <p>"Changed" means: differs from what both sides last agreed on. Formats never cause writes, because each side is compared
 * with its own part of the agreement.
 */
public enum FieldDecision {
    /** Nothing to do: as agreed, or both sides keep their own format. */
    NOTHING,
    /** Equal on both sides, but not recorded as agreed yet. */
    AGREE,
    /** Write the source's value to the target. */
    WRITE,
    /** The source was emptied: neither propagated nor undone. */
    HELD_CLEAR,
    /** Only the target changed: the sink of the other direction carries it. */
    LEAVE,
    /** The target wins a conflict: the source's image has to wait until the other direction has carried the target's value. */
    TARGET_WINS;

    /** What the two sides last agreed on for a field, as native fingerprints of the source and of the target. */
    public record Base(long source, long target) {}

    /** Who wins where both sides changed, or differ without an agreement. */
    public enum Winner {
        SOURCE,
        TARGET,
        /** One-way sync: a filled source always wins, an empty one changes nothing. */
        SOURCE_ONLY,
        /** Neither: the field is only set on creation. */
        NOBODY
    }

    /**
     * Decides one field.
     *
     * @param base last agreement, null if there is none
     * @param source native fingerprint of the source's value
     * @param converted fingerprint, in the target's terms, of the source's value as it would be written
     * @param target native fingerprint of the target's value, read fresh
     */
    public static FieldDecision of(
            Base base, long source, long converted, long target, Winner winner, boolean propagateClear) {
        if (converted == target) {
            return base != null && base.source == source && base.target == target ? NOTHING : AGREE;
        }
        if (winner == Winner.NOBODY) {
            return NOTHING;
        }
        if (base == null) {
            return conflict(converted, target, winner);
        }
        boolean sourceChanged = source != base.source;
        boolean targetChanged = target != base.target;
        if (sourceChanged && targetChanged) {
            return conflict(converted, target, winner);
        }
        if (sourceChanged) {
            return converted != EMPTY || propagateClear ? WRITE : HELD_CLEAR;
        }
        return targetChanged ? LEAVE : NOTHING;
    }

    private static FieldDecision conflict(long converted, long target, Winner winner) {
        if (winner == Winner.SOURCE_ONLY) {
            return converted != EMPTY ? WRITE : LEAVE;
        }
        // An empty winner gives way: it erases nothing, and the other side's value fills it.
        boolean sourceWins = winner == Winner.SOURCE ? converted != EMPTY : target == EMPTY;
        return sourceWins ? WRITE : TARGET_WINS;
    }
}
