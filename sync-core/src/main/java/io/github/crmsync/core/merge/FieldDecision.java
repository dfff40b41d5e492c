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
    /** Equal in meaning on both sides, but not recorded as agreed yet. */
    AGREE,
    /** Write the source's value to the target. */
    WRITE,
    /** The source was emptied: neither propagated nor undone. */
    HELD_CLEAR,
    /**
     * A conflict that waits for a person: both values are recorded as they are, so that the next edit on either side flows as
     * any other.
     */
    HOLD,
    /** Only the target changed: the sink of the other direction carries it. */
    LEAVE,
    /** The target wins a conflict: the source's image has to wait until the other direction has carried the target's value. */
    TARGET_WINS;

    /** What the two sides last agreed on for a field, as native fingerprints of the source and of the target. */
    public record Base(long source, long target) {}

    /**
     * The two sides of a field.
     *
     * @param source native fingerprint of the source's value
     * @param converted fingerprint, in the target's terms, of the source's value as it would be written
     * @param target native fingerprint of the target's value, read fresh
     * @param same whether both values mean the same, however they are spelt
     */
    public record Sides(long source, long converted, long target, boolean same) {
        /** Values that mean the same only if they are equal. */
        public Sides(long source, long converted, long target) {
            this(source, converted, target, converted == target);
        }
    }

    /** A decision and the rule behind it. */
    public record Verdict(FieldDecision decision, Cause cause) {}

    /** Who wins where both sides changed, or differ without an agreement. */
    public enum Winner {
        SOURCE,
        TARGET,
        /** One-way sync: a filled source always wins, an empty one changes nothing. */
        SOURCE_ONLY,
        /** One-way sync: as the source only, but the target keeps what it has where both changed or differ. */
        TARGET_KEEPS,
        /** A filled source replaces whatever the target was changed to. */
        SOURCE_ALWAYS,
        /** A filled target is never written. */
        TARGET_ALWAYS,
        /** Neither: a person decides. */
        PERSON,
        /** Neither: the field is only set on creation. */
        NOBODY
    }

    /** Decides one field; {@code base} is the last agreement, null if there is none. */
    public static Verdict of(Base base, Sides sides, Winner winner, boolean propagateClear) {
        if (sides.same) {
            return base != null && base.source == sides.source && base.target == sides.target
                    ? new Verdict(NOTHING, Cause.AS_AGREED)
                    : new Verdict(AGREE, Cause.SAME_VALUE);
        }
        if (winner == Winner.NOBODY) {
            return new Verdict(NOTHING, Cause.NEVER);
        }
        boolean sourceChanged = base == null || sides.source != base.source;
        boolean targetChanged = base == null || sides.target != base.target;
        if (sourceChanged || targetChanged) {
            if (winner == Winner.SOURCE_ALWAYS && sides.converted != EMPTY) {
                return new Verdict(WRITE, Cause.ALWAYS);
            }
            if (winner == Winner.TARGET_ALWAYS && sides.target != EMPTY) {
                return new Verdict(LEAVE, Cause.ALWAYS);
            }
        }
        if (sourceChanged && targetChanged) {
            boolean oneEmpty = sides.converted == EMPTY || sides.target == EMPTY;
            FieldDecision decision = conflict(sides.converted, sides.target, winner);
            if (decision == HOLD) {
                return new Verdict(decision, Cause.HELD_CONFLICT);
            }
            return new Verdict(
                    decision,
                    base == null
                            ? oneEmpty ? Cause.FIRST_MATCH_ONE_EMPTY : Cause.FIRST_MATCH
                            : oneEmpty ? Cause.CONFLICT_ONE_EMPTY : Cause.CONFLICT);
        }
        if (sourceChanged) {
            FieldDecision decision = changed(sides.converted, propagateClear);
            return new Verdict(decision, decision == WRITE ? Cause.ONLY_SOURCE_CHANGED : Cause.HELD_CLEAR);
        }
        return targetChanged
                ? new Verdict(LEAVE, Cause.ONLY_TARGET_CHANGED)
                : new Verdict(NOTHING, Cause.AGREED_DIFFERENCE);
    }

    private static FieldDecision changed(long converted, boolean propagateClear) {
        return converted != EMPTY || propagateClear ? WRITE : HELD_CLEAR;
    }

    private static FieldDecision conflict(long converted, long target, Winner winner) {
        // An empty winner gives way: it erases nothing, and the other side's value fills it.
        boolean bothFilled = converted != EMPTY && target != EMPTY;
        return switch (winner) {
            case SOURCE_ONLY -> converted != EMPTY ? WRITE : LEAVE;
            case TARGET_KEEPS -> converted != EMPTY && target == EMPTY ? WRITE : LEAVE;
            case PERSON -> bothFilled ? HOLD : target == EMPTY ? WRITE : TARGET_WINS;
            case SOURCE, SOURCE_ALWAYS -> converted != EMPTY ? WRITE : TARGET_WINS;
            default -> target == EMPTY ? WRITE : TARGET_WINS;
        };
    }
}
