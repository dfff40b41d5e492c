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

/** Contacts and deletions as Connect records. */
final class ContactMapper {
    private final String topic;
    private final List<String> properties;
    private final String linkProperty;
    private final HubSpotValues values;
    private final Schema schema;

    ContactMapper(String topic, List<String> properties, String linkProperty, HubSpotValues values) {
        this.topic = topic;
        this.properties = properties;
        this.linkProperty = linkProperty;
        this.values = values;
        SchemaBuilder builder = SchemaBuilder.struct()
                .name("io.github.crmsync.hubspot.contacts")
                .optional();
        properties.forEach(name -> builder.field(name, Schema.OPTIONAL_STRING_SCHEMA));
        this.schema = builder.build();
    }

    /** One fingerprint of everything in the image: two edits in one millisecond share a version. */
    long fingerprint(Contact contact) {
        return Fingerprints.of(contact.updatedAt() + " " + Fingerprints.pack(fingerprints(contact)));
    }

    private Map<String, Long> fingerprints(Contact contact) {
        Map<String, Long> fingerprints = new LinkedHashMap<>();
        properties.forEach(name -> fingerprints.put(
                name, values.fingerprint(name, contact.properties().get(name))));
        return fingerprints;
    }

    SourceRecord record(Contact contact, Origin origin, Map<String, ?> partition, Map<String, ?> offset) {
        Struct value = new Struct(schema);
        properties.forEach(name -> value.put(name, contact.properties().get(name)));
        Headers headers = headers(contact.id(), origin);
        SyncHeaders.set(headers, SyncHeaders.VERSION, Long.toString(contact.updatedAt()));
        SyncHeaders.set(headers, SyncHeaders.MODIFIED, Long.toString(contact.updatedAt()));
        SyncHeaders.set(headers, SyncHeaders.FINGERPRINTS, Fingerprints.pack(fingerprints(contact)));
        SyncHeaders.set(headers, SyncHeaders.LINK_KEY, contact.properties().get(linkProperty));
        return new SourceRecord(
                partition, offset, topic, null, Schema.STRING_SCHEMA, contact.id(), schema, value, null, headers);
    }

    SourceRecord deletion(Contact contact, Map<String, ?> partition, Map<String, ?> offset) {
        return new SourceRecord(
                partition,
                offset,
                topic,
                null,
                Schema.STRING_SCHEMA,
                contact.id(),
                null,
                null,
                null,
                headers(contact.id(), Origin.LIVE));
    }

    /** The mark behind the first complete reading, for one partition of the topic. */
    SourceRecord snapshotEnd(int number, Map<String, ?> partition, Map<String, ?> offset) {
        String key = "\u0000snapshot-end";
        return new SourceRecord(
                partition,
                offset,
                topic,
                number,
                Schema.STRING_SCHEMA,
                key,
                null,
                null,
                null,
                headers(key, Origin.SNAPSHOT_END));
    }

    private static Headers headers(String id, Origin origin) {
        Headers headers = new ConnectHeaders();
        SyncHeaders.set(headers, SyncHeaders.APP, "hubspot");
        SyncHeaders.set(headers, SyncHeaders.OBJECT, "contacts");
        SyncHeaders.set(headers, SyncHeaders.ID, id);
        SyncHeaders.set(headers, SyncHeaders.ORIGIN, origin.text());
        return headers;
    }
}
