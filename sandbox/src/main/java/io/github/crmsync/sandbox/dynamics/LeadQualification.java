package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The action QualifyLead: closes a lead and makes a contact, an account and an opportunity of it. */
final class LeadQualification {
    private static final List<String> PARAMETERS = List.of("CreateAccount", "CreateContact", "CreateOpportunity");
    private static final int QUALIFIED = 3;

    private final Organization organization;
    private final RowWriter writer;

    /** A created row with its table. */
    record Created(Table table, Row row) {}

    LeadQualification(Organization organization, RowWriter writer) {
        this.organization = organization;
        this.writer = writer;
    }

    /** Runs inside a transaction. */
    List<Created> run(Row lead, ObjectNode parameters, WriteOptions options) {
        check(parameters);
        RowStore leads = organization.storeOf("lead");
        Table table = leads.table();
        if (!Integer.valueOf(0).equals(lead.get(table.column("statecode")))) {
            throw ServiceException.badRequest("0x80040203", "The lead is already closed.");
        }
        List<Created> created = new ArrayList<>();
        UUID account = null;
        UUID contact = null;
        if (parameters.path("CreateAccount").booleanValue()) {
            ObjectNode body = copy(table, lead, organization.storeOf("account").table());
            body.put("name", text(table, lead, "companyname", "fullname"));
            account = create("account", body, lead, created, options);
        }
        if (parameters.path("CreateContact").booleanValue()) {
            ObjectNode body = copy(table, lead, organization.storeOf("contact").table());
            if (account != null) {
                body.put("parentcustomerid_account@odata.bind", "/accounts(" + account + ")");
            }
            contact = create("contact", body, lead, created, options);
        }
        Map<String, Object> changes = new LinkedHashMap<>(Map.of("statecode", 1, "statuscode", QUALIFIED));
        if (parameters.path("CreateOpportunity").booleanValue()) {
            ObjectNode body = Json.MAPPER.createObjectNode();
            body.put("name", text(table, lead, "subject", "fullname"));
            customer(parameters, account, contact, body);
            UUID opportunity = create("opportunity", body, lead, created, options);
            changes.put("_qualifyingopportunityid_value", opportunity);
        }
        if (account != null) {
            changes.put("_parentaccountid_value", account);
        }
        if (contact != null) {
            changes.put("_parentcontactid_value", contact);
        }
        writer.internal(leads, lead, changes, options.caller());
        return created;
    }

    private static void check(ObjectNode parameters) {
        for (String name : PARAMETERS) {
            if (!parameters.path(name).isBoolean()) {
                throw ServiceException.badRequest("0x80040203", "Required parameter '" + name + "' is missing.");
            }
        }
        JsonNode status = parameters.path("Status");
        if (!status.isInt() || status.intValue() != QUALIFIED) {
            throw ServiceException.badRequest("0x80040203", "Required parameter 'Status' is missing or not valid.");
        }
    }

    private void customer(ObjectNode parameters, UUID account, UUID contact, ObjectNode body) {
        JsonNode given = parameters.path("OpportunityCustomerId");
        if (given.isObject()) {
            boolean isAccount = given.has("accountid");
            String id = given.path(isAccount ? "accountid" : "contactid").asText();
            bind(body, isAccount, id);
        } else if (account != null || contact != null) {
            bind(body, account != null, (account != null ? account : contact).toString());
        }
    }

    private static void bind(ObjectNode body, boolean account, String id) {
        body.put(
                account ? "customerid_account@odata.bind" : "customerid_contact@odata.bind",
                (account ? "/accounts(" : "/contacts(") + id + ")");
    }

    private UUID create(String target, ObjectNode body, Row lead, List<Created> created, WriteOptions options) {
        RowStore store = organization.storeOf(target);
        body.put("originatingleadid@odata.bind", "/leads(" + lead.id() + ")");
        Row row = writer.create(store, null, Map.of(), body, options);
        created.add(new Created(store.table(), row));
        return row.id();
    }

    /** Text that both tables have under one name. */
    private static ObjectNode copy(Table from, Row lead, Table to) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        for (Column column : to.columns()) {
            Column source = from.find(column.name());
            boolean copied = source != null && column.type().isText() && column.creatable();
            if (copied && lead.get(source) instanceof String text && text.length() <= column.maxLength()) {
                body.put(column.name(), text);
            }
        }
        return body;
    }

    private static String text(Table table, Row row, String name, String otherwise) {
        Object value = row.get(table.column(name));
        return (String) (value == null ? row.get(table.column(otherwise)) : value);
    }
}
