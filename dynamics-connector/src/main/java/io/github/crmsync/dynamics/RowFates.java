package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Rows that do not simply flow: those that another row has taken the place of, and those that take no part in the sync.
 *
 * <p>A qualified lead stays in its table, closed, beside the contact that qualification created; the loser of a merge stays,
 * inactive, beside the winner. An inactive or disqualified row stands back behind an active one with the same address.
 */
final class RowFates {
    private static final int ACTIVE = 0;
    private static final int CLOSED = 1;

    private static final String ADDRESS = "emailaddress1";

    /**
     * What becomes of a row.
     *
     * @param movedTo id of the row that took its place, or null
     * @param excluded why it takes no part, or null
     */
    record Fate(String movedTo, String excluded) {
        static final Fate FLOWS = new Fate(null, null);
    }

    private final Table table;
    private final Function<Collection<String>, Map<String, String>> contactsOfLeads;
    private final Predicate<String> inScope;
    private final Function<Collection<String>, List<JsonNode>> sameAddress;

    /**
     * @param sameAddress rows with one of some addresses, each with its key, address and state
     * @param contactsOfLeads ids of the contacts that qualification made of leads, by the leads' ids; null where qualified
     *     leads just stop
     * @param inScope whether the row with an id takes part
     */
    RowFates(
            Table table,
            Function<Collection<String>, Map<String, String>> contactsOfLeads,
            Predicate<String> inScope,
            Function<Collection<String>, List<JsonNode>> sameAddress) {
        this.sameAddress = sameAddress;
        this.table = table;
        this.contactsOfLeads = contactsOfLeads;
        this.inScope = inScope;
    }

    /** Columns that the decision needs, besides those of every record. */
    static List<String> columns(Table table) {
        if (table.isLead()) {
            return List.of("merged", "_masterid_value", "_parentcontactid_value", ADDRESS);
        }
        return table.mergeable() ? List.of("merged", "_masterid_value", ADDRESS) : List.of();
    }

    /** Fates by row id; rows that flow are missing. */
    Map<String, Fate> of(List<JsonNode> rows) {
        Map<String, Fate> fates = new HashMap<>();
        Map<String, JsonNode> qualified = new HashMap<>();
        Map<String, String> inactive = new HashMap<>();
        for (JsonNode row : rows) {
            String id = Ids.plain(row.path(table.key()).asText());
            if (!inScope.test(id)) {
                fates.put(id, new Fate(null, "list"));
            }
            int state = row.path("statecode").asInt();
            String address = Emails.canonical(row.path(ADDRESS).asText(null));
            if (state != ACTIVE && address != null) {
                inactive.put(id, address);
            }
            if (state != CLOSED) {
                continue;
            }
            if (row.path("merged").asBoolean() && row.hasNonNull("_masterid_value")) {
                fates.put(id, new Fate(Ids.plain(row.get("_masterid_value").asText()), null));
            } else if (table.isLead()) {
                qualified.put(id, row);
            }
        }
        Map<String, String> contacts =
                contactsOfLeads == null || qualified.isEmpty() ? Map.of() : contactsOfLeads.apply(qualified.keySet());
        qualified.forEach((id, lead) -> fates.put(id, fate(lead, contacts.get(id))));
        inactive.keySet().removeAll(fates.keySet());
        standBack(inactive, fates);
        return fates;
    }

    /** @param inactive addresses of inactive rows that would flow, by row id */
    private void standBack(Map<String, String> inactive, Map<String, Fate> fates) {
        if (inactive.isEmpty()) {
            return;
        }
        Set<String> taken = new HashSet<>();
        for (JsonNode row : sameAddress.apply(new TreeSet<>(inactive.values()))) {
            if (row.path("statecode").asInt() == ACTIVE
                    && inScope.test(Ids.plain(row.path(table.key()).asText()))) {
                taken.add(Emails.canonical(row.path(ADDRESS).asText(null)));
            }
        }
        inactive.forEach((id, address) -> {
            if (taken.contains(address)) {
                fates.put(id, new Fate(null, SyncHeaders.STANDS_BACK));
            }
        });
    }

    private Fate fate(JsonNode lead, String created) {
        boolean existing = contactsOfLeads != null && created == null && lead.hasNonNull("_parentcontactid_value");
        // A lead that was assigned to an existing contact is qualified into that one.
        String contact = existing ? Ids.plain(lead.get("_parentcontactid_value").asText()) : created;
        return contact == null ? new Fate(null, "qualified") : new Fate(contact, null);
    }
}
