package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The action that turns a lead into a contact. */
final class LeadQualification {
    private static final List<String> PARAMETERS = List.of("CreateAccount", "CreateContact", "CreateOpportunity");

    private final Organization organization;
    private final RowWriter writer;

    LeadQualification(Organization organization, RowWriter writer) {
        this.organization = organization;
        this.writer = writer;
    }

    /** Runs inside a transaction and returns the created contacts. */
    List<Row> run(Row lead, ObjectNode parameters, UUID caller) {
        for (String name : PARAMETERS) {
            if (!parameters.path(name).isBoolean()) {
                throw ServiceException.badRequest("0x80040203", "Required parameter '" + name + "' is missing.");
            }
        }
        JsonNode status = parameters.path("Status");
        if (!status.isInt() || status.intValue() != 3) {
            throw ServiceException.badRequest("0x80040203", "Required parameter 'Status' is missing or not valid.");
        }
        RowStore leads = organization.store("leads");
        Table table = leads.table();
        if (!Integer.valueOf(0).equals(lead.get(table.column("statecode")))) {
            throw ServiceException.badRequest("0x80040203", "The lead is already closed.");
        }
        writer.internal(leads, lead, Map.of("statecode", 1, "statuscode", 3), caller);
        if (!parameters.path("CreateContact").booleanValue()) {
            return List.of();
        }
        RowStore contacts = organization.store("contacts");
        ObjectNode body = Json.MAPPER.createObjectNode();
        for (Column column : contacts.table().columns()) {
            Column source = table.find(column.name());
            boolean copied = source != null && column.type().isText() && column.creatable();
            if (copied && lead.get(source) != null) {
                body.put(column.name(), (String) lead.get(source));
            }
        }
        body.put("originatingleadid@odata.bind", "/leads(" + lead.id() + ")");
        return List.of(writer.create(contacts, null, body, caller));
    }
}
