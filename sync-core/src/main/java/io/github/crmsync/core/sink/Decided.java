package io.github.crmsync.core.sink;

import io.github.crmsync.core.merge.Cause;
import io.github.crmsync.core.merge.FieldDecision;
import io.github.crmsync.core.merge.FieldDecision.Base;
import io.github.crmsync.core.merge.FieldDecision.Sides;

/**
 * What was decided for one field, and on what grounds: what a report needs to tell why a field has its value.
 *
 * @param field canonical name, or the target's for one that the mapping does not have
 * @param cause rule that decided
 * @param base what was agreed before; null if nothing was
 * @param sides fingerprints that were compared
 * @param sourceValue the source's value as it would be written
 * @param targetValue the target's value as it was read; null for a creation
 */
public record Decided(
        String field,
        FieldDecision decision,
        Cause cause,
        Base base,
        Sides sides,
        Object sourceValue,
        Object targetValue) {
    boolean conflict() {
        boolean overwrites = cause == Cause.ALWAYS
                && decision == FieldDecision.WRITE
                && sides.target() != 0
                && (base == null || base.target() != sides.target());
        return overwrites
                || cause == Cause.CONFLICT
                || cause == Cause.CONFLICT_ONE_EMPTY
                || cause == Cause.FIRST_MATCH
                || cause == Cause.HELD_CONFLICT;
    }
}
