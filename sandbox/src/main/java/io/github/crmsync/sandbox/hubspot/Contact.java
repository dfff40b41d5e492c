package io.github.crmsync.sandbox.hubspot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One version of a contact. {@code archivedMs} is 0 while it is not archived; {@code version} grows with each change. */
record Contact(long id, long version, long createdMs, long modifiedMs, long archivedMs, PropertyBag bag) {

    boolean archived() {
        return archivedMs != 0;
    }

    /** The value of a property, including those derived from the record itself; null when unset. */
    String get(String name) {
        switch (name) {
            case "hs_object_id":
                return Long.toString(id);
            case "createdate":
                return iso(createdMs);
            case "lastmodifieddate":
                return iso(modifiedMs);
            case "hs_is_contact":
                return "true";
            case "hs_is_unworked":
                return "true";
            case "hs_all_contact_vids":
                return Long.toString(id);
            case "hs_pipeline":
                return "contacts-lifecycle-pipeline";
            case "hs_email_domain":
                String email = bag.get("email");
                return email == null ? null : email.substring(email.indexOf('@') + 1);
            case "hs_full_name_or_email":
                return fullNameOrEmail();
            default:
                return bag.get(name);
        }
    }

    private String fullNameOrEmail() {
        String first = bag.get("firstname");
        String last = bag.get("lastname");
        if (first == null && last == null) {
            return bag.get("email");
        }
        return ((first == null ? "" : first) + " " + (last == null ? "" : last)).strip();
    }

    /** Primary and additional addresses, lower-cased. */
    List<String> emails() {
        List<String> all = new ArrayList<>();
        String primary = bag.get("email");
        if (primary != null) {
            all.add(primary);
        }
        String more = bag.get("hs_additional_emails");
        if (more != null) {
            all.addAll(List.of(more.split(";")));
        }
        return all;
    }

    Contact changed(long newVersion, long nowMs, Map<String, String> changes) {
        return new Contact(id, newVersion, createdMs, nowMs, archivedMs, bag.with(changes));
    }

    Contact archivedAt(long newVersion, long nowMs) {
        return new Contact(id, newVersion, createdMs, modifiedMs, nowMs, bag);
    }

    static String iso(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }
}
