package io.github.crmsync.dynamics;

import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.Decimals;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.record.Fingerprints;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** The one form that every native value has for comparison, the same in source and sink. */
final class DynamicsValues {
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)");

    private DynamicsValues() {}

    /** Fingerprint of a native value. */
    static long fingerprint(String column, Object value) {
        return Fingerprints.of(normalise(column, value));
    }

    /**
     * Text that is equal for values of equal meaning; null for an empty value. E-mail addresses have the form of {@link Emails}, numbers
     * their trailing zeros, times their zone and their fractions of seconds (Dataverse keeps whole seconds).
     */
    static String normalise(String column, Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Number) {
            try {
                return Decimals.canonical(Decimals.parse(value.toString()));
            } catch (NumberFormatException notFinite) {
                return value.toString();
            }
        }
        String text = Blanks.strip(value).replace("\r\n", "\n");
        if (text.isEmpty()) {
            return null;
        }
        if (isEmail(column)) {
            return Emails.canonical(text);
        }
        return TIME.matcher(text).matches() ? time(text) : text;
    }

    static boolean isEmail(String column) {
        return column.startsWith("emailaddress");
    }

    private static String time(String text) {
        try {
            return OffsetDateTime.parse(text)
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toInstant()
                    .toString();
        } catch (DateTimeException e) {
            return text;
        }
    }
}
