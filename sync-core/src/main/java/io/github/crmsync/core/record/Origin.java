package io.github.crmsync.core.record;

import java.util.Locale;

/** Why a source sent a record. */
public enum Origin {
    /** First complete reading. */
    SNAPSHOT,
    /** The record changed. */
    LIVE,
    /** Periodic repetition of the newest image. */
    SWEEP,
    /** Not a record: end of the first complete reading, once per partition. */
    SNAPSHOT_END;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Origin of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
