package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.stream.Collectors;

/** Conversion and validation of column values. */
final class Values {
    private static final Instant EARLIEST = Instant.parse("1753-01-01T00:00:00Z");

    private Values() {}

    /** Reads a value of a request body. */
    static Object fromJson(Table table, Column column, JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        return switch (column.type()) {
            case STRING, MEMO -> text(table, column, node);
            case INTEGER ->
                range(table, column, number(column, node, node.canConvertToInt() && node.isIntegralNumber()))
                        .intValue();
            case CHOICE, STATE, STATUS ->
                option(
                        table,
                        column,
                        number(column, node, node.canConvertToInt() && node.isIntegralNumber())
                                .intValue());
            case CHOICES -> options(table, column, node);
            case BIGINT -> number(column, node, node.isIntegralNumber()).longValue();
            case DOUBLE ->
                range(table, column, number(column, node, node.isNumber())).doubleValue();
            case DECIMAL, MONEY -> range(table, column, number(column, node, node.isNumber()));
            case COMPLEX -> throw wrongType(column, node);
            case BOOLEAN -> {
                if (!node.isBoolean()) {
                    throw wrongType(column, node);
                }
                yield node.booleanValue();
            }
            case KEY, GUID, LOOKUP, CUSTOMER, OWNER, DATE, DATETIME -> {
                Object value = node.isTextual() ? parse(column.type(), node.textValue()) : null;
                if (value == null) {
                    throw wrongType(column, node);
                }
                yield value;
            }
        };
    }

    /** Reads a value of generated data: of the column's own class, or as in a request body. */
    static Object fromObject(Table table, Column column, Object value) {
        boolean own = value instanceof Boolean && column.type() == ColumnType.BOOLEAN
                || value instanceof UUID && column.type().isGuid()
                || value instanceof Instant && column.type() == ColumnType.DATETIME
                || value instanceof LocalDate && column.type() == ColumnType.DATE;
        if (own) {
            return value instanceof Instant time ? time.truncatedTo(ChronoUnit.SECONDS) : value;
        }
        JsonNode node = value instanceof String text
                ? TextNode.valueOf(text)
                : Json.MAPPER.valueToTree(
                        value instanceof Comparable<?> && !(value instanceof Number || value instanceof Boolean)
                                ? value.toString()
                                : value);
        Object read = fromJson(table, column, node);
        return value.equals(read) ? value : read;
    }

    private static String text(Table table, Column column, JsonNode node) {
        if (!node.isTextual()) {
            throw wrongType(column, node);
        }
        String text = node.textValue();
        if (text.length() > column.maxLength()) {
            throw ServiceException.badRequest(
                    "0x80044331",
                    "A validation error occurred.  The length of the '" + column.name() + "' attribute of the '"
                            + table.logicalName() + "' entity exceeded the maximum allowed length of '"
                            + column.maxLength() + "'.");
        }
        return text.isEmpty() ? null : text;
    }

    private static Integer option(Table table, Column column, int value) {
        if (!column.options().containsKey(value)) {
            String accepted =
                    column.optionValues().stream().map(String::valueOf).collect(Collectors.joining(","));
            throw ServiceException.badRequest(
                    "0x8004431A",
                    "A validation error occurred. The value " + value + " of '" + column.name()
                            + "' on record of type '" + table.logicalName()
                            + "' is outside the valid range. Accepted Values: " + accepted);
        }
        return value;
    }

    /** Numbers with commas between them; an empty text is refused, null stands for none. */
    private static String options(Table table, Column column, JsonNode node) {
        if (!node.isTextual() || !node.textValue().matches("-?\\d{1,9}(,-?\\d{1,9})*")) {
            throw wrongType(column, node);
        }
        for (String option : node.textValue().split(",")) {
            option(table, column, Integer.parseInt(option));
        }
        return node.textValue();
    }

    private static BigDecimal number(Column column, JsonNode node, boolean acceptable) {
        if (!acceptable) {
            throw wrongType(column, node);
        }
        return node.decimalValue();
    }

    private static BigDecimal range(Table table, Column column, BigDecimal value) {
        if (value.doubleValue() < column.minimum() || value.doubleValue() > column.maximum()) {
            throw ServiceException.badRequest(
                    "0x80044330",
                    "A validation error occurred.  The value of '" + column.name() + "' on record of type '"
                            + table.logicalName() + "' is outside the valid range.");
        }
        return value;
    }

    private static ServiceException wrongType(Column column, JsonNode node) {
        return ServiceException.badRequest(
                "0x80048d19",
                "Error identified in Payload provided by the user: Cannot convert the literal '" + node.asText()
                        + "' of property '" + column.name() + "' to the expected type '"
                        + "Edm." + column.type().edm() + "'.");
    }

    /** Reads the text form of a GUID, date or number; null if it is malformed. */
    static Object parse(ColumnType type, String text) {
        try {
            return switch (type) {
                case KEY, GUID, LOOKUP, CUSTOMER, OWNER -> guid(text);
                case DATE -> date(text);
                case DATETIME -> instant(text);
                case STRING, MEMO, CHOICES -> text;
                case BOOLEAN -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
                case BIGINT -> Long.valueOf(text);
                case INTEGER, CHOICE, STATE, STATUS -> Integer.valueOf(text);
                case DOUBLE -> Double.valueOf(text);
                case DECIMAL, MONEY -> new BigDecimal(text);
                case COMPLEX -> null;
            };
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }

    private static LocalDate date(String text) {
        LocalDate date = LocalDate.parse(text);
        return date.getYear() < 1753 ? null : date;
    }

    private static Instant instant(String text) {
        Instant instant = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
        return instant.isBefore(EARLIEST) ? null : instant;
    }

    /** A GUID in its canonical form of 36 characters, or null. */
    static UUID guid(String text) {
        if (text.length() != 36) {
            return null;
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : Character.digit(c, 16) < 0 || c > 'f') {
                return null;
            }
        }
        return UUID.fromString(text);
    }

    static void write(JsonGenerator json, Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof JsonNode tree) {
            json.writeTree(tree);
        } else {
            json.writeString(value.toString());
        }
    }
}
