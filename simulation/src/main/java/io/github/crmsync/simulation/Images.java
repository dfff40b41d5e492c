package io.github.crmsync.simulation;

import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.StageDirective;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records as source and transforms would hand them to a sink. */
final class Images {
    private static final String MAPPING = MappedField.format(
            Crm.FIELDS.stream().map(field -> new MappedField(field, field)).toList());

    private final String merge;
    private final boolean sticky;

    Images(String defaultApp, boolean sticky) {
        this.sticky = sticky;
        merge = new MergePolicy(defaultApp, true, Map.of(), Set.of()).format();
    }

    SinkRecord of(Crm crm, Crm.Row row, Origin origin, Topic topic) {
        return record(crm, row, origin, topic, new HashMap<>(row.values));
    }

    SinkRecord deletion(Crm crm, Crm.Row row, Topic topic) {
        return record(crm, row, Origin.LIVE, topic, null);
    }

    private SinkRecord record(Crm crm, Crm.Row row, Origin origin, Topic topic, Map<String, Object> value) {
        int partition = topic.partitionOf(row.id);
        ConnectHeaders headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, crm.app);
        SyncHeaders.set(headers, SyncHeaders.ID, row.id);
        // Dynamics tells of a deletion without a version.
        boolean versioned = value != null || crm.isHubspot();
        SyncHeaders.set(headers, SyncHeaders.VERSION, versioned ? String.valueOf(row.version) : null);
        SyncHeaders.set(headers, SyncHeaders.MODIFIED, String.valueOf(row.modified));
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, origin.text());
        SyncHeaders.set(headers, SyncHeaders.LINK_KEY, row.linkKey);
        SyncHeaders.set(headers, SyncHeaders.MAPPING, MAPPING);
        SyncHeaders.set(headers, SyncHeaders.MERGE, merge);
        SyncHeaders.set(headers, SyncHeaders.MOVED_TO, value == null ? row.mergedInto : null);
        if (value != null) {
            String email = row.value(Crm.EMAIL);
            SyncHeaders.set(headers, SyncHeaders.EMAIL, email.isEmpty() ? null : email);
            String filtered = row.inScope ? null : sticky ? "filter-sticky" : "filter";
            SyncHeaders.set(headers, SyncHeaders.EXCLUDED, filtered == null && email.isEmpty() ? "no-email" : filtered);
            if (!crm.isHubspot() && row.stage >= 0) {
                SyncHeaders.set(
                        headers,
                        SyncHeaders.ON_UPDATE,
                        new StageDirective(Crm.STAGE, Crm.STAGES.get(row.stage), Crm.STAGES).format());
            }
        }
        return new SinkRecord(
                topic.name,
                partition,
                Schema.STRING_SCHEMA,
                row.id,
                null,
                value,
                topic.end(partition),
                // The time of an image is HubSpot's time of the change, which is its version, or that of sending.
                crm.isHubspot() ? row.version : crm.now(),
                TimestampType.CREATE_TIME,
                headers);
    }

    /** The end of the first reading, in one partition. */
    static SinkRecord mark(Crm crm, Topic topic, int partition, int partitions) {
        ConnectHeaders headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, crm.app);
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, Origin.SNAPSHOT_END.text());
        SyncHeaders.set(headers, SyncHeaders.PARTITIONS, Integer.toString(partitions));
        return new SinkRecord(
                topic.name,
                partition,
                Schema.STRING_SCHEMA,
                "snapshot-end",
                null,
                null,
                topic.end(partition),
                crm.now(),
                TimestampType.CREATE_TIME,
                headers);
    }

    static List<String> describe(SinkRecord record) {
        return List.of(
                record.key().toString(),
                "v" + SyncHeaders.get(record.headers(), SyncHeaders.VERSION).orElse("?"),
                String.valueOf(record.value()));
    }
}
