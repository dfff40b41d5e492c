package io.github.crmsync.simulation.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One of the two CRMs: its simulator, and what people do in it. Fields are those of {@link Field}. */
abstract class App implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /** Name as in the ledger. */
    abstract String name();

    /** Origin of the service. */
    abstract String url();

    abstract Response call(Request request) throws IOException;

    /** Orders a failure for the next call. */
    abstract void fault(Map<String, Object> rule);

    /** Live records by id, each with the fields that have a value, in the order of their ids. */
    abstract Map<String, Map<Field, String>> records();

    /** Creates a record; null if the app refuses. */
    abstract String create(Map<Field, String> values);

    /** Changes a record; whether the app has done it. */
    abstract boolean change(String id, Map<Field, String> values);

    abstract boolean delete(String id);

    /** Whether a call of a task may write. */
    abstract boolean writes(Request request);

    /** Header of people's requests. */
    abstract String authorization();

    Response request(String method, String path, String contentType, byte[] body, Map<String, String> more) {
        Map<String, List<String>> headers = new HashMap<>();
        more.forEach((name, value) -> headers.put(name, List.of(value)));
        headers.put("content-type", List.of(contentType));
        try {
            return call(Request.of(method, URI.create(url() + path), headers, body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request of a person's. */
    Response people(String method, String path, Object body) {
        try {
            return request(
                    method,
                    path,
                    "application/json",
                    body == null ? new byte[0] : JSON.writeValueAsBytes(body),
                    Map.of("authorization", authorization(), "accept", "application/json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode form(String path, String body) {
        return json(request(
                "POST", path, "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.UTF_8), Map.of()));
    }

    static JsonNode json(Response response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean ok(Response response) {
        return response.status() / 100 == 2;
    }

    @Override
    public abstract void close();
}
