package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.Decimals;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.Times;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What HubSpot's values mean: the text to write, and one canonical form for values that are equal to HubSpot, from which
 * source and sink take their fingerprints.
 */
final class HubSpotValues {
    private static final PropertyInfo TEXT = new PropertyInfo("", "string", "text", "", 0, false);

    private final Map<String, PropertyInfo> definitions;
    private final ZoneId zone;

    /** @param definitions by property name; what is not among them counts as text */
    HubSpotValues(Map<String, PropertyInfo> definitions) {
        this(definitions, ZoneOffset.UTC);
    }

    /** @param zone in which a time has its day */
    HubSpotValues(Map<String, PropertyInfo> definitions, ZoneId zone) {
        this.definitions = Map.copyOf(definitions);
        this.zone = zone;
    }

    long fingerprint(String field, Object value) {
        return Fingerprints.of(normalise(field, value));
    }

    /**
     * Canonical form: e-mail addresses and booleans in lower case, numbers without trailing zeros, times as ms since the
     * epoch, dates as ISO text, options of a multi-select in order; null for no value.
     */
    String normalise(String field, Object value) {
        String text = Blanks.strip(text(value));
        if (text.isEmpty()) {
            return null;
        }
        if (field.equals(Contact.EMAIL) || field.equals(Contact.MORE_EMAILS)) {
            return addresses(text);
        }
        PropertyInfo definition = definitions.getOrDefault(field, TEXT);
        try {
            switch (definition.type()) {
                case "number":
                    return Decimals.canonical(Decimals.parse(text));
                case "bool":
                    return text.toLowerCase(Locale.ROOT);
                case "datetime":
                    return Long.toString(Times.instant(text).toEpochMilli());
                case "date":
                    return day(text).toString();
                case "enumeration":
                    return definition.fieldType().equals("checkbox") ? sorted(text) : text;
                default:
                    return text;
            }
        } catch (ArithmeticException | NumberFormatException | DateTimeException notOfThatType) {
            return text;
        }
    }

    /**
     * The text to write; empty clears the property. A leading semicolon would mean "append" to HubSpot and is left out; a
     * property of type date takes the day only.
     */
    String write(String field, Object value) {
        if (Blanks.isBlank(value)) {
            return "";
        }
        String text = text(value);
        PropertyInfo definition = definitions.getOrDefault(field, TEXT);
        if (definition.type().equals("bool")) {
            text = text.toLowerCase(Locale.ROOT);
        } else if (definition.type().equals("date")) {
            try {
                text = day(Blanks.strip(text)).toString();
            } catch (DateTimeException | NumberFormatException e) {
                return text;
            }
        }
        int start = 0;
        while (start < text.length() && text.charAt(start) == ';') {
            start++;
        }
        return text.substring(start);
    }

    /** Reads a time of the API, ISO or ms as text; 0 for none or what is no time. */
    static long millis(String text) {
        if (Blanks.isBlank(text)) {
            return 0;
        }
        try {
            return Times.instant(Blanks.strip(text)).toEpochMilli();
        } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
            return 0;
        }
    }

    /** A time as ISO text in UTC: some system properties hold ms. What is no number stays as it is. */
    static String isoTime(String text) {
        try {
            return isInteger(Blanks.strip(text))
                    ? Times.instant(Blanks.strip(text)).toString()
                    : text;
        } catch (DateTimeException | NumberFormatException e) {
            return text;
        }
    }

    private static String text(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Date date) {
            return date.toInstant().toString();
        }
        return value instanceof BigDecimal number ? Decimals.plain(number) : value.toString();
    }

    private LocalDate day(String text) {
        return text.length() == 10 && text.charAt(4) == '-' ? LocalDate.parse(text) : Times.day(text, zone);
    }

    private static boolean isInteger(String text) {
        return text.chars().skip(text.startsWith("-") ? 1 : 0).allMatch(c -> c >= '0' && c <= '9');
    }

    /** One or several addresses, parted by semicolons. */
    private static String addresses(String text) {
        return Stream.of(text.split(";"))
                .map(Emails::canonical)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(";"));
    }

    private static String sorted(String options) {
        TreeSet<String> chosen = new TreeSet<>();
        for (String option : options.split(";")) {
            if (!Blanks.isBlank(option)) {
                chosen.add(Blanks.strip(option));
            }
        }
        return String.join(";", chosen);
    }
}
