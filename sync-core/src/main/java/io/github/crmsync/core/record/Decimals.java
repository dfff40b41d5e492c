package io.github.crmsync.core.record;

import java.math.BigDecimal;

/**
 * Reads decimal numbers of bounded size. A text of a few characters, such as {@code 1E999999999}, can name a number that
 * does not fit into memory once its digits are written out.
 */
public final class Decimals {
    /**
     * Most digits before the point, and after it, of a number that is written out: all that a double holds, which is more
     * than either app stores.
     */
    private static final int MAX_DIGITS = 400;

    private Decimals() {}

    /**
     * Reads a number without blanks around it.
     *
     * @throws NumberFormatException if the text is no number, or one of too many digits
     */
    public static BigDecimal parse(String text) {
        // Longer texts are not even read: that alone takes time that grows with the square of their length.
        BigDecimal number = text.length() <= 2 * MAX_DIGITS ? new BigDecimal(text) : null;
        if (number == null || !isBounded(number)) {
            throw new NumberFormatException("not a number of at most " + MAX_DIGITS + " digits");
        }
        return number;
    }

    /** The number with all its digits and without an exponent; one of too many digits keeps its exponent. */
    public static String plain(BigDecimal number) {
        return isBounded(number) ? number.toPlainString() : number.toString();
    }

    /** As {@link #plain}, without zeros at the end of the fraction: equal for equal numbers. */
    public static String canonical(BigDecimal number) {
        return number.signum() == 0 ? "0" : plain(number.stripTrailingZeros());
    }

    private static boolean isBounded(BigDecimal number) {
        return number.scale() <= MAX_DIGITS && (long) number.precision() - number.scale() <= MAX_DIGITS;
    }
}
