package io.github.crmsync.sandbox.hubspot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns contacts into the JSON the service answers with. */
final class ContactView {
    private static final List<String> DEFAULTS =
            List.of("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname");
    private static final List<String> WRITE_ANSWER = List.of(
            "createdate",
            "hs_all_contact_vids",
            "hs_email_domain",
            "hs_full_name_or_email",
            "hs_is_contact",
            "hs_is_unworked",
            "hs_object_id",
            "hs_pipeline",
            "lastmodifieddate");

    private final ContactStore store;
    private final PropertyCatalog catalog;
    private final boolean omitUnset;
    private final int portalId;

    ContactView(ContactStore store, PropertyCatalog catalog, boolean omitUnset, int portalId) {
        this.store = store;
        this.catalog = catalog;
        this.omitUnset = omitUnset;
        this.portalId = portalId;
    }

    /** The record with the asked-for properties, the default ones when none are named. */
    Map<String, Object> read(Contact contact, Collection<String> asked) {
        return read(contact, asked, List.of());
    }

    Map<String, Object> read(Contact contact, Collection<String> asked, Collection<String> withHistory) {
        Set<String> names = new LinkedHashSet<>(List.of("createdate", "hs_object_id", "lastmodifieddate"));
        names.addAll(asked.isEmpty() ? DEFAULTS : asked);
        names.addAll(withHistory);
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String name : names) {
            String value = contact.get(name);
            boolean known = value != null || catalog.live(name) != null;
            if (known && (value != null || !omitUnset)) {
                properties.put(name, value);
            }
        }
        Map<String, Object> view = envelope(contact, properties);
        if (!withHistory.isEmpty()) {
            view.put("propertiesWithHistory", history(contact, withHistory));
        }
        return view;
    }

    /** The answer to a write: everything that is set. */
    Map<String, Object> written(Contact contact) {
        Map<String, Object> properties = new LinkedHashMap<>(contact.bag().toMap());
        for (String name : WRITE_ANSWER) {
            String value = contact.get(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
        return envelope(contact, properties);
    }

    private Map<String, Object> envelope(Contact contact, Map<String, Object> properties) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", Long.toString(contact.id()));
        view.put("properties", properties);
        view.put("createdAt", Contact.iso(contact.createdMs()));
        view.put("updatedAt", Contact.iso(contact.modifiedMs()));
        view.put("archived", contact.archived());
        if (contact.archived()) {
            view.put("archivedAt", Contact.iso(contact.archivedMs()));
        }
        view.put("url", "https://app.hubspot.com/contacts/" + portalId + "/record/0-1/" + contact.id());
        return view;
    }

    private Map<String, Object> history(Contact contact, Collection<String> names) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String name : names) {
            if (catalog.live(name) == null) {
                continue;
            }
            List<Object> values = new ArrayList<>();
            for (PropertyHistory.Version version : store.history().of(contact, name)) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("value", version.value());
                entry.put("timestamp", Contact.iso(version.atMs()));
                entry.put("sourceType", version.sourceType());
                entry.put("sourceId", version.sourceId());
                if (version.sourceId().startsWith("userId:")) {
                    entry.put(
                            "updatedByUserId",
                            Integer.parseInt(version.sourceId().substring(7)));
                }
                values.add(entry);
            }
            all.put(name, values);
        }
        return all;
    }
}
