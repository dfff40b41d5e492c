package io.github.crmsync.sandbox.dynamics;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Rows that every environment has from the start. */
final class InitialRows {
    private static final List<String> BULK = List.of("CreateMultiple", "UpdateMultiple", "UpsertMultiple");

    private final Organization organization;
    private final RowWriter writer;

    InitialRows(Organization organization, RowWriter writer) {
        this.organization = organization;
        this.writer = writer;
    }

    void create(String clientId) {
        organization.write(() -> {
            add("businessunit", organization.businessUnitId(), Map.of("name", "sandbox"));
            add(
                    "organization",
                    organization.organizationId(),
                    Map.of(
                            "name",
                            "sandbox",
                            "expirechangetrackingindays",
                            7,
                            "_basecurrencyid_value",
                            ComputedColumns.CURRENCY));
            add(
                    "transactioncurrency",
                    ComputedColumns.CURRENCY,
                    Map.of(
                            "currencyname", "Euro",
                            "currencysymbol", "€",
                            "isocurrencycode", "EUR",
                            "exchangerate", java.math.BigDecimal.ONE));
            user(organization.systemUserId(), "SYSTEM", null);
            user(organization.userId(), "# CRM Sync", Values.guid(clientId));
            messages();
            rules();
            view("contact", "Active Contacts");
            view("lead", "Open Leads");
            view("account", "Active Accounts");
            return null;
        });
    }

    private void add(String table, UUID id, Map<String, Object> columns) {
        writer.internal(organization.storeOf(table), id, columns, organization.systemUserId());
    }

    private void user(UUID id, String name, UUID application) {
        Map<String, Object> columns = new HashMap<>(Map.of(
                "fullname", name,
                "domainname", name,
                "_businessunitid_value", organization.businessUnitId()));
        if (application != null) {
            columns.put("applicationid", application);
        }
        add("systemuser", id, columns);
    }

    private void messages() {
        for (String name : BULK) {
            UUID message = id("message " + name);
            add("sdkmessage", message, Map.of("name", name));
            for (String table : List.of("contact", "lead", "account")) {
                add(
                        "sdkmessagefilter",
                        id("filter " + name + table),
                        Map.of(
                                "name", name,
                                "primaryobjecttypecode", table,
                                "_sdkmessageid_value", message));
            }
        }
    }

    /** The rules that come with the product: one e-mail address, one name. */
    private void rules() {
        rule("contact", "Contacts with the same e-mail address", "emailaddress1");
        rule("lead", "Leads with the same e-mail address", "emailaddress1");
        rule("account", "Accounts with the same account name", "name");
    }

    private void rule(String table, String name, String column) {
        UUID rule = id("rule " + name);
        add(
                "duplicaterule",
                rule,
                Map.of(
                        "name", name,
                        "baseentityname", table,
                        "matchingentityname", table,
                        "statecode", 1,
                        "statuscode", 2));
        add(
                "duplicaterulecondition",
                id("condition " + name),
                Map.of(
                        "baseattributename", column,
                        "matchingattributename", column,
                        "operatorcode", 0,
                        "_duplicateruleid_value", rule));
    }

    private void view(String table, String name) {
        add(
                "savedquery",
                id("view " + name),
                Map.of(
                        "name",
                        name,
                        "returnedtypecode",
                        table,
                        "querytype",
                        0,
                        "isdefault",
                        true,
                        "fetchxml",
                        "<fetch version=\"1.0\" mapping=\"logical\"><entity name=\"" + table
                                + "\"><attribute name=\"" + (table.equals("account") ? "name" : "fullname")
                                + "\"/><filter type=\"and\"><condition attribute=\"statecode\" operator=\"eq\""
                                + " value=\"0\"/></filter></entity></fetch>"));
    }

    private static UUID id(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
