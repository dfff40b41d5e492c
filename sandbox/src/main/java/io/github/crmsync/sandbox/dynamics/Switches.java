package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Faults;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What {@code POST /_sandbox/faults} takes besides the faults of every simulator.
 *
 * <ul>
 *   <li>{@code {"switches": {"<name>": <value>}}}: see {@link Behaviour}
 *   <li>{@code {"plugin": {"table": "contact", "column": "jobtitle", "value": "x", "when": "create"}}}: the column is set to the
 *       value after every write, by another user; without {@code column} the row is only touched
 *   <li>{@code {"refusal": {"table": "contact", "column": "emailaddress1", "value": "x@example.com", "when": "update", "status":
 *       403, "code": "0x80040265", "message": "No."}}}: a plug-in that throws, see {@link Refusal}
 *   <li>{@code {"secure": {"table": "contact", "column": "governmentid", "read": true, "create": false, "update": false, "mask":
 *       "#"}}}: a column with field security, see {@link ColumnSecurity}
 *   <li>{@code {"touch": {"table": "contact", "id": "<guid>"}}}: a new version without any change
 *   <li>{@code {"missingPrivilege": "prvWriteContact"}}: taken from the application user; with an empty text it is no user of the
 *       organization
 *   <li>{@code {"expireDeltaLinks": true}}, {@code {"changeTracking": {"table": "lead", "on": false}}}
 * </ul>
 */
final class Switches {
    private static final String RULES = "attributemaskingrule";

    private final Organization organization;
    private final RowWriter writer;
    private final Runnable expireDeltaLinks;

    Switches(Organization organization, RowWriter writer, Runnable expireDeltaLinks) {
        this.organization = organization;
        this.writer = writer;
        this.expireDeltaLinks = expireDeltaLinks;
    }

    void addTo(Faults faults) {
        Behaviour behaviour = organization.behaviour();
        faults.on("switches", behaviour::set);
        faults.on("plugin", behaviour::addPlugin);
        faults.on("refusal", behaviour::addRefusal);
        faults.on("secure", this::secure);
        faults.on("missingPrivilege", node -> behaviour.takePrivilege(node.asText()));
        faults.on("expireDeltaLinks", node -> expireDeltaLinks.run());
        faults.on(
                "changeTracking",
                node -> organization.tracking(
                        table(node).table().logicalName(), node.path("on").asBoolean()));
        faults.on("touch", this::touch);
        faults.onReset(behaviour::reset);
        faults.onReset(organization.model().security()::clear);
        faults.onReset(this::unmask);
    }

    /** Which columns have a masking rule is told by rows (Dataverse documentation, "attributemaskingrule EntityType"). */
    private void secure(JsonNode node) {
        organization.model().security().add(node);
        if (!node.path("mask").asText("").isEmpty()) {
            String table = node.path("table").asText();
            String column = node.path("column").asText();
            Map<String, Object> rule =
                    Map.of("uniquename", table + "_" + column, "entityname", table, "attributelogicalname", column);
            organization.write(() ->
                    writer.internal(organization.storeOf(RULES), UUID.randomUUID(), rule, organization.systemUserId()));
        }
    }

    private void unmask() {
        RowStore rules = organization.storeOf(RULES);
        organization.write(() -> {
            List.copyOf(rules.all()).forEach(rule -> rules.remove(rule, organization.nextVersion()));
            return null;
        });
    }

    private RowStore table(JsonNode node) {
        RowStore store = organization.storeOf(node.path("table").asText());
        if (store == null) {
            throw new IllegalArgumentException(
                    "No such table: " + node.path("table").asText());
        }
        return store;
    }

    private void touch(JsonNode node) {
        RowStore store = table(node);
        UUID id = Values.guid(node.path("id").asText());
        organization.write(() -> {
            Row row = id == null ? null : store.get(id);
            if (row == null) {
                throw new IllegalArgumentException(
                        "No such row: " + node.path("id").asText());
            }
            return writer.internal(store, row, Map.of(), organization.systemUserId());
        });
    }
}
