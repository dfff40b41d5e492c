package io.github.crmsync.transforms;

import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Access to a record's value, whether it is a Struct or a schemaless Map. */
final class Fields {
    private Fields() {}

    /** Value of a field; null if it is empty or there is no such field. */
    static Object get(Object value, String name) {
        if (value instanceof Struct struct) {
            Field field = struct.schema().field(name);
            return field == null ? null : struct.get(field);
        }
        return value instanceof Map<?, ?> map ? map.get(name) : null;
    }

    static boolean has(Object value, String name) {
        if (value instanceof Struct struct) {
            return struct.schema().field(name) != null;
        }
        return value instanceof Map<?, ?> map && map.containsKey(name);
    }

    static Map<String, Object> asMap(Object value) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (value instanceof Struct struct) {
            struct.schema().fields().forEach(field -> result.put(field.name(), struct.get(field)));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, item) -> result.put(String.valueOf(name), item));
        } else {
            throw new DataException("The value must be a struct or a map, not "
                    + (value == null ? "null" : value.getClass().getName()));
        }
        return result;
    }

    /** Whether the record is no record but the mark behind a snapshot. */
    static boolean isMark(ConnectRecord<?> record) {
        return SyncHeaders.get(record.headers(), SyncHeaders.ORIGIN)
                .filter(Origin.SNAPSHOT_END.text()::equals)
                .isPresent();
    }

    /** App that a record comes from: by its header, else the other one than the given. */
    static String app(ConnectRecord<?> record, String otherwise) {
        return SyncHeaders.get(record.headers(), SyncHeaders.APP).orElse(otherwise);
    }
}
