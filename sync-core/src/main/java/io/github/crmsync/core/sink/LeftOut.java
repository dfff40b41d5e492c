package io.github.crmsync.core.sink;

import java.util.Set;

/**
 * Fields of an image that stay as they are in the target, while the others go on.
 *
 * @param fields names in the target
 * @param detail the message of the app or of the transform that refuses them, else words without personal data
 * @param known whether the same was said of an earlier image of the record, with the same values
 */
public record LeftOut(Set<String> fields, Why why, String detail, boolean known) {
    public enum Why {
        /** The app does not take the value, or a transform cannot convert it. */
        REFUSED,
        /** Both apps keep rewriting it: it is left alone for a while. */
        STOPPED
    }

    static LeftOut refused(Set<String> fields, String detail) {
        return new LeftOut(Set.copyOf(fields), Why.REFUSED, detail, false);
    }

    static LeftOut stopped(Set<String> fields) {
        return new LeftOut(Set.copyOf(fields), Why.STOPPED, "both apps keep rewriting it", false);
    }

    /** Whether these fields are refused for the first time, or for another reason or in another value than before. */
    public boolean newRefusal() {
        return why == Why.REFUSED && !known;
    }
}
