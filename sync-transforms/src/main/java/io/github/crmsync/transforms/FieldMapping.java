package io.github.crmsync.transforms;

import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Renames the source's fields to the target's and leaves out all others. */
public final class FieldMapping<R extends ConnectRecord<R>> extends Directive<R> {
    public static final String MAPPING = "mapping";

    private final Cache<Schema, Schema> schemas = new SynchronizedCache<>(new LRUCache<>(16));
    private Mapping mapping;

    public FieldMapping() {
        super(new ConfigDef()
                .define(
                        MAPPING,
                        Type.STRING,
                        "default-contact",
                        FieldMapping::validate,
                        Importance.HIGH,
                        "Pairs such as firstname<->firstname,zip->address1_postalcode, HubSpot's property first, the same text"
                                + " for both directions; default-contact and default-lead stand for the shipped lists.",
                        "Mapping",
                        1,
                        Width.LONG,
                        "Mapping"));
    }

    private static void validate(String name, Object value) {
        if (value != null) {
            try {
                Mapping.parse(value.toString());
            } catch (IllegalArgumentException e) {
                throw new ConfigException(name, value, e.getMessage());
            }
        }
    }

    @Override
    void configure(AbstractConfig config) {
        mapping = Mapping.parse(config.getString(MAPPING));
    }

    @Override
    R directed(R record) {
        List<MappedField> fields = mapping.from(Fields.app(record, mapping.guessApp(record.value())));
        if (record.value() == null) {
            SyncHeaders.set(record.headers(), SyncHeaders.MAPPING, MappedField.format(fields));
            return record;
        }
        List<MappedField> present = fields.stream()
                .filter(field -> Fields.has(record.value(), field.source()))
                .toList();
        SyncHeaders.set(record.headers(), SyncHeaders.MAPPING, MappedField.format(present));
        if (record.value() instanceof Struct struct) {
            Schema schema = schema(struct.schema(), present);
            Struct value = new Struct(schema);
            present.forEach(field -> value.put(field.target(), struct.get(field.source())));
            return replaced(record, schema, value);
        }
        Map<String, Object> value = new LinkedHashMap<>();
        present.forEach(field -> value.put(field.target(), Fields.get(record.value(), field.source())));
        return replaced(record, null, value);
    }

    private Schema schema(Schema source, List<MappedField> fields) {
        Schema cached = schemas.get(source);
        if (cached != null) {
            return cached;
        }
        SchemaBuilder builder = SchemaBuilder.struct().optional();
        for (MappedField mapped : fields) {
            Field field = source.field(mapped.source());
            builder.field(mapped.target(), field.schema());
        }
        Schema schema = builder.build();
        schemas.put(source, schema);
        return schema;
    }

    private R replaced(R record, Schema schema, Object value) {
        return record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                schema,
                value,
                record.timestamp(),
                record.headers());
    }
}
