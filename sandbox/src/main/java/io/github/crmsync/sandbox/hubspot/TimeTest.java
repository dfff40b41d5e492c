package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** The part of a list filter that compares a time: with fixed ones, with now, or with that of another property. */
final class TimeTest {
    /** A time in ms since the epoch; null when there is none. */
    @FunctionalInterface
    private interface Point {
        Long at(Contact contact, long nowMs);
    }

    @FunctionalInterface
    private interface Comparison {
        boolean holds(long value, Contact contact, long nowMs);
    }

    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private final boolean drifts;
    private final boolean ofUpdate;
    private final Comparison comparison;

    private TimeTest(boolean drifts, boolean ofUpdate, Comparison comparison) {
        this.drifts = drifts;
        this.ofUpdate = ofUpdate;
        this.comparison = comparison;
    }

    static TimeTest of(JsonNode node, String type, String operator) {
        boolean ofUpdate = node.path("propertyParser").asText().startsWith("UPDATED");
        boolean drifts =
                type.startsWith("ROLLING") || node.findValuesAsText("timeType").contains("INDEXED");
        return new TimeTest(drifts, ofUpdate, comparison(node, type, operator));
    }

    /** Whether the answer changes as time goes by. */
    boolean drifts() {
        return drifts;
    }

    /** Whether it is about the time of the property's last change instead of its value. */
    boolean ofUpdate() {
        return ofUpdate;
    }

    boolean test(long value, Contact contact, long nowMs) {
        return comparison.holds(value, contact, nowMs);
    }

    /** The time that a date or datetime property holds. */
    static long ms(String value) {
        if (value.matches("-?\\d+")) {
            return Long.parseLong(value);
        }
        return value.length() == 10
                ? LocalDate.parse(value).toEpochDay() * DAY_MS
                : Instant.parse(value).toEpochMilli();
    }

    private static Comparison comparison(JsonNode node, String type, String operator) {
        switch (type + " " + operator) {
            case "TIME_POINT IS_AFTER":
                return compare(point(node.path("timePoint")), true);
            case "TIME_POINT IS_BEFORE":
                return compare(point(node.path("timePoint")), false);
            case "TIME_RANGED IS_BETWEEN":
                return between(node, true);
            case "TIME_RANGED IS_NOT_BETWEEN":
                return between(node, false);
            case "DATETIME IS_EQUAL_TO":
                long equal = node.path("timestamp").asLong();
                return (value, contact, now) -> value == equal;
            case "DATETIME IS_AFTER", "DATETIME IS_AFTER_DATE":
                long after = node.path("timestamp").asLong();
                return (value, contact, now) -> value > after;
            case "DATETIME IS_BEFORE", "DATETIME IS_BEFORE_DATE":
                long before = node.path("timestamp").asLong();
                return (value, contact, now) -> value < before;
            default:
                return rolling(node, type + " " + operator);
        }
    }

    private static Comparison rolling(JsonNode node, String what) {
        long days = node.path("numberOfDays").asLong() * DAY_MS;
        return switch (what) {
            case "ROLLING_DATE_RANGE IS_LESS_THAN_X_DAYS_AGO" ->
                (value, contact, now) -> value <= now && value > now - days;
            case "ROLLING_DATE_RANGE IS_MORE_THAN_X_DAYS_AGO" -> (value, contact, now) -> value <= now - days;
            case "ROLLING_DATE_RANGE IS_LESS_THAN_X_DAYS_FROM_NOW" ->
                (value, contact, now) -> value >= now && value < now + days;
            case "ROLLING_DATE_RANGE IS_MORE_THAN_X_DAYS_FROM_NOW" -> (value, contact, now) -> value >= now + days;
            default -> throw ApiException.validation("Unknown or unsupported operation: " + what);
        };
    }

    private static Comparison compare(Point point, boolean after) {
        return (value, contact, now) -> {
            Long at = point.at(contact, now);
            return at != null && (after ? value > at : value < at);
        };
    }

    private static Comparison between(JsonNode node, boolean inside) {
        Point low = point(node.path("lowerBoundTimePoint"));
        Point high = point(node.path("upperBoundTimePoint"));
        return (value, contact, now) -> {
            Long from = low.at(contact, now);
            Long to = high.at(contact, now);
            return from != null && to != null && (value >= from && value <= to) == inside;
        };
    }

    private static Point point(JsonNode node) {
        ZoneId zone = zone(node);
        switch (node.path("timeType").asText()) {
            case "DATE":
                return fixed(node, zone);
            case "INDEXED":
                boolean today = node.path("indexReference")
                        .path("referenceType")
                        .asText()
                        .equals("TODAY");
                Duration offset = offset(node.path("offset"));
                return (contact, now) -> {
                    ZonedDateTime start = Instant.ofEpochMilli(now).atZone(zone);
                    return (today ? start.toLocalDate().atStartOfDay(zone) : start)
                            .plus(offset)
                            .toInstant()
                            .toEpochMilli();
                };
            case "PROPERTY_REFERENCED":
                String property = node.path("property").asText();
                return (contact, now) -> {
                    String value = contact.get(property);
                    return value == null ? null : Long.valueOf(ms(value));
                };
            default:
                throw ApiException.validation(
                        "Unknown timeType: " + node.path("timeType").asText());
        }
    }

    private static ZoneId zone(JsonNode node) {
        try {
            return ZoneId.of(node.path("zoneId").asText("UTC"));
        } catch (DateTimeException unknown) {
            throw ApiException.validation(
                    "Unknown zoneId: " + node.path("zoneId").asText());
        }
    }

    private static Point fixed(JsonNode node, ZoneId zone) {
        try {
            long at = ZonedDateTime.of(
                            node.path("year").asInt(),
                            node.path("month").asInt(),
                            node.path("day").asInt(),
                            node.path("hour").asInt(),
                            node.path("minute").asInt(),
                            node.path("second").asInt(),
                            (int) Duration.ofMillis(node.path("millisecond").asInt())
                                    .toNanos(),
                            zone)
                    .toInstant()
                    .toEpochMilli();
            return (contact, now) -> at;
        } catch (DateTimeException invalid) {
            throw ApiException.validation("No valid date: " + invalid.getMessage());
        }
    }

    private static Duration offset(JsonNode node) {
        return Duration.ofDays(
                        node.path("days").asLong() + 7 * node.path("weeks").asLong())
                .plusHours(node.path("hours").asLong())
                .plusMinutes(node.path("minutes").asLong())
                .plusSeconds(node.path("seconds").asLong());
    }
}
