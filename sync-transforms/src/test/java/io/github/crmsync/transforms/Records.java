package io.github.crmsync.transforms;

import io.github.crmsync.core.record.SyncHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;

/** Records for the tests of the transforms, and what the transforms made of them. */
final class Records {
    /** The two shapes of a record's value. */
    enum Shape {
        STRUCT,
        MAP;

        SinkRecord record(Object... namesAndValues) {
            Map<String, Object> fields = fields(namesAndValues);
            if (this == MAP) {
                return of("1", null, fields);
            }
            SchemaBuilder builder = SchemaBuilder.struct();
            fields.forEach((name, value) -> builder.field(name, schema(value)));
            Struct struct = new Struct(builder.build());
            fields.forEach(struct::put);
            return of("1", struct.schema(), struct);
        }
    }

    private Records() {}

    static SinkRecord of(String id, Schema schema, Object value) {
        return new SinkRecord("crm", 0, Schema.STRING_SCHEMA, id, schema, value, 0);
    }

    static SinkRecord tombstone() {
        return of("1", null, null);
    }

    static SinkRecord from(String app, SinkRecord message) {
        SyncHeaders.set(message.headers(), SyncHeaders.APP, app);
        return message;
    }

    static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    /** The fields of a record's value, be it Struct or Map. */
    static Map<String, Object> fields(SinkRecord message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (message.value() instanceof Struct struct) {
            struct.validate();
            struct.schema().fields().forEach(field -> fields.put(field.name(), struct.get(field)));
        } else {
            ((Map<?, ?>) message.value()).forEach((name, value) -> fields.put((String) name, value));
        }
        return fields;
    }

    static String header(SinkRecord message, String name) {
        return SyncHeaders.get(message.headers(), name).orElse(null);
    }

    static <T extends Transformation<SinkRecord>> T configured(T transform, String... settings) {
        Map<String, String> config = new LinkedHashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            config.put(settings[i], settings[i + 1]);
        }
        transform.configure(config);
        return transform;
    }

    private static Schema schema(Object value) {
        if (value instanceof Long) {
            return Schema.OPTIONAL_INT64_SCHEMA;
        }
        if (value instanceof Integer) {
            return Schema.OPTIONAL_INT32_SCHEMA;
        }
        if (value instanceof Boolean) {
            return Schema.OPTIONAL_BOOLEAN_SCHEMA;
        }
        return value instanceof Double ? Schema.OPTIONAL_FLOAT64_SCHEMA : Schema.OPTIONAL_STRING_SCHEMA;
    }
}
