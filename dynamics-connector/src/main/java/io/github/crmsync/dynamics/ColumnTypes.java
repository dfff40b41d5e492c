package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/**
 * Types of a table's columns, from its attribute metadata, and conversions between JSON and native values.
 *
 * <p>Native values are String, Integer, Long and Boolean. Decimals and money are plain decimal text, dates and times ISO
 * text: both survive converters without schemas.
 */
final class ColumnTypes {
    /** Annotation with the label of an option and the name of a lookup's row. */
    static final String FORMATTED = "OData.Community.Display.V1.FormattedValue";

    private enum Kind {
        TEXT,
        INT,
        LONG,
        BOOLEAN,
        DECIMAL
    }

    private final Map<String, String> attributeTypes;

    /**
     * @param attributeTypes {@code AttributeType} by logical name, as {@code EntityDefinitions(...)/Attributes} gives them
     */
    ColumnTypes(Map<String, String> attributeTypes) {
        this.attributeTypes = Map.copyOf(attributeTypes);
    }

    /** Those of the columns that the table does not have. */
    List<String> unknown(Collection<String> columns) {
        return columns.stream()
                .filter(column -> !attributeTypes.containsKey(attribute(column)))
                .toList();
    }

    /** Schema of a record: all columns optional. */
    Schema schema(String name, Collection<String> columns) {
        SchemaBuilder builder = SchemaBuilder.struct().name(name);
        for (String column : columns) {
            builder.field(
                    column,
                    switch (kind(column)) {
                        case INT -> Schema.OPTIONAL_INT32_SCHEMA;
                        case LONG -> Schema.OPTIONAL_INT64_SCHEMA;
                        case BOOLEAN -> Schema.OPTIONAL_BOOLEAN_SCHEMA;
                        default -> Schema.OPTIONAL_STRING_SCHEMA;
                    });
        }
        return builder.build();
    }

    /** Native value of a column in an answer; null if it is empty. */
    Object read(String column, JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return null;
        }
        Object value = node.isNumber() ? node.decimalValue() : node.isBoolean() ? node.booleanValue() : node.asText();
        return convert(column, value);
    }

    /**
     * The value as the column's type; null for null and for blank text.
     *
     * @throws DataException if the column cannot hold it
     */
    Object convert(String column, Object value) {
        if (value == null || value instanceof String text && text.isBlank()) {
            return null;
        }
        Kind kind = kind(column);
        try {
            return switch (kind) {
                case INT -> number(value).intValueExact();
                case LONG -> number(value).longValueExact();
                case DECIMAL -> DynamicsValues.canonical(number(value));
                case BOOLEAN -> bool(value);
                case TEXT -> value instanceof BigDecimal decimal ? DynamicsValues.canonical(decimal) : value.toString();
            };
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new DataException(
                    "Column " + column + " takes values of type " + attributeTypes.get(attribute(column)) + " only", e);
        }
    }

    /** JSON of a value that is about to be written: null clears the column. */
    JsonNode write(String column, Object value) {
        Object converted = convert(column, value);
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (converted == null) {
            return json.nullNode();
        }
        return switch (kind(column)) {
            case INT -> json.numberNode((Integer) converted);
            case LONG -> json.numberNode((Long) converted);
            case BOOLEAN -> json.booleanNode((Boolean) converted);
            case DECIMAL -> json.numberNode(new BigDecimal((String) converted));
            case TEXT -> json.textNode((String) converted);
        };
    }

    private Kind kind(String column) {
        return switch (attributeTypes.getOrDefault(attribute(column), "String")) {
            case "Integer", "Picklist", "State", "Status" -> Kind.INT;
            case "BigInt" -> Kind.LONG;
            case "Boolean" -> Kind.BOOLEAN;
            case "Money", "Decimal", "Double" -> Kind.DECIMAL;
            default -> Kind.TEXT;
        };
    }

    /** Lookups are read as {@code _name_value}; their attribute is {@code name}. */
    private static String attribute(String column) {
        return column.startsWith("_") && column.endsWith("_value")
                ? column.substring(1, column.length() - "_value".length())
                : column;
    }

    private static BigDecimal number(Object value) {
        return new BigDecimal(value.toString().strip());
    }

    private static Boolean bool(Object value) {
        String text = value.toString().strip();
        if (text.equalsIgnoreCase("true") || text.equals("1")) {
            return true;
        }
        if (text.equalsIgnoreCase("false") || text.equals("0")) {
            return false;
        }
        throw new IllegalArgumentException("not a boolean");
    }
}
