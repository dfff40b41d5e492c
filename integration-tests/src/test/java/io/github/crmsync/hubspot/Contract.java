package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.crmsync.sandbox.http.Exchange;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which fields, of which types, HubSpot documents for each operation; {@code hubspot/contract.json} names the operations
 * and has the types as JSON Schema. Finds what a request or an answer has too much, has wrong, or lacks.
 */
final class Contract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Contract ONLY = new Contract();

    private final JsonNode operations;
    private final JsonNode types;
    private final Router router = new Router();
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    static Contract hubspot() {
        return ONLY;
    }

    private Contract() {
        try (InputStream text = Contract.class.getResourceAsStream("/hubspot/contract.json")) {
            JsonNode contract = JSON.readTree(text);
            operations = contract.path("operations");
            types = contract.path("$defs");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        operations.properties().stream()
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparingLong((String name) ->
                                name.chars().filter(c -> c == '{').count())
                        .thenComparing(Comparator.naturalOrder()))
                .forEach(name -> {
                    String[] parts = name.split(" ");
                    router.add(parts[0], parts[1], (request, path) -> null);
                });
    }

    /** Names of all operations, for example {@code GET /crm/objects/{v}/contacts}. */
    List<String> operations() {
        return operations.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** The operation that a request calls, if it is one. */
    Optional<String> operation(Request request) {
        return router.match(request.method(), normal(request.rawPath())).map(Router.Match::operation);
    }

    /** Both spellings of a path become one: the version behind the area. */
    private static String normal(String path) {
        return path.replaceFirst("^/crm/(v3)/(objects|properties|lists)", "/crm/$2/$1")
                .replaceFirst("^(/crm/objects/[^/]+)/0-1", "$1/contacts")
                .replaceFirst("^(/crm/lists/[^/]+)/$", "$1");
    }

    /** What is wrong with an exchange; empty when nothing is. */
    List<String> violations(Exchange exchange) {
        Request request = exchange.request();
        String name = operation(request).orElse(null);
        if (name == null) {
            return List.of(request.method() + " " + request.rawPath() + " is no documented operation");
        }
        JsonNode operation = operations.path(name);
        List<String> found = new ArrayList<>();
        checkQuery(operation.path("query"), request.query(), found);
        checkRequest(operation, request, found);
        checkResponse(operation, request, exchange.response(), found);
        found.replaceAll(problem -> name + ": " + problem);
        return found;
    }

    private static void checkQuery(JsonNode allowed, Map<String, List<String>> query, List<String> found) {
        query.forEach((name, values) -> {
            String value = values.get(0);
            switch (allowed.path(name).asText("unknown")) {
                case "unknown" -> found.add("unknown parameter " + name);
                case "integer" -> {
                    if (!value.matches("-?\\d+")) {
                        found.add("parameter " + name + " is no integer: " + value);
                    }
                }
                case "boolean" -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        found.add("parameter " + name + " is no boolean: " + value);
                    }
                }
                default -> {}
            }
        });
    }

    private void checkRequest(JsonNode operation, Request request, List<String> found) {
        boolean v3 = request.rawPath().contains("/v3/") && operation.has("requestV3");
        JsonNode type = operation.path(operation.has("form") ? "form" : v3 ? "requestV3" : "request");
        if (type.isMissingNode()) {
            if (request.body().length > 0) {
                found.add("a request body where there is none");
            }
            return;
        }
        String wanted = operation.has("form") ? "application/x-www-form-urlencoded" : "application/json";
        String contentType = String.valueOf(request.header("Content-Type"));
        if (!contentType.startsWith(wanted)) {
            found.add("request of content type " + contentType + " instead of " + wanted);
        }
        JsonNode body = operation.has("form") ? form(request) : parse(request.body(), "request", found);
        check(type.asText(), body, "request", found);
    }

    private static JsonNode form(Request request) {
        Map<String, String> fields = new HashMap<>();
        Request.parseForm(request.bodyText()).forEach((name, values) -> fields.put(name, values.get(0)));
        return JSON.valueToTree(fields);
    }

    private void checkResponse(JsonNode operation, Request request, Response response, List<String> found) {
        String status = Integer.toString(response.status());
        JsonNode type = operation.path("responses").path(status);
        if (response.headers().getOrDefault("Content-Type", "").startsWith("text/html")) {
            // The edge answers, not the service.
            return;
        }
        if (response.status() < 400 && type.isMissingNode()) {
            found.add("undocumented status " + status);
        } else if (response.status() >= 400) {
            boolean oauth = request.rawPath().startsWith("/oauth/") && response.status() == 400;
            String error =
                    !oauth ? "Error" : request.rawPath().startsWith("/oauth/v1/") ? "TokenErrorV1" : "TokenError";
            check(error, parse(response.body(), status, found), status, found);
        } else if (type.isNull()) {
            if (response.body().length > 0) {
                found.add(status + " with a body");
            }
        } else {
            check(type.asText(), parse(response.body(), status, found), status, found);
        }
    }

    private static JsonNode parse(byte[] body, String where, List<String> found) {
        try {
            return JSON.readTree(body);
        } catch (IOException malformed) {
            found.add(where + " is no JSON: " + malformed.getMessage());
            return JSON.missingNode();
        }
    }

    private void check(String type, JsonNode body, String where, List<String> found) {
        if (body.isMissingNode()) {
            found.add(where + " has no body");
            return;
        }
        Schema schema = schemas.computeIfAbsent(type, this::schema);
        schema.validate(body, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .forEach(error -> found.add(where + " " + type + error));
    }

    private Schema schema(String type) {
        ObjectNode root = JSON.createObjectNode().put("$ref", "#/$defs/" + type);
        root.set("$defs", types);
        return registry.getSchema(root);
    }

    /** Collects the violations of many exchanges, each kind once. */
    static final class Watch {
        private final Map<String, String> violations = new TreeMap<>();

        synchronized void see(Exchange exchange) {
            for (String violation : ONLY.violations(exchange)) {
                violations.putIfAbsent(
                        violation.replaceAll("\\d+", "#"),
                        violation + "\n  request: " + exchange.request().bodyText() + "\n  answer: "
                                + new String(exchange.response().body(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }

        /** Fails when an exchange was not as documented. */
        synchronized void verify() {
            if (!violations.isEmpty()) {
                throw new AssertionError("Not as HubSpot documents it:\n" + String.join("\n", violations.values()));
            }
        }
    }
}
