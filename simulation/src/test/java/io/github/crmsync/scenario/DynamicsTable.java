package io.github.crmsync.scenario;

import io.github.crmsync.sandbox.dynamics.DynamicsOptions;
import io.github.crmsync.sandbox.dynamics.DynamicsSimulator;
import io.github.crmsync.sandbox.http.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The rows of a Dataverse table; fields are columns. */
final class DynamicsTable extends Records {
    private static final String ROOT = "/api/data/v9.2/";

    private final DynamicsSimulator simulator;
    private final Service service;
    private final String table;

    DynamicsTable(DynamicsSimulator simulator, Service service, String table) {
        super("emailaddress1");
        this.simulator = simulator;
        this.service = service;
        this.table = table;
    }

    static Service service(DynamicsSimulator simulator) {
        DynamicsOptions options = simulator.options();
        return new Service(
                simulator.url(),
                simulator::call,
                "/" + options.tenantId() + "/oauth2/v2.0/token",
                "grant_type=client_credentials&client_id=" + options.clientId() + "&client_secret="
                        + options.clientSecret() + "&scope=" + simulator.url() + "/.default");
    }

    @Override
    String create(String... fields) {
        Map<String, Object> columns = columns(fields);
        if (table.equals("lead")) {
            columns.put("subject", "interest");
        }
        Response response = service.ask("POST", ROOT + table + "s", columns);
        String location = response.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("OData-EntityId"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        return location.substring(location.indexOf('(') + 1, location.indexOf(')'));
    }

    private static Map<String, Object> columns(String... fields) {
        Map<String, Object> columns = new LinkedHashMap<>();
        fields(fields).forEach((name, value) -> columns.put(name, typed(value)));
        return columns;
    }

    /** Texts that look like one are an option's number or a truth value. */
    private static Object typed(String value) {
        if (value.isEmpty()) {
            return null;
        }
        if (value.matches("true|false")) {
            return Boolean.valueOf(value);
        }
        return value.matches("\\d+") ? Integer.valueOf(value) : value;
    }

    private String row(String id) {
        return ROOT + table + "s(" + id + ")";
    }

    @Override
    void edit(String id, String... fields) {
        service.ask("PATCH", row(id), columns(fields));
    }

    @Override
    void delete(String id) {
        service.ask("DELETE", row(id), null);
    }

    /** Brings a deleted row back under its id. */
    void restore(String id, String... fields) {
        Map<String, Object> columns = columns(fields);
        columns.put(table + "id", id);
        service.ask("POST", ROOT + table + "s", columns);
    }

    /** Qualifies a lead and returns the id of the contact that comes of it. */
    String qualify(String lead) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("CreateAccount", false);
        body.put("CreateContact", true);
        body.put("CreateOpportunity", false);
        body.put("Status", 3);
        return Service.json(service.ask("POST", row(lead) + "/Microsoft.Dynamics.CRM.QualifyLead", body))
                .path("value")
                .path(0)
                .path("contactid")
                .asText();
    }

    @Override
    Map<String, Map<String, String>> all() {
        Map<String, Map<String, String>> records = new TreeMap<>();
        for (Map<String, Object> row : simulator.rows(table)) {
            Map<String, String> values = new TreeMap<>();
            row.forEach((name, value) -> {
                if (value != null && !value.toString().isBlank()) {
                    values.put(name, value.toString());
                }
            });
            records.put(row.get(table + "id").toString(), values);
        }
        return records;
    }
}
