package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.sandbox.hubspot.HubSpotOptions;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A simulated portal on a free port, its clock, and what other users of its API do. Every request that it takes and
 * every answer that it gives is checked against HubSpot's documented shapes, see {@link Contract}.
 */
final class Portal implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTACTS = "/crm/objects/2026-03/contacts";
    private static final int BATCH = 100;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HubSpotSimulator simulator;
    private final Contract.Watch contract = new Contract.Watch();
    private volatile long frozenAt = -1;
    private volatile long shiftMs;

    /** A portal whose search shows changes at once, with all further options at their defaults. */
    static Portal open() {
        return open(options -> options);
    }

    static Portal open(UnaryOperator<HubSpotOptions.Builder> options) {
        try {
            return new Portal(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Portal(UnaryOperator<HubSpotOptions.Builder> options) throws IOException {
        HubSpotOptions.Builder builder =
                HubSpotOptions.builder().indexLagMaxMs(0).clock(() -> Instant.ofEpochMilli(now()));
        simulator = new HubSpotSimulator(options.apply(builder).build());
        simulator.observe(contract::see);
        simulator.start();
    }

    long now() {
        return frozenAt >= 0 ? frozenAt : System.currentTimeMillis() + shiftMs;
    }

    /** Stops the portal's clock: what is written from now on shares one millisecond. */
    void freeze(long atMs) {
        frozenAt = atMs;
    }

    void thaw() {
        frozenAt = -1;
    }

    /** Lets the portal's clock jump ahead. */
    void advance(long ms) {
        shiftMs += ms;
    }

    HubSpotSimulator simulator() {
        return simulator;
    }

    String url() {
        return simulator.url();
    }

    /** Settings of a connection with a static token, without a noticeable request budget. */
    Map<String, String> connection() {
        Map<String, String> settings = new HashMap<>();
        settings.put(HubSpotConfig.URL, url());
        settings.put(HubSpotConfig.ACCESS_TOKEN, simulator.accessToken());
        settings.put(HubSpotConfig.RATE_BURST, "10000");
        settings.put(HubSpotConfig.RATE_SEARCH, "100");
        return settings;
    }

    /** As {@link #connection}, with an OAuth grant instead of the token. */
    Map<String, String> oauthConnection(String refreshToken) {
        Map<String, String> settings = connection();
        settings.remove(HubSpotConfig.ACCESS_TOKEN);
        settings.put(HubSpotConfig.OAUTH_CLIENT_ID, HubSpotSimulator.CLIENT_ID);
        settings.put(HubSpotConfig.OAUTH_CLIENT_SECRET, HubSpotSimulator.CLIENT_SECRET);
        settings.put(HubSpotConfig.OAUTH_REFRESH_TOKEN, refreshToken);
        return settings;
    }

    static Map<String, String> person(String email, String firstName) {
        return Map.of("email", email, "firstname", firstName);
    }

    /** As many plain contacts, {@code p0@example.com} and so on. */
    static List<Map<String, String>> people(int count) {
        List<Map<String, String>> people = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            people.add(person("p" + i + "@example.com", "P" + i));
        }
        return people;
    }

    String create(Map<String, String> properties) {
        return call("POST", CONTACTS, Map.of("properties", properties))
                .path("id")
                .asText();
    }

    void update(String id, Map<String, String> properties) {
        call("PATCH", CONTACTS + "/" + id, Map.of("properties", properties));
    }

    /** Sets one property of many contacts, a hundred per call. */
    void updateAll(List<String> ids, String property, String value) {
        for (List<String> part : Lists.cut(ids, BATCH)) {
            call(
                    "POST",
                    CONTACTS + "/batch/update",
                    Map.of(
                            "inputs",
                            part.stream()
                                    .map(id -> Map.of("id", id, "properties", Map.of(property, value)))
                                    .toList()));
        }
    }

    void archive(String id) {
        call("DELETE", CONTACTS + "/" + id, null);
    }

    /** The survivor's id. */
    String merge(String primary, String other) {
        return call("POST", CONTACTS + "/merge", Map.of("primaryObjectId", primary, "objectIdToMerge", other))
                .path("id")
                .asText();
    }

    void purge(String id) {
        call("POST", CONTACTS + "/gdpr-delete", Map.of("objectId", id));
    }

    /** Makes a static list; its id. */
    String createList(String name, String... members) {
        String id = call(
                        "POST",
                        "/crm/lists/2026-03",
                        Map.of("name", name, "objectTypeId", "0-1", "processingType", "MANUAL"))
                .path("list")
                .path("listId")
                .asText();
        addToList(id, members);
        return id;
    }

    /** A list that HubSpot keeps itself: contacts whose property has the value. */
    String createActiveList(String name, String property, String value) {
        Map<String, Object> filter = Map.of(
                "filterType",
                "PROPERTY",
                "property",
                property,
                "operation",
                Map.of("operationType", "MULTISTRING", "operator", "IS_EQUAL_TO", "values", List.of(value)));
        Map<String, Object> and = Map.of(
                "filterBranchType",
                "AND",
                "filterBranchOperator",
                "AND",
                "filterBranches",
                List.of(),
                "filters",
                List.of(filter));
        Map<String, Object> root = Map.of(
                "filterBranchType",
                "OR",
                "filterBranchOperator",
                "OR",
                "filterBranches",
                List.of(and),
                "filters",
                List.of());
        return call(
                        "POST",
                        "/crm/lists/2026-03",
                        Map.of("name", name, "objectTypeId", "0-1", "processingType", "DYNAMIC", "filterBranch", root))
                .path("list")
                .path("listId")
                .asText();
    }

    void addToList(String list, String... members) {
        call("PUT", "/crm/lists/2026-03/" + list + "/memberships/add", List.of(members));
    }

    void removeFromList(String list, String... members) {
        call("PUT", "/crm/lists/2026-03/" + list + "/memberships/remove", List.of(members));
    }

    /** A property's value; empty where it has none. */
    String value(String id, String property) {
        return call("GET", CONTACTS + "/" + id + "?properties=" + property, null)
                .path("properties")
                .path(property)
                .asText("")
                .replace("null", "");
    }

    /** How many live contacts there are. */
    int size() {
        return values("email").size();
    }

    /** A property's value of every live contact, by id; empty where it has none. */
    Map<String, String> values(String property) {
        Map<String, String> values = new HashMap<>();
        pages(CONTACTS + "?limit=100&properties=" + property, contact -> {
            JsonNode value = contact.path("properties").path(property);
            values.put(contact.path("id").asText(), value.isNull() ? "" : value.asText());
        });
        return values;
    }

    /** Ids of a list's members. */
    Set<String> members(String list) {
        Set<String> members = new HashSet<>();
        pages(
                "/crm/lists/2026-03/" + list + "/memberships?limit=250",
                member -> members.add(member.path("recordId").asText()));
        return members;
    }

    private void pages(String path, Consumer<JsonNode> each) {
        String after = "";
        while (after != null) {
            JsonNode page = call("GET", path + (after.isEmpty() ? "" : "&after=" + after), null);
            page.path("results").forEach(each);
            after = page.path("paging").path("next").path("after").asText(null);
        }
    }

    void createProperty(Map<String, ?> definition) {
        Map<String, Object> all = new HashMap<>(Map.of("groupName", "contactinformation"));
        all.putAll(definition);
        all.putIfAbsent("label", all.get("name"));
        call("POST", "/crm/properties/2026-03/contacts", all);
    }

    /** Orders a fault, see the simulator's {@code /_sandbox/faults}. */
    void fault(Map<String, ?> rule) {
        call("POST", "/_sandbox/faults", List.of(rule));
    }

    void forgetFaults() {
        simulator.faults().reset();
    }

    /** Calls since the last {@link #forgetCalls}, of operations that end so; for example {@code /batch/read}. */
    long calls(String ending) {
        JsonNode operations = JSON.valueToTree(simulator.stats().snapshot()).path("byOperation");
        long sum = 0;
        for (Map.Entry<String, JsonNode> operation : operations.properties()) {
            sum += operation.getKey().endsWith(ending) ? operation.getValue().asLong() : 0;
        }
        return sum;
    }

    /** Calls for contact records since the last {@link #forgetCalls}. */
    long contactCalls() {
        JsonNode operations = JSON.valueToTree(simulator.stats().snapshot()).path("byOperation");
        long sum = 0;
        for (Map.Entry<String, JsonNode> operation : operations.properties()) {
            sum += operation.getKey().contains("/contacts")
                            && !operation.getKey().contains("/properties/")
                    ? operation.getValue().asLong()
                    : 0;
        }
        return sum;
    }

    /** Answers with that status since the last {@link #forgetCalls}. */
    long answers(int status) {
        return JSON.valueToTree(simulator.stats().snapshot())
                .path("byStatus")
                .path(Integer.toString(status))
                .asLong();
    }

    void forgetCalls() {
        simulator.stats().reset();
    }

    JsonNode call(String method, String path, Object body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                    .header("Authorization", "Bearer " + simulator.accessToken())
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
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

    /** Fails when any exchange with the portal was not as HubSpot documents it. */
    @Override
    public void close() {
        simulator.close();
        contract.verify();
    }
}
