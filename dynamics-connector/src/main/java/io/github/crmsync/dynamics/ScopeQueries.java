package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/** Asks for the members of static marketing lists, and for what views show. */
final class ScopeQueries {
    private final DataverseApi api;
    private final Table table;

    ScopeQueries(DataverseApi api, Table table) {
        this.api = api;
        this.table = table;
    }

    /** Ids of a list's members. */
    Set<String> listMembers(String listId) {
        return ids("lists(" + listId + ")/list" + table.logicalName() + "_association?$select=" + table.key());
    }

    /** Ids of the rows that a system view shows. */
    Set<String> viewRows(String viewId) {
        return ids(table.entitySet() + "?savedQuery=" + viewId);
    }

    private Set<String> ids(String path) {
        Set<String> ids = new HashSet<>();
        JsonNode page = api.get(path);
        while (true) {
            page.path("value")
                    .forEach(row -> ids.add(Ids.plain(row.path(table.key()).asText())));
            String next = page.path("@odata.nextLink").asText(null);
            if (next == null) {
                return ids;
            }
            page = api.follow(next);
        }
    }

    /**
     * Checks what a configuration names.
     *
     * @throws SettingException if there is no such list or view, or not for this table
     */
    void check(DynamicsSourceConfig config) {
        if (!config.listId().isEmpty()) {
            checkList(config.listId());
        }
        if (!config.viewId().isEmpty()) {
            try {
                api.get("savedqueries(" + config.viewId() + ")?$select=name,returnedtypecode");
            } catch (DataverseException e) {
                throw new SettingException(
                        DynamicsSourceConfig.VIEW_ID,
                        "There is no such system view: " + e.error().message());
            }
        }
    }

    private void checkList(String listId) {
        JsonNode list;
        try {
            list = api.get("lists(" + listId + ")?$select=listname,createdfromcode,type");
        } catch (DataverseException e) {
            throw new SettingException(
                    DynamicsSourceConfig.LIST_ID,
                    "There is no such marketing list: " + e.error().message());
        }
        if (list.path("createdfromcode").asInt() != table.listCode()) {
            throw new SettingException(
                    DynamicsSourceConfig.LIST_ID, "The list's members are not of table " + table.logicalName());
        }
        if (list.path("type").asBoolean()) {
            throw new SettingException(
                    DynamicsSourceConfig.LIST_ID,
                    "The list is dynamic, and its members are not stored; save its query as a view and name that in "
                            + DynamicsSourceConfig.VIEW_ID);
        }
    }
}
