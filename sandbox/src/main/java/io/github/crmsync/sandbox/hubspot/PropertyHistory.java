package io.github.crmsync.sandbox.hubspot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What values properties had, and who set them. */
final class PropertyHistory {
    /** One value of one property. */
    record Version(String name, String value, long atMs, String sourceType, String sourceId) {}

    private final Map<Long, List<Version>> versions = new HashMap<>();

    /** Past and present values of a property, newest first. */
    List<Version> of(Contact contact, String name) {
        List<Version> all = new ArrayList<>();
        for (Version version : versions.getOrDefault(contact.id(), List.of())) {
            if (version.name().equals(name)) {
                all.add(0, version);
            }
        }
        String value = contact.get(name);
        if (all.isEmpty() && value != null) {
            all.add(original(contact, name, value));
        }
        return all;
    }

    /** The value from the contact's creation, of which no history is kept. */
    private static Version original(Contact contact, String name, String value) {
        String app = contact.bag().get("hs_object_source_id");
        String sourceType = app == null ? "CRM_UI" : "INTEGRATION";
        return new Version(name, value, contact.createdMs(), sourceType, app == null ? "userId:1" : app);
    }

    /** Keeps what a write changes. */
    void remember(Contact before, Map<String, String> changes, long nowMs, String sourceType, String sourceId) {
        changes.forEach((name, value) -> {
            String old = before.bag().get(name);
            String set = value == null ? "" : value;
            if (set.equals(old == null ? "" : old)) {
                return;
            }
            List<Version> ofContact = versions.computeIfAbsent(before.id(), key -> new ArrayList<>(4));
            if (old != null && ofContact.stream().noneMatch(seen -> seen.name().equals(name))) {
                ofContact.add(original(before, name, old));
            }
            ofContact.add(new Version(name.intern(), set, nowMs, sourceType, sourceId));
        });
    }

    /** Gives the history of a contact that was merged to the survivor. */
    void move(long from, long to) {
        List<Version> moved = from == to ? null : versions.remove(from);
        if (moved != null) {
            versions.put(to, moved);
        }
    }

    void forget(long id) {
        versions.remove(id);
    }
}
