package io.github.crmsync.sandbox.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A simulated environment with a plain HTTP client that is logged in to it. */
final class Environment implements AutoCloseable {
    static final String ID = "00000000-0000-0000-0000-0000000000c1";
    static final String ROW = "contacts(" + ID + ")";
    static final String CRM = "Microsoft.Dynamics.CRM.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** The time of the environment. */
    Instant now = Instant.parse("2026-03-01T10:00:00.500Z");

    final DynamicsSimulator simulator;
    private final String token;

    Environment() {
        this(DynamicsOptions.builder());
    }

    Environment(DynamicsOptions.Builder options) {
        try {
            simulator = new DynamicsSimulator(options.clock(() -> now).build()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        token = json(login(Map.of())).path("access_token").asText();
    }

    @Override
    public void close() {
        simulator.close();
    }

    /** Asks for a token; fields given replace the right ones, an empty one is left out. */
    HttpResponse<String> login(Map<String, String> fields) {
        Map<String, String> form = new java.util.LinkedHashMap<>(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                simulator.options().clientId(),
                "client_secret",
                simulator.options().clientSecret(),
                "scope",
                simulator.url() + "/.default"));
        form.putAll(fields);
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> {
            if (!value.isEmpty()) {
                body.append('&').append(name).append('=').append(encode(value));
            }
        });
        return exchange(HttpRequest.newBuilder(URI.create(simulator.tokenUrl()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    HttpResponse<String> call(String method, String path, String body, String... headers) {
        return send(method, simulator.url() + "/api/data/v9.2/" + path, body, headers);
    }

    HttpResponse<String> send(String method, String url, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            if (!headers[i + 1].isEmpty()) {
                request.header(headers[i], headers[i + 1]);
            }
        }
        return exchange(request.build());
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Orders a fault or sets a switch. */
    void order(String rule) {
        HttpResponse<String> response = send("POST", simulator.url() + "/_sandbox/faults", rule);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
    }

    JsonNode get(String path, String... headers) {
        HttpResponse<String> response = call("GET", path, null, headers);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    /** Writes and expects 204. */
    HttpResponse<String> write(String method, String path, String body, String... headers) {
        HttpResponse<String> response = call(method, path, body, headers);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
        return response;
    }

    void refused(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(code(response)).as(response.body()).isEqualTo(code);
    }

    JsonNode tracked() {
        return get("contacts?$select=firstname", "Prefer", "odata.track-changes");
    }

    List<JsonNode> pages(String path, String prefer) {
        return follow(simulator.url() + "/api/data/v9.2/" + path, prefer);
    }

    List<JsonNode> follow(String url, String prefer) {
        List<JsonNode> pages = new ArrayList<>();
        for (String next = url; !next.isEmpty(); ) {
            HttpResponse<String> response = send("GET", next, null, "Prefer", prefer);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            pages.add(json(response));
            next = pages.get(pages.size() - 1).path("@odata.nextLink").asText();
        }
        return pages;
    }

    /** Creates a row and returns its id. */
    String create(String set, String body) {
        String address =
                write("POST", set, body).headers().firstValue("OData-EntityId").orElseThrow();
        return address.substring(address.indexOf('(') + 1, address.length() - 1);
    }

    String contact(String first, String last, String email) {
        ObjectNode body = JSON.createObjectNode();
        body.put("firstname", first).put("lastname", last).put("emailaddress1", email);
        return create("contacts", body.toString());
    }

    List<String> names(String filter) {
        return get("contacts?$select=firstname&$filter=" + encode(filter)).findValuesAsText("firstname");
    }

    HttpResponse<String> batch(String body, String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Type", "multipart/mixed; boundary=\"b1\""));
        all.addAll(List.of(headers));
        return call("POST", "$batch", body, all.toArray(String[]::new));
    }

    static String part(String line, String body) {
        return "--b1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n" + line
                + " HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + body + "\r\n";
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String value) {
        return JSON.getNodeFactory().textNode(value).toString();
    }

    static String code(HttpResponse<String> response) {
        return json(response).at("/error/code").asText();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
