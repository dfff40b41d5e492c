package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;

/** Makes Kafka records of contacts. */
final class ContactRecords {
    static final String APP = "hubspot";
    static final String OBJECT = "contacts";
    /** Key of the marks at the end of a snapshot: no contact's id. */
    static final String SNAPSHOT_END_KEY = "\u0000snapshot-end";

    private static final String SCHEMA_NAME = "io.github.crmsync.hubspot.contacts";

    private final String topic;
    private final List<String> properties;
    private final String linkProperty;
    private final HubSpotValues values;
    private final Schema schema;

    /** @param linkProperty empty for none */
    ContactRecords(String topic, List<String> properties, String linkProperty, HubSpotValues values) {
        this.topic = topic;
        this.properties = properties;
        this.linkProperty = linkProperty;
        this.values = values;
        SchemaBuilder builder = SchemaBuilder.struct().name(SCHEMA_NAME);
        properties.forEach(name -> builder.field(name, Schema.OPTIONAL_STRING_SCHEMA));
        schema = builder.build();
    }

    SourceRecord image(Contact contact, Origin origin, SourceOffset offset) {
        Struct value = new Struct(schema);
        properties.forEach(name -> value.put(name, contact.properties().get(name)));
        Headers headers = headers(contact.id(), contact.updatedAt(), origin);
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, fingerprints(contact));
        SyncHeaders.set(headers, SyncHeaders.LINK_KEY, contact.properties().get(linkProperty));
        return new SourceRecord(
                SourceOffset.PARTITION,
                offset.toMap(),
                topic,
                null,
                Schema.STRING_SCHEMA,
                contact.id(),
                schema,
                value,
                contact.updatedAt(),
                headers);
    }

    /** One number for the whole image, to tell whether two readings differ. */
    long imageFingerprint(Contact contact) {
        return Fingerprints.of(
                fingerprints(contact) + "|" + contact.properties().get(linkProperty));
    }

    private String fingerprints(Contact contact) {
        Map<String, Long> all = new LinkedHashMap<>();
        properties.forEach(name ->
                all.put(name, values.fingerprint(name, contact.properties().get(name))));
        return Fingerprints.pack(all);
    }

    SourceRecord tombstone(String id, long version, SourceOffset offset) {
        return new SourceRecord(
                SourceOffset.PARTITION,
                offset.toMap(),
                topic,
                null,
                Schema.STRING_SCHEMA,
                id,
                null,
                null,
                version,
                headers(id, version, Origin.LIVE));
    }

    /** The end of the snapshot in one partition of the topic. */
    SourceRecord snapshotEnd(int partition, int partitions, SourceOffset offset) {
        Headers headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.PARTITIONS, Integer.toString(partitions));
        SyncHeaders.set(headers, SyncHeaders.APP, APP);
        SyncHeaders.set(headers, SyncHeaders.OBJECT, OBJECT);
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, Origin.SNAPSHOT_END.text());
        return new SourceRecord(
                SourceOffset.PARTITION,
                offset.toMap(),
                topic,
                partition,
                Schema.STRING_SCHEMA,
                SNAPSHOT_END_KEY,
                null,
                null,
                null,
                headers);
    }

    static SourceRecord heartbeat(String topic, SourceOffset offset) {
        return new SourceRecord(
                SourceOffset.PARTITION,
                offset.toMap(),
                topic,
                null,
                Schema.STRING_SCHEMA,
                APP + ":" + OBJECT + ":" + offset.portal(),
                Schema.STRING_SCHEMA,
                Long.toString(offset.cursor()));
    }

    private static Headers headers(String id, long version, Origin origin) {
        Headers headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, APP);
        SyncHeaders.set(headers, SyncHeaders.OBJECT, OBJECT);
        SyncHeaders.set(headers, SyncHeaders.ID, id);
        SyncHeaders.set(headers, SyncHeaders.VERSION, Long.toString(version));
        SyncHeaders.set(headers, SyncHeaders.MODIFIED, Long.toString(version));
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, origin.text());
        return headers;
    }
}
