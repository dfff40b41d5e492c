package io.github.crmsync.core.record;

/**
 * The one definition of a blank, on which everything depends that tells an empty value from a filled one.
 *
 * <p>A blank is a code point that leaves no mark on paper: white space, separators, and the default-ignorable code points of
 * Unicode, such as the zero width space and the byte order mark. A text of nothing else is no value.
 */
public final class Blanks {
    private static final int NEXT_LINE = 0x85;

    /**
     * First and last of each range with the property Default_Ignorable_Code_Point, which Java's character classes do not know
     * (Unicode 16, DerivedCoreProperties.txt).
     */
    private static final int[] IGNORABLE = {
        0xAD, 0xAD, 0x34F, 0x34F, 0x61C, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x200B, 0x200F, 0x202A,
        0x202E, 0x2060, 0x206F, 0x3164, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFEFF, 0xFFA0, 0xFFA0, 0xFFF0, 0xFFF8, 0x1BCA0,
        0x1BCA3, 0x1D173, 0x1D17A, 0xE0000, 0xE0FFF
    };

    private Blanks() {}

    /** Whether a value is none: null, or a text of blanks only. */
    public static boolean isBlank(Object value) {
        return value == null
                || value instanceof CharSequence && stripText(value.toString()).isEmpty();
    }

    /**
     * The value as text without blanks at its ends; empty for none. A variation selector or a tag that belongs to a visible
     * character stays with it: flags differ in nothing else.
     */
    public static String strip(Object value) {
        return value == null ? "" : stripText(value.toString());
    }

    private static String stripText(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (end > start && isBlank(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        if (end > start) {
            while (end < text.length() && modifies(text.codePointAt(end))) {
                end += Character.charCount(text.codePointAt(end));
            }
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(int point) {
        if (point > ' ' && point < NEXT_LINE) {
            return false;
        }
        return Character.isWhitespace(point)
                || Character.isSpaceChar(point)
                || point == NEXT_LINE
                || isIgnorable(point);
    }

    private static boolean isIgnorable(int point) {
        for (int i = 0; i < IGNORABLE.length && IGNORABLE[i] <= point; i += 2) {
            if (point <= IGNORABLE[i + 1]) {
                return true;
            }
        }
        return false;
    }

    private static boolean modifies(int point) {
        return point >= 0xFE00 && point <= 0xFE0F || point >= 0xE0000 && point <= 0xE0FFF;
    }
}
