package io.github.crmsync.core.merge;

import java.util.Locale;

/** The rule that decided a field. */
public enum Cause {
    /** Both sides are as they were agreed. */
    AS_AGREED,
    /** Both sides mean the same; what each of them has is agreed now. */
    SAME_VALUE,
    /** Neither side has changed, and they differ in the way that was agreed. */
    AGREED_DIFFERENCE,
    /** Only the source has changed. */
    ONLY_SOURCE_CHANGED,
    /** Only the source has changed, and was emptied. */
    HELD_CLEAR,
    /** Only the target has changed: the other direction carries it. */
    ONLY_TARGET_CHANGED,
    /** Both have changed since they agreed. */
    CONFLICT,
    /** Both have changed since they agreed, and one of them is empty. */
    CONFLICT_ONE_EMPTY,
    /** Both are filled and differ, and have never agreed. */
    FIRST_MATCH,
    /** One of them is empty, and they have never agreed. */
    FIRST_MATCH_ONE_EMPTY,
    /** A conflict that a person is to settle. */
    HELD_CONFLICT,
    /** The field's rule has one app's value overwrite the other one's edits. */
    ALWAYS,
    /** The field's rule is to write it on creation only. */
    NEVER,
    /** The app refused the value, or the field is being rewritten over and over: it is left out. */
    LEFT_OUT,
    /** The record was created with it. */
    CREATED,
    /** The stage was blank, or is promoted. */
    STAGE;

    /** Name in the report. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
