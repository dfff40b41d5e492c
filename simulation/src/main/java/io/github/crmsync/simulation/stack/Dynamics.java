package io.github.crmsync.simulation.stack;

import io.github.crmsync.sandbox.dynamics.DynamicsOptions;
import io.github.crmsync.sandbox.dynamics.DynamicsSimulator;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Contacts or leads of a Dataverse environment. */
final class Dynamics extends App {
    private static final String ROOT = "/api/data/v9.2/";

    private final DynamicsSimulator simulator;
    private final String table;
    private String token;

    Dynamics(DynamicsOptions options, String table) throws IOException {
        simulator = new DynamicsSimulator(options);
        this.table = table;
    }

    DynamicsOptions options() {
        return simulator.options();
    }

    /** Settings of a connector that is to use it. */
    Map<String, String> connection() {
        DynamicsOptions options = options();
        return Map.of(
                "dynamics.url", url(),
                "dynamics.authority.url", url(),
                "dynamics.tenant.id", options.tenantId(),
                "dynamics.client.id", options.clientId(),
                "dynamics.client.secret", options.clientSecret());
    }

    @Override
    String name() {
        return "dynamics";
    }

    @Override
    String url() {
        return simulator.url();
    }

    @Override
    Response call(Request request) throws IOException {
        return simulator.call(request);
    }

    @Override
    void fault(Map<String, Object> rule) {
        simulator.faults().add(JSON.valueToTree(rule));
    }

    void expireDeltaLinks() {
        simulator.expireDeltaLinks();
    }

    void revokeTokens() {
        simulator.revokeTokens();
    }

    @Override
    Map<String, Map<Field, String>> records() {
        Map<String, Map<Field, String>> records = new TreeMap<>();
        for (Map<String, Object> row : simulator.rows(table)) {
            Map<Field, String> values = new EnumMap<>(Field.class);
            for (Field field : Field.values()) {
                Object value = row.get(field.column);
                if (value != null && !value.toString().isBlank()) {
                    values.put(field, value.toString());
                }
            }
            records.put(row.get(table + "id").toString(), values);
        }
        return records;
    }

    /** Whether a row is open. */
    boolean active(String id) {
        return simulator.rows(table).stream()
                .anyMatch(row -> row.get(table + "id").toString().equals(id)
                        && "0".equals(String.valueOf(row.get("statecode"))));
    }

    @Override
    String authorization() {
        if (token == null) {
            token = form(
                            "/" + options().tenantId() + "/oauth2/v2.0/token",
                            "grant_type=client_credentials&client_id="
                                    + options().clientId() + "&client_secret="
                                    + options().clientSecret() + "&scope=" + url() + "/.default")
                    .path("access_token")
                    .asText();
        }
        return "Bearer " + token;
    }

    @Override
    Response people(String method, String path, Object body) {
        Response response = super.people(method, path, body);
        if (response.status() == 401) {
            token = null;
            response = super.people(method, path, body);
        }
        return response;
    }

    @Override
    String create(Map<Field, String> values) {
        Map<String, Object> columns = columns(values);
        if (table.equals("lead")) {
            columns.put("subject", "interest");
        }
        Response response = people("POST", ROOT + table + "s", columns);
        if (!ok(response)) {
            return null;
        }
        String location = response.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("OData-EntityId"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        return location.substring(location.indexOf('(') + 1, location.indexOf(')'));
    }

    @Override
    boolean change(String id, Map<Field, String> values) {
        return ok(people("PATCH", row(id), columns(values)));
    }

    private static Map<String, Object> columns(Map<Field, String> values) {
        Map<String, Object> columns = new LinkedHashMap<>();
        values.forEach((field, value) -> columns.put(field.column, value.isEmpty() ? null : value));
        return columns;
    }

    private String row(String id) {
        return ROOT + table + "s(" + id + ")";
    }

    @Override
    boolean delete(String id) {
        return ok(people("DELETE", row(id), null));
    }

    boolean qualify(String lead) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("CreateAccount", false);
        body.put("CreateContact", true);
        body.put("CreateOpportunity", false);
        body.put("Status", 3);
        return ok(people("POST", row(lead) + "/Microsoft.Dynamics.CRM.QualifyLead", body));
    }

    @Override
    boolean writes(Request request) {
        return !request.method().equals("GET") && !request.rawPath().contains("/oauth");
    }

    @Override
    public void close() {
        simulator.close();
    }
}
