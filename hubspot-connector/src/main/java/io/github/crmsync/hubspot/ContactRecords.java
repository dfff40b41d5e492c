package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;

/** Makes Kafka records of contacts. */
final class ContactRecords {
    static final String APP = "hubspot";
    static final String OBJECT = "contacts";
    /** Key of the marks at the end of a snapshot: no contact's id. */
    static final String SNAPSHOT_END_KEY = "\u0000snapshot-end";

    private final String topic;
    private final SourceSchema schema;
    private final String linkProperty;
    private final HubSpotValues values;

    /** @param linkProperty empty for none */
    ContactRecords(String topic, SourceSchema schema, String linkProperty, HubSpotValues values) {
        this.topic = topic;
        this.schema = schema;
        this.linkProperty = linkProperty;
        this.values = values;
    }

    /** Properties that a contact must be read with. */
    Set<String> wanted() {
        Set<String> wanted = new LinkedHashSet<>(schema.names());
        wanted.addAll(List.of(Contact.MODIFIED, Contact.MERGED_IDS));
        if (!linkProperty.isEmpty()) {
            wanted.add(linkProperty);
        }
        return wanted;
    }

    /** @param excluded why the contact is out of scope; null if it is not */
    SourceRecord image(Contact contact, Origin origin, String excluded, SourceOffset offset) {
        Headers headers = headers(contact.id(), contact.updatedAt(), origin);
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, fingerprints(contact));
        SyncHeaders.set(headers, SyncHeaders.LINK_KEY, contact.properties().get(linkProperty));
        SyncHeaders.set(headers, SyncHeaders.EXCLUDED, excluded);
        return record(
                null,
                contact.id(),
                new SchemaAndValue(schema.schema(), schema.value(contact)),
                contact.updatedAt(),
                headers,
                offset);
    }

    /** One number for the whole image, to tell whether two readings differ. */
    long imageFingerprint(Contact contact, String excluded) {
        return Fingerprints.of(
                fingerprints(contact) + "|" + contact.properties().get(linkProperty) + "|" + excluded);
    }

    private String fingerprints(Contact contact) {
        Map<String, Long> all = new LinkedHashMap<>();
        schema.names()
                .forEach(name -> all.put(
                        name, values.fingerprint(name, contact.properties().get(name))));
        return Fingerprints.pack(all);
    }

    /** @param movedTo id of the contact that took this one's place; null for none */
    SourceRecord tombstone(String id, long version, String movedTo, SourceOffset offset) {
        Headers headers = headers(id, version, Origin.LIVE);
        SyncHeaders.set(headers, SyncHeaders.MOVED_TO, movedTo);
        return record(null, id, SchemaAndValue.NULL, version, headers, offset);
    }

    /** The end of the snapshot in one partition of the topic. */
    SourceRecord snapshotEnd(int partition, int partitions, SourceOffset offset) {
        Headers headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.PARTITIONS, Integer.toString(partitions));
        SyncHeaders.set(headers, SyncHeaders.APP, APP);
        SyncHeaders.set(headers, SyncHeaders.OBJECT, OBJECT);
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, Origin.SNAPSHOT_END.text());
        return record(partition, SNAPSHOT_END_KEY, SchemaAndValue.NULL, null, headers, offset);
    }

    /** @param partition null for the one that the key leads to */
    private SourceRecord record(
            Integer partition, String key, SchemaAndValue value, Long at, Headers headers, SourceOffset offset) {
        return new SourceRecord(
                SourceOffset.PARTITION.form(),
                offset.toMap(),
                topic,
                partition,
                Schema.STRING_SCHEMA,
                key,
                value.schema(),
                value.value(),
                at,
                headers);
    }

    static SourceRecord heartbeat(String topic, SourceOffset offset) {
        return new SourceRecord(
                SourceOffset.PARTITION.form(),
                offset.toMap(),
                topic,
                null,
                Schema.STRING_SCHEMA,
                APP + ":" + OBJECT + ":" + offset.portal(),
                Schema.STRING_SCHEMA,
                Long.toString(offset.get(SourceOffset.Mark.CURSOR)));
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
