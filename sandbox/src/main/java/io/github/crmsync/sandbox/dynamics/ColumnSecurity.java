package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Column-level security, and what the application user's profiles allow (Dataverse documentation, "Column-level security with
 * code"). A secured column that may not be read has no value; one with a masking rule shows masked text.
 */
final class ColumnSecurity {
    private static final String NO_CREATE = "0x8004f502";
    private static final String NO_UPDATE = "0x8004f507";

    /**
     * A secured column.
     *
     * @param mask character that replaces all others but the first; empty without a masking rule
     */
    record Rule(boolean read, boolean create, boolean update, String mask) {}

    private final Map<String, Rule> rules = new ConcurrentHashMap<>();

    /** Secures a column: {@code {"table": "contact", "column": "governmentid", "read": true, "update": false, "mask": "#"}}. */
    void add(JsonNode node) {
        String table = node.path("table").asText();
        String column = node.path("column").asText();
        if (Table.load(table).find(column) == null) {
            throw new IllegalArgumentException("No such column: " + column);
        }
        rules.put(
                key(table, column),
                new Rule(
                        node.path("read").asBoolean(false),
                        node.path("create").asBoolean(false),
                        node.path("update").asBoolean(false),
                        node.path("mask").asText("")));
    }

    void clear() {
        rules.clear();
    }

    /** Null if the column is not secured. */
    Rule of(Table table, Column column) {
        return rules.get(key(table.logicalName(), column.name()));
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Refuses a body that sets what the user may not set. */
    void check(Table table, ObjectNode body, boolean creating, UUID user) {
        for (Column column : rules.isEmpty() ? java.util.List.<Column>of() : table.columns()) {
            Rule rule = of(table, column);
            if (rule != null && body.has(column.name()) && !(creating ? rule.create() : rule.update())) {
                throw new ServiceException(
                        403,
                        creating ? NO_CREATE : NO_UPDATE,
                        "Caller user with Id " + user + " does not have " + (creating ? "create" : "update")
                                + " permissions to a " + column.schemaName() + " secured field on entity "
                                + table.schemaName() + ". The requested operation could not be completed.");
            }
        }
    }

    /** The value as the user sees it. */
    Object shown(Table table, Column column, Object value) {
        Rule rule = rules.isEmpty() || value == null ? null : of(table, column);
        if (rule == null) {
            return value;
        }
        if (!rule.read()) {
            return null;
        }
        return rule.mask().isEmpty() ? value : mask(value.toString(), rule.mask());
    }

    private static String mask(String text, String mask) {
        return text.isEmpty() ? text : text.substring(0, 1) + mask.repeat(text.length() - 1);
    }

    private static String key(String table, String column) {
        return table + "." + column;
    }
}
