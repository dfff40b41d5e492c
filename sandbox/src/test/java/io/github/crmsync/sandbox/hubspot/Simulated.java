package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A portal with a clock that stands still, for one test; single quotes in bodies stand for double ones. */
abstract class Simulated {
    static final String CONTACTS = "/crm/objects/2026-03/contacts";
    static final String PROPERTIES = "/crm/properties/2026-03/contacts";
    static final String LISTS = "/crm/lists/2026-03";
    /** A definition of a property with unique values. */
    static final String UNIQUE = "{'name':'ext_id','label':'E','type':'string','fieldType':'text',"
            + "'groupName':'contactinformation','hasUniqueValue':true}";

    static final HttpClient CLIENT = HttpClient.newHttpClient();

    final AtomicLong now = new AtomicLong(1_790_000_000_000L);
    HubSpotSimulator simulator;
    /** Of the last answer. */
    int status;

    HttpHeaders headers;

    @BeforeEach
    void start() throws IOException {
        start(HubSpotOptions.builder().indexLagMaxMs(0));
    }

    private void start(HubSpotOptions.Builder options) throws IOException {
        simulator = new HubSpotSimulator(options.clock(() -> java.time.Instant.ofEpochMilli(now.get()))
                        .build())
                .start();
    }

    /** Goes on with another portal, whose searches show changes at once unless the options say otherwise. */
    void restart(HubSpotOptions.Builder options) throws IOException {
        simulator.close();
        start(options);
    }

    void restart(Quirk... quirks) throws IOException {
        restart(HubSpotOptions.builder().indexLagMaxMs(0).with(quirks));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    JsonNode call(String method, String path, String body) throws Exception {
        return call(method, path, body, simulator.accessToken());
    }

    JsonNode call(String method, String path, String body, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.url() + path))
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
        status = response.statusCode();
        headers = response.headers();
        return response.body().startsWith("{") ? Json.MAPPER.readTree(response.body()) : Json.MAPPER.createObjectNode();
    }

    /** Id of a new contact with the first name Ann. */
    String create(String email) throws Exception {
        JsonNode made = call("POST", CONTACTS, "{'properties':{'email':'" + email + "','firstname':'Ann'}}");
        assertThat(status).isEqualTo(201);
        return made.path("id").asText();
    }

    JsonNode update(String id, String properties) throws Exception {
        return call("PATCH", CONTACTS + "/" + id, "{'properties':{" + properties + "}}");
    }

    /** A property's value; null where it has none. */
    String value(String id, String property) throws Exception {
        return call("GET", CONTACTS + "/" + id + "?properties=" + property, "")
                .path("properties")
                .path(property)
                .asText(null);
    }

    JsonNode search(String body) throws Exception {
        return call("POST", CONTACTS + "/search", body);
    }
}
