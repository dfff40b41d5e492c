package io.github.crmsync.core.record;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Points in time as the apps write them, and the days that they belong to. */
public final class Times {
    private static final int SECONDS_PER_DAY = 86_400;

    private Times() {}

    /**
     * A time as ISO text with an offset, or as ms since the epoch.
     *
     * @throws java.time.DateTimeException if the text is neither
     * @throws NumberFormatException if the number is too long
     */
    public static Instant instant(String text) {
        return isNumber(text)
                ? Instant.ofEpochMilli(Long.parseLong(text))
                : OffsetDateTime.parse(text).toInstant();
    }

    /**
     * The day of a time in a zone. HubSpot writes days as the ms of midnight in UTC, whatever the portal's zone: such a number
     * is the day itself.
     *
     * @throws java.time.DateTimeException if the text is no time
     * @throws NumberFormatException if the number is too long
     */
    public static LocalDate day(String text, ZoneId zone) {
        Instant instant = instant(text);
        boolean midnight = instant.getNano() == 0 && Math.floorMod(instant.getEpochSecond(), SECONDS_PER_DAY) == 0;
        return LocalDate.ofInstant(instant, isNumber(text) && midnight ? ZoneOffset.UTC : zone);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.chars().skip(text.startsWith("-") ? 1 : 0).allMatch(digit -> digit >= '0' && digit <= '9');
    }
}
