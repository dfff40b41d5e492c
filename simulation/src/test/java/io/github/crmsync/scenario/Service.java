package io.github.crmsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.opentest4j.AssertionFailedError;

/** A simulated app as people use it, with a login of their own. */
final class Service {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The app's door. */
    interface Door {
        Response call(Request request) throws IOException;
    }

    private final String url;
    private final Door door;
    private final String tokenPath;
    private final String tokenForm;
    private String token;

    Service(String url, Door door, String tokenPath, String tokenForm) {
        this.url = url;
        this.door = door;
        this.tokenPath = tokenPath;
        this.tokenForm = tokenForm;
    }

    /** A person's request, which the app has to accept. */
    Response ask(String method, String path, Object body) {
        Response response = send(method, path, body);
        if (response.status() == 401) {
            token = null;
            response = send(method, path, body);
        }
        if (response.status() / 100 != 2) {
            throw new AssertionFailedError(method + " " + path + ": " + response.status() + " " + text(response));
        }
        return response;
    }

    private Response send(String method, String path, Object body) {
        if (token == null) {
            token = json(exchange(
                            "POST",
                            tokenPath,
                            Map.of("content-type", List.of("application/x-www-form-urlencoded")),
                            tokenForm.getBytes(StandardCharsets.UTF_8)))
                    .path("access_token")
                    .asText();
        }
        try {
            return exchange(
                    method,
                    path,
                    Map.of(
                            "authorization", List.of("Bearer " + token),
                            "accept", List.of("application/json"),
                            "content-type", List.of("application/json")),
                    body == null ? new byte[0] : JSON.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Response exchange(String method, String path, Map<String, List<String>> headers, byte[] body) {
        try {
            return door.call(Request.of(method, URI.create(url + path), headers, body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(Response response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
