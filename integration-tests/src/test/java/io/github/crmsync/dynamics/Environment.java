package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.sandbox.dynamics.DynamicsOptions;
import io.github.crmsync.sandbox.dynamics.DynamicsSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A simulated environment on a free port, and what other users of its API do. */
final class Environment implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/api/data/v9.2/";

    private final HttpClient http = HttpClient.newHttpClient();
    private final DynamicsSimulator simulator;
    private String token;

    static Environment open() {
        return open(options -> options);
    }

    static Environment open(UnaryOperator<DynamicsOptions.Builder> options) {
        try {
            return new Environment(options.apply(DynamicsOptions.builder()).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Environment(DynamicsOptions options) throws IOException {
        simulator = new DynamicsSimulator(options).start();
    }

    DynamicsSimulator simulator() {
        return simulator;
    }

    String url() {
        return simulator.url();
    }

    /** Settings of a connection, with a request budget that no test exhausts. */
    Map<String, String> connection() {
        Map<String, String> settings = new HashMap<>();
        settings.put(DynamicsConfig.URL, url());
        settings.put(DynamicsConfig.AUTHORITY_URL, url());
        settings.put(DynamicsConfig.TENANT_ID, simulator.options().tenantId());
        settings.put(DynamicsConfig.CLIENT_ID, simulator.options().clientId());
        settings.put(DynamicsConfig.CLIENT_SECRET, simulator.options().clientSecret());
        settings.put(DynamicsConfig.RATE_LIMIT, "1000000");
        return settings;
    }

    static Map<String, Object> person(String email, String firstName) {
        return Map.of("emailaddress1", email, "firstname", firstName);
    }

    /** As many plain rows, {@code p0@example.com} and so on, with the ids {@link #id}. */
    static List<Map<String, Object>> people(int count) {
        List<Map<String, Object>> people = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Map<String, Object> person = new HashMap<>(person("p" + i + "@example.com", "P" + i));
            person.put("contactid", id(i));
            people.add(person);
        }
        return people;
    }

    /** Id of the row with that number among {@link #people}. */
    static String id(int number) {
        return new UUID(0xc0ffeeL << 32, number).toString();
    }

    /** Fills the table with {@link #people}; the ids. */
    List<String> fill(int count) {
        simulator.fill("contact", people(count));
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(Environment::id)
                .toList();
    }

    String create(Map<String, ?> columns) {
        return create("contact", columns);
    }

    String create(String table, Map<String, ?> columns) {
        return call("POST", table + "s", columns).path(table + "id").asText();
    }

    void update(String id, Map<String, ?> columns) {
        update("contact", id, columns);
    }

    void update(String table, String id, Map<String, ?> columns) {
        call("PATCH", table + "s(" + id + ")", columns);
    }

    void delete(String id) {
        call("DELETE", "contacts(" + id + ")", null);
    }

    /** Sets one column of many rows. */
    void updateAll(List<String> ids, String column, String value) {
        for (List<String> part : cut(ids, 1_000)) {
            call(
                    "POST",
                    "contacts/Microsoft.Dynamics.CRM.UpdateMultiple",
                    Map.of(
                            "Targets",
                            part.stream()
                                    .map(id -> Map.of(
                                            "@odata.type",
                                            "Microsoft.Dynamics.CRM.contact",
                                            "contactid",
                                            id,
                                            column,
                                            value))
                                    .toList()));
        }
    }

    static <T> List<List<T>> cut(List<T> list, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < list.size(); from += size) {
            parts.add(list.subList(from, Math.min(list.size(), from + size)));
        }
        return parts;
    }

    /** Ids of the contacts that qualification created. */
    List<String> qualify(String lead, boolean contact) {
        JsonNode created = call(
                "POST",
                "leads(" + lead + ")/Microsoft.Dynamics.CRM.QualifyLead",
                Map.of("CreateAccount", false, "CreateContact", contact, "CreateOpportunity", false, "Status", 3));
        List<String> ids = new ArrayList<>();
        created.path("value").forEach(entity -> ids.add(entity.path("contactid").asText()));
        return ids;
    }

    /** A column's value; empty where it has none. */
    String value(String id, String column) {
        return value("contact", id, column);
    }

    String value(String table, String id, String column) {
        JsonNode value =
                call("GET", table + "s(" + id + ")?$select=" + column, null).path(column);
        return value.isNull() ? "" : value.asText();
    }

    int size() {
        return simulator.rows("contact").size();
    }

    /** Orders a fault, see the simulator's {@code /_sandbox/faults}; rules for a part of a batch begin with PART. */
    void fault(Map<String, ?> rule) {
        simulator.faults().add(JSON.valueToTree(List.of(rule)));
    }

    /** Calls and parts of batches since the last {@link #forgetCalls}, of operations that end so. */
    long operations(String ending) {
        JsonNode operations = JSON.valueToTree(simulator.stats()).path("byOperation");
        long sum = 0;
        for (Map.Entry<String, JsonNode> operation : operations.properties()) {
            sum += operation.getKey().endsWith(ending) ? operation.getValue().asLong() : 0;
        }
        return sum;
    }

    /** HTTP requests for rows since the last {@link #forgetCalls}: metadata and tokens are apart, a batch is one. */
    long rowCalls() {
        JsonNode stats = JSON.valueToTree(simulator.stats());
        long others = operations("/token") + operations("/WhoAmI");
        for (Map.Entry<String, JsonNode> operation : stats.path("byOperation").properties()) {
            others += operation.getKey().contains("EntityDefinitions")
                    ? operation.getValue().asLong()
                    : 0;
        }
        return stats.path("requests").asLong() - others;
    }

    /** Answers with that status since the last {@link #forgetCalls}. */
    long answers(int status) {
        return JSON.valueToTree(simulator.stats())
                .path("byStatus")
                .path(Integer.toString(status))
                .asLong();
    }

    void forgetCalls() {
        send("POST", "/_sandbox/reset", null);
    }

    JsonNode call(String method, String path, Object body) {
        return send(method, ROOT + path, body);
    }

    private JsonNode send(String method, String path, Object body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                    .header("Authorization", "Bearer " + token())
                    .header("Content-Type", "application/json")
                    .header("Prefer", "return=representation")
                    .method(
                            method,
                            body == null
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() == 401 && token != null) {
                token = null;
                return send(method, path, body);
            }
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(method + " " + path + ": " + response.body());
            }
            return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String token() throws IOException, InterruptedException {
        if (token == null) {
            String form = "grant_type=client_credentials&client_id="
                    + simulator.options().clientId() + "&client_secret="
                    + OData.encode(simulator.options().clientSecret()) + "&scope=" + OData.encode(url() + "/.default");
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(simulator.tokenUrl()))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(form))
                            .build(),
                    BodyHandlers.ofString());
            token = JSON.readTree(response.body()).path("access_token").asText();
        }
        return token;
    }

    @Override
    public void close() {
        simulator.close();
    }
}
