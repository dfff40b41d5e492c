package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.record.Fingerprints;
import java.math.BigDecimal;
import java.util.Locale;
import org.apache.kafka.connect.data.Schema;

/** Values of Dataverse columns: from JSON, to JSON, and their one normal form for fingerprints. */
final class DynamicsValues {
    private DynamicsValues() {}

    /** Connect schema of a column; dates, money, lookups and unknown types travel as text. */
    static Schema schema(String attributeType) {
        return switch (attributeType) {
            case "Boolean" -> Schema.OPTIONAL_BOOLEAN_SCHEMA;
            case "Integer", "Picklist", "State", "Status" -> Schema.OPTIONAL_INT32_SCHEMA;
            case "BigInt" -> Schema.OPTIONAL_INT64_SCHEMA;
            default -> Schema.OPTIONAL_STRING_SCHEMA;
        };
    }

    /** A column's value as the Java type of its schema; null for JSON null. */
    static Object read(JsonNode node, String attributeType) {
        if (node.isNull() || node.isMissingNode()) {
            return null;
        }
        return switch (attributeType) {
            case "Boolean" -> node.asBoolean();
            case "Integer", "Picklist", "State", "Status" -> node.asInt();
            case "BigInt" -> node.asLong();
            default -> node.isNumber() ? node.decimalValue().toPlainString() : node.asText();
        };
    }

    /** A value as the column takes it; null clears. Text that does not fit the type is sent as it is, for the API to refuse. */
    static Object write(Object value, String attributeType) {
        String text = value == null ? "" : value.toString().strip();
        if (text.isEmpty()) {
            return null;
        }
        try {
            return switch (attributeType) {
                case "Boolean" -> value instanceof Boolean ? value : Boolean.parseBoolean(text);
                case "Integer", "Picklist", "State", "Status" -> new BigDecimal(text).intValueExact();
                case "BigInt" -> new BigDecimal(text).longValueExact();
                case "Decimal", "Double", "Money" -> new BigDecimal(text);
                default -> value.toString();
            };
        } catch (ArithmeticException | NumberFormatException e) {
            return value.toString();
        }
    }

    /** Fingerprint of a value, native or about to be written: e-mail case and the writing of numbers make no difference. */
    static long fingerprint(String column, Object value) {
        if (value == null) {
            return Fingerprints.EMPTY;
        }
        String text = value.toString();
        if (column.startsWith("emailaddress")) {
            return Fingerprints.of(text.toLowerCase(Locale.ROOT));
        }
        if (value instanceof BigDecimal number) {
            return Fingerprints.of(number.stripTrailingZeros().toPlainString());
        }
        return Fingerprints.of(text);
    }
}
