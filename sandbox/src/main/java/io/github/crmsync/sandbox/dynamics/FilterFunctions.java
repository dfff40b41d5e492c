package io.github.crmsync.sandbox.dynamics;

import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The query functions of the service that a filter can call: their names, parameters and meaning. */
final class FilterFunctions {
    /** What a function takes besides the name of the column. */
    enum Argument {
        NONE,
        ONE,
        MANY
    }

    private static final Map<String, Argument> ALL = new TreeMap<>();
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "Minutes", ChronoUnit.MINUTES,
            "Hours", ChronoUnit.HOURS,
            "Days", ChronoUnit.DAYS,
            "Weeks", ChronoUnit.WEEKS,
            "Months", ChronoUnit.MONTHS,
            "Years", ChronoUnit.YEARS);

    static {
        for (String name : List.of("In", "NotIn", "Between", "NotBetween")) {
            ALL.put(name, Argument.MANY);
        }
        for (String name : List.of("On", "NotOn", "OnOrAfter", "OnOrBefore")) {
            ALL.put(name, Argument.ONE);
        }
        for (String unit : UNITS.keySet()) {
            ALL.put("OlderThanX" + unit, Argument.ONE);
            if (!unit.equals("Minutes")) {
                ALL.put("LastX" + unit, Argument.ONE);
                ALL.put("NextX" + unit, Argument.ONE);
            }
        }
        for (String name : List.of("Today", "Yesterday", "Tomorrow", "Last7Days", "Next7Days")) {
            ALL.put(name, Argument.NONE);
        }
        for (String unit : List.of("Week", "Month", "Year")) {
            ALL.put("This" + unit, Argument.NONE);
            ALL.put("Last" + unit, Argument.NONE);
            ALL.put("Next" + unit, Argument.NONE);
        }
        ALL.put("EqualUserId", Argument.NONE);
        ALL.put("NotEqualUserId", Argument.NONE);
    }

    private FilterFunctions() {}

    static Map<String, Argument> all() {
        return ALL;
    }

    /** A span of time, from inclusive to exclusive; null is open. */
    private record Span(Instant from, Instant to) {}

    /**
     * The condition that a function call stands for.
     *
     * @param values arguments as text
     */
    static Filter filter(String name, Column column, List<String> values, FilterCompiler compiler) {
        Operand operand = new Operand.Field(column);
        switch (name) {
            case "In", "NotIn":
                Filter in = Filter.In.of(column, parsed(column, values));
                return name.equals("In") ? in : new Filter.Not(in);
            case "Between", "NotBetween":
                if (values.size() != 2) {
                    throw ServiceException.badQuery("The function '" + name + "' takes two values.");
                }
                List<Object> bounds = parsed(column, values);
                Filter between = new Filter.And(
                        new Filter.Compare(operand, "ge", new Operand.Literal(bounds.get(0))),
                        new Filter.Compare(operand, "le", new Operand.Literal(bounds.get(1))));
                return name.equals("Between") ? between : new Filter.Not(between);
            case "EqualUserId", "NotEqualUserId":
                return new Filter.Compare(
                        operand, name.equals("EqualUserId") ? "eq" : "ne", new Operand.Literal(compiler.caller()));
            default:
                return span(name, column, values, compiler.now());
        }
    }

    private static List<Object> parsed(Column column, List<String> values) {
        if (values.isEmpty()) {
            throw ServiceException.badQuery("The value of PropertyValues must be an array of strings.");
        }
        List<Object> parsed = new ArrayList<>();
        for (String text : values) {
            Object value = Values.parse(column.type(), text);
            if (value == null) {
                throw ServiceException.badQuery("The value '" + text + "' cannot be compared with the property '"
                        + column.name() + "' of type 'Edm." + column.type().edm() + "'.");
            }
            parsed.add(value);
        }
        return parsed;
    }

    private static Filter span(String name, Column column, List<String> values, Instant now) {
        if (column.type() != ColumnType.DATE && column.type() != ColumnType.DATETIME) {
            throw ServiceException.badQuery(
                    "The function '" + name + "' takes columns of date and time only, not '" + column.name() + "'.");
        }
        Span span = span(
                name,
                values.isEmpty() ? "" : values.get(0),
                ZonedDateTime.ofInstant(now, Clock.systemUTC().getZone()));
        List<Filter> terms = new ArrayList<>();
        Operand operand = new Operand.Field(column);
        if (span.from != null) {
            terms.add(new Filter.Compare(operand, "ge", new Operand.Literal(typed(column, span.from, false))));
        }
        if (span.to != null) {
            terms.add(new Filter.Compare(operand, "lt", new Operand.Literal(typed(column, span.to, true))));
        }
        Filter both = terms.size() == 1 ? terms.get(0) : new Filter.And(terms.get(0), terms.get(1));
        return name.equals("NotOn") ? new Filter.Not(both) : both;
    }

    private static Object typed(Column column, Instant instant, boolean up) {
        if (column.type() == ColumnType.DATETIME) {
            return instant;
        }
        ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
        boolean midnight = time.toLocalTime().toSecondOfDay() == 0;
        return up && !midnight ? time.toLocalDate().plusDays(1) : time.toLocalDate();
    }

    private static Span span(String name, String value, ZonedDateTime second) {
        // The second that is not over yet belongs to the past.
        ZonedDateTime now = second.plusSeconds(1);
        ZonedDateTime today = now.truncatedTo(ChronoUnit.DAYS);
        if (name.startsWith("LastX") || name.startsWith("NextX") || name.startsWith("OlderThanX")) {
            long count = count(name, value);
            ChronoUnit unit = UNITS.get(name.substring(name.indexOf('X') + 1));
            if (name.startsWith("OlderThan")) {
                return new Span(null, second.minus(count, unit).toInstant());
            }
            return name.startsWith("Last")
                    ? new Span(now.minus(count, unit).toInstant(), now.toInstant())
                    : new Span(now.toInstant(), now.plus(count, unit).toInstant());
        }
        return switch (name) {
            case "On", "NotOn" -> days(day(name, value), 1);
            case "OnOrAfter" -> new Span(day(name, value).toInstant(), null);
            case "OnOrBefore" -> new Span(null, day(name, value).plusDays(1).toInstant());
            case "Today" -> days(today, 1);
            case "Yesterday" -> days(today.minusDays(1), 1);
            case "Tomorrow" -> days(today.plusDays(1), 1);
            case "Last7Days" -> new Span(today.minusDays(7).toInstant(), now.toInstant());
            case "Next7Days" -> new Span(now.toInstant(), today.plusDays(8).toInstant());
            default -> calendar(name, today);
        };
    }

    private static Span calendar(String name, ZonedDateTime today) {
        long step = name.startsWith("This") ? 0 : name.startsWith("Last") ? -1 : 1;
        if (name.endsWith("Week")) {
            ZonedDateTime start = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
            return days(start.plusWeeks(step), 7);
        }
        boolean month = name.endsWith("Month");
        ZonedDateTime start = month
                ? today.withDayOfMonth(1).plusMonths(step)
                : today.withDayOfYear(1).plusYears(step);
        return new Span(start.toInstant(), (month ? start.plusMonths(1) : start.plusYears(1)).toInstant());
    }

    private static Span days(ZonedDateTime from, int count) {
        return new Span(from.toInstant(), from.plusDays(count).toInstant());
    }

    private static long count(String name, String value) {
        if (!value.matches("\\d{1,4}")) {
            throw ServiceException.badQuery("The function '" + name + "' takes a number, not '" + value + "'.");
        }
        return Long.parseLong(value);
    }

    private static ZonedDateTime day(String name, String value) {
        Object date = Values.parse(ColumnType.DATE, value.length() > 10 ? value.substring(0, 10) : value);
        if (date == null) {
            throw ServiceException.badQuery("The function '" + name + "' takes a date, not '" + value + "'.");
        }
        return ((LocalDate) date).atStartOfDay(ZoneOffset.UTC);
    }
}
