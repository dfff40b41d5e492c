package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;

/** Makes Connect records of rows, deletions and marks. */
final class RecordFactory {
    /** Key of an end mark: no row has it. */
    static final String SNAPSHOT_END_KEY = "\u0000snapshot-end";

    private static final Set<String> NOT_COMPARED = Set.of("versionnumber", "modifiedon");

    private final DynamicsSourceConfig config;
    private final Table table;
    private final ColumnTypes types;
    private final List<String> columns;
    private final Schema schema;
    private final Map<String, String> partition;

    RecordFactory(DynamicsSourceConfig config, ColumnTypes types) {
        this.config = config;
        this.table = config.table();
        this.types = types;
        this.columns = config.columns();
        this.schema = types.schema("io.github.crmsync.dynamics." + table.logicalName(), columns, config.optionLabels());
        this.partition = config.sourcePartition().form();
    }

    /**
     * Records of a page.
     *
     * @param fates of rows that do not simply flow, by id
     * @param again offset from which the page can be read again: that of all records but the last
     * @param after offset after the page: that of its last record
     */
    List<SourceRecord> page(
            Page page, Map<String, RowFates.Fate> fates, Origin origin, SourceOffset again, SourceOffset after) {
        int size = page.rows().size() + page.deleted().size();
        List<SourceRecord> records = new ArrayList<>(size);
        Map<String, Object> early = again.toMap();
        Map<String, Object> last = after.toMap();
        for (JsonNode row : page.rows()) {
            String id = Ids.plain(row.path(table.key()).asText());
            RowFates.Fate fate = fates.getOrDefault(id, RowFates.Fate.FLOWS);
            Map<String, Object> offset = records.size() + 1 < size ? early : last;
            SourceRecord record = fate.movedTo() == null ? row(row, id, origin, offset) : tombstone(id, origin, offset);
            SyncHeaders.set(record.headers(), SyncHeaders.MOVED_TO, fate.movedTo());
            SyncHeaders.set(record.headers(), SyncHeaders.EXCLUDED, fate.excluded());
            records.add(record);
        }
        for (String id : page.deleted()) {
            records.add(tombstone(id, origin, records.size() + 1 < size ? early : last));
        }
        return records;
    }

    /** Tombstones of rows that were found missing. */
    List<SourceRecord> deletions(List<String> ids, SourceOffset offset) {
        Map<String, Object> map = offset.toMap();
        return ids.stream().map(id -> tombstone(id, Origin.LIVE, map)).toList();
    }

    private SourceRecord row(JsonNode row, String id, Origin origin, Map<String, Object> offset) {
        Struct value = new Struct(schema);
        Map<String, Long> fingerprints = new HashMap<>();
        for (String column : columns) {
            Object read = column.equals(table.key()) ? id : types.read(column, row.get(column));
            value.put(column, shown(row, column, read));
            if (!NOT_COMPARED.contains(column) && !column.equals(table.key())) {
                // Of an option its number, so that labels can be renamed; of a name the text, which is all there is.
                fingerprints.put(
                        column,
                        DynamicsValues.fingerprint(column, types.nameOf(column) == null ? read : value.get(column)));
            }
        }
        long modified = RowReader.millis(row.path("modifiedon"));
        SourceRecord record = new SourceRecord(
                partition,
                offset,
                config.topic(),
                null,
                Schema.STRING_SCHEMA,
                id,
                schema,
                value,
                modified == 0 ? null : modified);
        Headers headers = identity(record, id, origin);
        SyncHeaders.set(headers, SyncHeaders.VERSION, row.path("versionnumber").asText());
        SyncHeaders.set(headers, SyncHeaders.MODIFIED, Long.toString(modified));
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, Fingerprints.pack(fingerprints));
        return record;
    }

    /** What the record shows: the label of an option, or the name of a lookup's row, where that is asked for. */
    private Object shown(JsonNode row, String column, Object read) {
        String lookup = types.nameOf(column);
        if (lookup != null) {
            return ColumnTypes.label(row, lookup);
        }
        if (read != null && config.optionLabels() && types.isOption(column)) {
            String label = ColumnTypes.label(row, column);
            // Several labels come with a semicolon and a blank between them.
            return label == null ? read.toString() : types.isMultiple(column) ? label.replace("; ", ";") : label;
        }
        return read;
    }

    /** A deletion is reported without version and time. */
    private SourceRecord tombstone(String id, Origin origin, Map<String, Object> offset) {
        SourceRecord record =
                new SourceRecord(partition, offset, config.topic(), null, Schema.STRING_SCHEMA, id, null, null);
        identity(record, id, origin);
        return record;
    }

    private Headers identity(SourceRecord record, String id, Origin origin) {
        Headers headers = record.headers();
        SyncHeaders.set(headers, SyncHeaders.APP, "dynamics");
        SyncHeaders.set(headers, SyncHeaders.OBJECT, table.logicalName());
        SyncHeaders.set(headers, SyncHeaders.ID, id);
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, origin.text());
        return headers;
    }

    /** End marks of the first reading, one for each partition; the last one goes live. */
    List<SourceRecord> marks(SourceOffset marks, SourceOffset live) {
        List<SourceRecord> records = new ArrayList<>();
        int partitions = config.partitions();
        for (int i = 0; i < partitions; i++) {
            SourceRecord record = new SourceRecord(
                    partition,
                    (i + 1 < partitions ? marks : live).toMap(),
                    config.topic(),
                    i,
                    Schema.STRING_SCHEMA,
                    SNAPSHOT_END_KEY,
                    null,
                    null);
            SyncHeaders.set(record.headers(), SyncHeaders.APP, "dynamics");
            SyncHeaders.set(record.headers(), SyncHeaders.OBJECT, table.logicalName());
            SyncHeaders.set(record.headers(), SyncHeaders.ORIGIN, Origin.SNAPSHOT_END.text());
            SyncHeaders.set(record.headers(), SyncHeaders.PARTITIONS, Integer.toString(partitions));
            records.add(record);
        }
        return records;
    }

    /** A record that only carries the offset. */
    SourceRecord heartbeat(SourceOffset offset, long now) {
        return new SourceRecord(
                partition,
                offset.toMap(),
                config.heartbeatTopic(),
                null,
                Schema.STRING_SCHEMA,
                config.environmentName() + "/" + table.logicalName(),
                Schema.STRING_SCHEMA,
                Instant.ofEpochMilli(now).toString());
    }
}
