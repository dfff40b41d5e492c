package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.LinkKeys;
import io.github.crmsync.core.sink.TargetRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Makes the sink's records of contacts. */
final class Targets {
    private Targets() {}

    static TargetRecord record(Contact contact, Set<String> fields, String linkProperty) {
        Map<String, Object> values = new LinkedHashMap<>(contact.properties());
        values.keySet().retainAll(fields);
        return record(contact, values, linkProperty);
    }

    /** @param linkProperty null for none */
    static TargetRecord record(Contact contact, Map<String, Object> values, String linkProperty) {
        Object link = linkProperty == null
                ? null
                : contact.properties().getOrDefault(linkProperty, (String) values.get(linkProperty));
        return new TargetRecord(
                contact.id(),
                contact.updatedAt(),
                Long.toString(contact.updatedAt()),
                contact.createdAt(),
                contact.updatedAt(),
                values,
                contact.emails(),
                LinkKeys.canonical(link));
    }
}
