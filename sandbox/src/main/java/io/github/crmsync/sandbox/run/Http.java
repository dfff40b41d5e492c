package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** JSON over HTTP for the launcher; waits and repeats when a service asks it to. */
final class Http {
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 30;
    private static final long DEFAULT_WAIT_MS = 1_000;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ObjectMapper json = new ObjectMapper();

    /** A response of any status. */
    record Reply(int status, JsonNode body) {}

    JsonNode get(String url, Map<String, String> headers) throws IOException, InterruptedException {
        return expectSuccess(url, send(request(url, headers).GET()));
    }

    JsonNode postForm(String url, String form) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(url, Map.of("Content-Type", "application/x-www-form-urlencoded"))
                .POST(HttpRequest.BodyPublishers.ofString(form));
        return expectSuccess(url, send(request));
    }

    Reply put(String url, JsonNode body) throws IOException, InterruptedException {
        return send(request(url, Map.of("Content-Type", "application/json"))
                .PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private static HttpRequest.Builder request(String url, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(REQUEST_LIMIT);
        headers.forEach(request::header);
        return request;
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        for (int attempt = 1; mayRepeat(response.statusCode()) && attempt < ATTEMPTS; attempt++) {
            Thread.sleep(waitMs(response));
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
        return new Reply(response.statusCode(), json.readTree(response.body()));
    }

    private static boolean mayRepeat(int status) {
        return status == 429 || status == 503;
    }

    private static long waitMs(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("Retry-After")
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)).toMillis())
                .orElse(DEFAULT_WAIT_MS);
    }

    private static JsonNode expectSuccess(String url, Reply reply) throws IOException {
        if (reply.status() / 100 != 2) {
            throw new IOException("%s answered %d: %s".formatted(url, reply.status(), reply.body()));
        }
        return reply.body();
    }
}
