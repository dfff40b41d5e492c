package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What differs between environments, or is not documented, as switches: {@code POST /_sandbox/faults} with
 * {@code {"switches": {"<name>": <value>}}}. The defaults are what the documentation says, or what is likeliest where it is
 * silent.
 */
final class Behaviour {
    /** Switches with their defaults. */
    private static final Map<String, Object> DEFAULTS = new TreeMap<>(Map.ofEntries(
            // Read-only columns in a body: refused, or ignored.
            Map.entry("rejectReadOnlyColumns", true),
            // The codes of 412 and 404 of conditional requests: filled, or an empty text as in some pages.
            Map.entry("emptyConditionalCodes", false),
            // Status of the refusal by a duplicate detection rule: 412, or 500 as an older page has it.
            Map.entry("duplicateDetectionStatus", 412),
            // Whether duplicate detection rules are on for the organization.
            Map.entry("duplicateDetection", true),
            // Whether an answer without changes still has a delta link.
            Map.entry("quietDeltaLink", true),
            // A tracked read of a table without change tracking: an error, or an answer without delta link.
            Map.entry("untrackedReadFails", false),
            // Whether a wildcard in a text counts in eq and ne as well.
            Map.entry("wildcardsInEquality", false),
            // Whether answers to PATCH carry OData-EntityId.
            Map.entry("entityIdOnUpdate", true),
            // Whether the failure of a change set stands inside a part of type multipart/mixed.
            Map.entry("changeSetErrorNested", false),
            // Whether the bulk messages exist for contact and lead.
            Map.entry("bulkMessages", true),
            // How qualified and disqualified leads refuse writes: true, or not at all.
            Map.entry("closedLeadsReadOnly", true),
            // Largest body in bytes; the documented bound is 116.85 MB.
            Map.entry("maxBodyBytes", 122_526_105),
            // Whether the index of alternate keys is still being built, so that none is in force.
            Map.entry("pendingKeys", false),
            // Status of an expired delta token.
            Map.entry("expiredTokenStatus", 400)));

    /** Sets a column after every write to a row of the table, as a plug-in of the organization does. */
    record Plugin(String table, String column, String when, JsonNode value) {}

    private final Map<String, Object> values = new ConcurrentHashMap<>(DEFAULTS);
    private final List<Plugin> plugins = new CopyOnWriteArrayList<>();
    private final List<Refusal> refusals = new CopyOnWriteArrayList<>();
    private final Set<String> missingPrivileges = ConcurrentHashMap.newKeySet();
    private volatile boolean memberOfOrganization = true;

    /** Takes switches from outside. */
    void set(JsonNode node) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            Object before = DEFAULTS.get(entry.getKey());
            JsonNode value = entry.getValue();
            if (before instanceof Boolean && value.isBoolean()) {
                values.put(entry.getKey(), value.booleanValue());
            } else if (before instanceof Integer && value.isInt()) {
                values.put(entry.getKey(), value.intValue());
            } else {
                throw new IllegalArgumentException("No such switch, or a value of another type: " + entry.getKey());
            }
        }
    }

    void set(String name, Object value) {
        set(Json.MAPPER.createObjectNode().set(name, Json.MAPPER.valueToTree(value)));
    }

    /** Adds a rule such as {@code {"table": "contact", "column": "jobtitle", "value": "x"}}. */
    void addPlugin(JsonNode node) {
        Plugin plugin = new Plugin(
                node.path("table").asText(),
                node.path("column").asText(),
                node.path("when").asText(""),
                node.path("value"));
        boolean touches = plugin.column().isEmpty();
        if (!touches && Table.load(plugin.table()).find(plugin.column()) == null) {
            throw new IllegalArgumentException("No such column: " + plugin.column());
        }
        plugins.add(plugin);
    }

    List<Plugin> plugins(Table table) {
        List<Plugin> own = new ArrayList<>();
        plugins.stream()
                .filter(plugin -> plugin.table().equals(table.logicalName()))
                .forEach(own::add);
        return own;
    }

    /** Adds a plug-in that refuses, such as {@code {"table": "contact", "column": "jobtitle", "value": "x", "status": 403}}. */
    void addRefusal(JsonNode node) {
        refusals.add(Refusal.of(node));
    }

    List<Refusal> refusals() {
        return refusals;
    }

    /** Takes a privilege such as {@code prvWriteContact} from the application user; an empty text makes it no user at all. */
    void takePrivilege(String name) {
        if (name.isEmpty()) {
            memberOfOrganization = false;
        } else {
            missingPrivileges.add(name);
        }
    }

    /** Back to the defaults. */
    void reset() {
        values.putAll(DEFAULTS);
        plugins.clear();
        refusals.clear();
        missingPrivileges.clear();
        memberOfOrganization = true;
    }

    boolean lacks(String privilege) {
        return missingPrivileges.contains(privilege);
    }

    boolean memberOfOrganization() {
        return memberOfOrganization;
    }

    private boolean is(String name) {
        return (Boolean) values.get(name);
    }

    private int number(String name) {
        return (Integer) values.get(name);
    }

    boolean rejectReadOnlyColumns() {
        return is("rejectReadOnlyColumns");
    }

    boolean emptyConditionalCodes() {
        return is("emptyConditionalCodes");
    }

    int duplicateDetectionStatus() {
        return number("duplicateDetectionStatus");
    }

    boolean duplicateDetection() {
        return is("duplicateDetection");
    }

    boolean quietDeltaLink() {
        return is("quietDeltaLink");
    }

    boolean untrackedReadFails() {
        return is("untrackedReadFails");
    }

    boolean wildcardsInEquality() {
        return is("wildcardsInEquality");
    }

    boolean entityIdOnUpdate() {
        return is("entityIdOnUpdate");
    }

    boolean changeSetErrorNested() {
        return is("changeSetErrorNested");
    }

    boolean bulkMessages() {
        return is("bulkMessages");
    }

    boolean closedLeadsReadOnly() {
        return is("closedLeadsReadOnly");
    }

    boolean pendingKeys() {
        return is("pendingKeys");
    }

    int maxBodyBytes() {
        return number("maxBodyBytes");
    }

    int expiredTokenStatus() {
        return number("expiredTokenStatus");
    }
}
