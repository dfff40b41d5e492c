package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Members of static marketing lists, which are rows of the table listmember. Runs inside a transaction. */
final class ListMembership {
    private static final Map<Integer, String> MEMBER_TABLES = Map.of(1, "account", 2, "contact", 4, "lead");

    private final Organization organization;
    private final RowWriter writer;
    private final RowStore lists;
    private final RowStore links;

    ListMembership(Organization organization, RowWriter writer) {
        this.organization = organization;
        this.writer = writer;
        lists = organization.storeOf("list");
        links = organization.storeOf("listmember");
    }

    /** Adds a member and returns the id of the membership, also if it was one before. */
    UUID add(UUID listId, UUID memberId, UUID caller) {
        Row list = editable(listId);
        RowStore members = members(list);
        Row member = members.get(memberId);
        if (member == null) {
            throw ServiceException.notFound(members.table(), memberId);
        }
        Row link = find(listId, memberId);
        if (link != null) {
            return link.id();
        }
        UUID id = organization.newId();
        Map<String, Object> columns = new java.util.HashMap<>();
        columns.put("_listid_value", listId);
        columns.put("_entityid_value", memberId);
        columns.put("entitytype", members.table().logicalName());
        columns.put("name", member.get(members.table().column(members.table().primaryName())));
        writer.internal(links, id, columns, caller);
        count(listId, caller);
        return id;
    }

    void remove(UUID listId, UUID memberId, UUID caller) {
        editable(listId);
        Row link = find(listId, memberId);
        if (link == null) {
            throw ServiceException.badRequest("0x80040217", "The member " + memberId + " is not in the list.");
        }
        links.remove(link, organization.nextVersion());
        count(listId, caller);
    }

    /** The members named in the body of AddListMembersList. */
    List<UUID> addAll(ObjectNode body, UUID caller) {
        UUID list = BodyReader.id(body.path("List").get("listid"));
        JsonNode members = body.path("Members");
        if (list == null || !members.isArray()) {
            throw ServiceException.badRequest("0x80040203", "The parameters 'List' and 'Members' are required.");
        }
        List<UUID> added = new ArrayList<>();
        for (JsonNode member : members) {
            added.add(add(list, reference(member), caller));
        }
        return added;
    }

    /** The id in an entity reference, or in a text. */
    static UUID reference(JsonNode node) {
        UUID id = BodyReader.id(node);
        for (String key : List.of("contactid", "leadid", "accountid")) {
            id = id == null && node != null ? BodyReader.id(node.get(key)) : id;
        }
        if (id == null) {
            throw ServiceException.badRequest("0x80040203", "The parameter 'EntityId' is missing or not valid.");
        }
        return id;
    }

    private Row editable(UUID listId) {
        Row list = lists.get(listId);
        if (list == null) {
            throw ServiceException.notFound(lists.table(), listId);
        }
        if (Boolean.TRUE.equals(list.get(lists.table().column("type")))) {
            throw ServiceException.badRequest("0x80040203", "Members of a dynamic list cannot be changed.");
        }
        if (Boolean.TRUE.equals(list.get(lists.table().column("lockstatus")))) {
            throw ServiceException.badRequest("0x80040203", "The list is locked.");
        }
        return list;
    }

    private RowStore members(Row list) {
        Object code = list.get(lists.table().column("createdfromcode"));
        return organization.storeOf(MEMBER_TABLES.getOrDefault(code, "contact"));
    }

    private Row find(UUID listId, UUID memberId) {
        Column list = links.table().column("_listid_value");
        return links.rowsBy(links.table().column("_entityid_value"), memberId).stream()
                .filter(link -> listId.equals(link.get(list)))
                .findFirst()
                .orElse(null);
    }

    private void count(UUID listId, UUID caller) {
        int count = links.rowsBy(links.table().column("_listid_value"), listId).size();
        writer.internal(lists, lists.get(listId), Map.of("membercount", count), caller);
    }
}
