package io.github.crmsync.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * HTTP with a service: paced, patient with throttling, and recorded. Not for several threads.
 *
 * @see Redaction
 */
public final class Service {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int TRIES = 5;
    private static final int TOO_MANY = 429;
    /** HubSpot's window of ten seconds; Dataverse names its own wait. */
    private static final Duration THROTTLED = Duration.ofSeconds(10);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** Supplies an access token. */
    @FunctionalInterface
    public interface Login {
        String token() throws IOException;
    }

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String root;
    private final Login login;
    private final Duration pace;
    private final String marker;
    private final Redaction redaction;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private List<Exchange> exchanges = new ArrayList<>();

    /**
     * @param root what every path begins with
     * @param pace pause before each request, so that a small account's quota is not used up
     * @param marker text that stands in every record that the probe makes
     */
    public Service(String root, Login login, Duration pace, String marker) {
        this.root = root;
        this.login = login;
        this.pace = pace;
        this.marker = marker;
        this.redaction = new Redaction(marker);
        redaction.hide(URI.create(root).getAuthority());
    }

    /** Text that stands in every record that the probe makes. */
    public String marker() {
        return marker;
    }

    /** Sends a header with every request. */
    public Service with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** Id of a record that the probe has made: it may show in what is recorded. */
    public void own(String id) {
        redaction.keep(id);
    }

    public Answer get(String path, String... extra) throws IOException {
        return send("GET", path, null, extra);
    }

    /**
     * Sends a request; a 429 is waited out.
     *
     * @param body JSON, a {@link Map} that becomes JSON, or null for none
     * @param extra names and values of further headers
     */
    public Answer send(String method, String path, Object body, String... extra) throws IOException {
        for (int attempt = 1; ; attempt++) {
            pause(pace);
            Answer answer = sendOnce(method, path, body, extra);
            if (answer.status() != TOO_MANY || attempt == TRIES) {
                return answer;
            }
            pause(asked(answer));
        }
    }

    /** Sends a request once, whatever is answered. */
    public Answer sendOnce(String method, String path, Object body, String... extra) throws IOException {
        String text = body == null ? null : body instanceof String json ? json : JSON.writeValueAsString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : root + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + login.token())
                .method(method, text == null ? BodyPublishers.noBody() : BodyPublishers.ofString(text));
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (text != null) {
            all.put("Content-Type", "application/json");
        }
        for (int i = 0; i < extra.length; i += 2) {
            all.put(extra[i], extra[i + 1]);
        }
        all.forEach(request::header);
        HttpResponse<String> response;
        try {
            response = client.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        exchanges.add(new Exchange(
                redaction.clean(method + " " + path),
                text == null ? null : redaction.clean(text),
                response.statusCode(),
                redaction.clean(response.body())));
        return new Answer(response.statusCode(), response.headers(), response.body(), json(response.body()));
    }

    private static JsonNode json(String body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static Duration asked(Answer answer) {
        Duration wait = answer.headers()
                .firstValue("retry-after")
                .filter(text -> text.matches("\\d{1,6}(\\.\\d+)?"))
                .map(text -> Duration.ofMillis((long) (Double.parseDouble(text) * 1_000)))
                .orElse(THROTTLED);
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** What was sent since this was called last. */
    List<Exchange> takeExchanges() {
        List<Exchange> taken = exchanges;
        exchanges = new ArrayList<>();
        return taken;
    }

    /** Waits, as a person at a keyboard would. */
    public static void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** A short name for what happened where no reading fits. */
    public static String described(Answer answer) {
        String code = answer.text("/category") + answer.text("/error/code");
        return String.format(Locale.ROOT, "HTTP %d%s", answer.status(), code.isEmpty() ? "" : " " + code);
    }
}
