package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A list of contacts and its members. */
final class ContactList {
    final String id;
    /** {@code MANUAL}, {@code SNAPSHOT} or {@code DYNAMIC}. */
    final String type;

    final long createdMs;
    /** When each member joined, by id. */
    final NavigableMap<Long, Long> joinedMs = new TreeMap<>();

    String name;
    long updatedMs;
    long filtersUpdatedMs;
    int version = 1;
    /** Until then the filters are being evaluated: who is in the list is not in it yet. */
    long processingUntilMs;
    /** 0 while the list is there. */
    long deletedMs;
    /** Null for a list without filters. */
    JsonNode filterBranch;

    ListCondition condition;
    private final Map<Long, Long> firstJoinedMs = new HashMap<>();

    ContactList(String id, String name, String type, long createdMs) {
        this.id = id;
        this.name = name;
        this.type = type;
        this.createdMs = createdMs;
        updatedMs = createdMs;
    }

    boolean isDynamic() {
        return type.equals("DYNAMIC");
    }

    boolean isProcessing() {
        return processingUntilMs > 0;
    }

    boolean join(long contact, long nowMs) {
        return joinedMs.putIfAbsent(contact, nowMs) == null;
    }

    boolean leave(long contact) {
        Long joined = joinedMs.remove(contact);
        if (joined != null) {
            firstJoinedMs.putIfAbsent(contact, joined);
        }
        return joined != null;
    }

    void changed(long nowMs) {
        version++;
        updatedMs = nowMs;
    }

    Map<String, Object> view(boolean withFilters) {
        Map<String, Object> view = basics();
        view.put("size", joinedMs.size());
        if (withFilters && filterBranch != null) {
            view.put("filterBranch", filterBranch);
        }
        return view;
    }

    /** As a search of lists shows it. */
    Map<String, Object> hit() {
        Map<String, Object> view = basics();
        view.put("additionalProperties", Map.of("hs_list_size", Integer.toString(joinedMs.size())));
        return view;
    }

    private Map<String, Object> basics() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("listId", id);
        view.put("name", name);
        view.put("objectTypeId", "0-1");
        view.put("processingType", type);
        view.put("processingStatus", isProcessing() ? "PROCESSING" : "COMPLETE");
        view.put("listVersion", version);
        view.put("createdAt", Contact.iso(createdMs));
        view.put("updatedAt", Contact.iso(updatedMs));
        if (filterBranch != null) {
            view.put("filtersUpdatedAt", Contact.iso(filtersUpdatedMs));
        }
        if (deletedMs != 0) {
            view.put("deletedAt", Contact.iso(deletedMs));
        }
        return view;
    }

    /** As a list of a contact's memberships shows it; null when the contact is no member. */
    Map<String, Object> membership(long contact) {
        Long joined = joinedMs.get(contact);
        if (joined == null || deletedMs != 0) {
            return null;
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("listId", id);
        view.put("listVersion", version);
        view.put("isPublicList", false);
        view.put("firstAddedTimestamp", Contact.iso(firstJoinedMs.getOrDefault(contact, joined)));
        view.put("lastAddedTimestamp", Contact.iso(joined));
        return view;
    }
}
