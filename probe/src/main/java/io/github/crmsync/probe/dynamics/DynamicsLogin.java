package io.github.crmsync.probe.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.probe.Service;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Login of an application user by its secret. One token lasts for the whole run: they are good for an hour. */
public final class DynamicsLogin implements Service.Login {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpRequest request;
    private String token;

    public DynamicsLogin(String authority, String tenant, String client, String secret, String environment) {
        String form = Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        client,
                        "client_secret",
                        secret,
                        "scope",
                        DynamicsFacts.origin(environment) + "/.default")
                .entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        request = HttpRequest.newBuilder(
                        URI.create(authority.replaceAll("/+$", "") + "/" + tenant + "/oauth2/v2.0/token"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
    }

    @Override
    public String token() throws IOException {
        if (token == null) {
            try {
                HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
                JsonNode answer = JSON.readTree(response.body());
                if (response.statusCode() != 200) {
                    // The description may quote names of the tenant.
                    throw new IOException(
                            "login refused: " + answer.path("error").asText("HTTP " + response.statusCode()) + " "
                                    + answer.path("error_codes"));
                }
                token = answer.path("access_token").asText();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return token;
    }
}
