package io.github.crmsync.transforms;

import io.github.crmsync.core.record.Decimals;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Reads record values, which are Structs with a schema or Maps without one. */
final class RecordValue {
    private RecordValue() {}

    /** Whether the record has the field, empty or not. */
    static boolean has(Object value, String field) {
        return value instanceof Struct struct
                ? struct.schema().field(field) != null
                : map(value).containsKey(field);
    }

    /** The field's value; null where it is empty or the record does not have it. */
    static Object get(Object value, String field) {
        if (value instanceof Struct struct) {
            Field found = struct.schema().field(field);
            return found == null ? null : struct.get(found);
        }
        return map(value).get(field);
    }

    static Map<?, ?> map(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new DataException("The record's value must be a Struct or a Map, but is a "
                + value.getClass().getName());
    }

    /** A scalar as text, without exponents and without the fraction of whole numbers; null stays null. */
    static String text(Object scalar) {
        if (scalar == null) {
            return null;
        }
        if (scalar instanceof BigDecimal decimal) {
            return Decimals.plain(decimal);
        }
        if (scalar instanceof Double || scalar instanceof Float) {
            double number = ((Number) scalar).doubleValue();
            return Double.isFinite(number) ? Decimals.canonical(new BigDecimal(scalar.toString())) : scalar.toString();
        }
        if (scalar instanceof java.util.Date date) {
            return date.toInstant().toString();
        }
        return scalar.toString();
    }
}
