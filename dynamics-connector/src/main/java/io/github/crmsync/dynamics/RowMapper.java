package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.dynamics.DynamicsConfig.Table;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;

/** Rows and deletions of the Web API as Connect records. */
final class RowMapper {
    /** Always read: the version, the time, and what tells a live row from an inactive one. */
    static final List<String> SYSTEM = List.of("versionnumber", "modifiedon", "statecode");

    private final Table table;
    private final String topic;
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Schema schema;

    /**
     * @param selected column names, without the system columns
     * @throws ConnectException if the table has no such column
     */
    RowMapper(Table table, String topic, List<String> selected, Map<String, DataverseApi.Column> columns) {
        this.table = table;
        this.topic = topic;
        SchemaBuilder builder = SchemaBuilder.struct()
                .name("io.github.crmsync.dynamics." + table.logicalName())
                .optional();
        for (String name : withSystemColumns(selected)) {
            DataverseApi.Column column = columns.get(name);
            if (column == null) {
                throw new ConnectException("The table " + table.logicalName() + " has no column " + name + ": correct "
                        + DynamicsSourceConfig.COLUMNS);
            }
            types.put(name, column.type());
            builder.field(name, DynamicsValues.schema(column.type()));
        }
        schema = builder.build();
    }

    static List<String> withSystemColumns(List<String> selected) {
        LinkedHashMap<String, Boolean> all = new LinkedHashMap<>();
        selected.forEach(name -> all.put(name, true));
        SYSTEM.forEach(name -> all.put(name, true));
        return List.copyOf(all.keySet());
    }

    List<String> columns() {
        return List.copyOf(types.keySet());
    }

    SourceRecord record(JsonNode row, Origin origin, Map<String, ?> partition, Map<String, ?> offset) {
        if (row.path("@odata.context").asText().endsWith("$deletedEntity")) {
            String id = row.path("id").asText().toLowerCase(Locale.ROOT);
            return new SourceRecord(
                    partition, offset, topic, null, Schema.STRING_SCHEMA, id, null, null, null, headers(id, origin));
        }
        String id = row.path(table.key()).asText().toLowerCase(Locale.ROOT);
        Struct value = new Struct(schema);
        Map<String, Long> fingerprints = new LinkedHashMap<>();
        types.forEach((name, type) -> {
            Object item = DynamicsValues.read(row.path(name), type);
            value.put(name, item);
            if (!SYSTEM.contains(name)) {
                fingerprints.put(name, DynamicsValues.fingerprint(name, DynamicsValues.write(item, type)));
            }
        });
        Headers headers = headers(id, origin);
        SyncHeaders.set(headers, SyncHeaders.VERSION, row.path("versionnumber").asText());
        String modified = row.path("modifiedon").asText(null);
        if (modified != null && !modified.equals("null")) {
            SyncHeaders.set(
                    headers,
                    SyncHeaders.MODIFIED,
                    Long.toString(Instant.parse(modified).toEpochMilli()));
        }
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, Fingerprints.pack(fingerprints));
        return new SourceRecord(partition, offset, topic, null, Schema.STRING_SCHEMA, id, schema, value, null, headers);
    }

    /** The mark behind the first complete reading, for one partition of the topic. */
    SourceRecord snapshotEnd(int partition, Map<String, ?> source, Map<String, ?> offset) {
        String key = "\u0000snapshot-end";
        return new SourceRecord(
                source,
                offset,
                topic,
                partition,
                Schema.STRING_SCHEMA,
                key,
                null,
                null,
                null,
                headers(key, Origin.SNAPSHOT_END));
    }

    private Headers headers(String id, Origin origin) {
        Headers headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, "dynamics");
        SyncHeaders.set(headers, SyncHeaders.OBJECT, table.logicalName());
        SyncHeaders.set(headers, SyncHeaders.ID, id);
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, origin.text());
        return headers;
    }
}
