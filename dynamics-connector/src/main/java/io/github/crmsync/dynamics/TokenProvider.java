package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Access tokens by client credentials, shared by all tasks of the worker that use the same credentials.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow">Client credentials</a>
 */
final class TokenProvider implements Supplier<String> {
    private static final Duration AHEAD_OF_EXPIRY = Duration.ofMinutes(5);
    private static final Map<String, Token> TOKENS = new ConcurrentHashMap<>();

    private record Token(String value, Instant renewAt) {}

    private final DynamicsConfig config;
    private final HttpSettings http;
    private final String cacheKey;

    TokenProvider(DynamicsConfig config, HttpSettings http) {
        this.config = config;
        this.http = http;
        String secret = config.getPassword(DynamicsConfig.CLIENT_SECRET).value();
        this.cacheKey = String.join(
                " ",
                config.getString(DynamicsConfig.AUTHORITY),
                config.getString(DynamicsConfig.TENANT),
                config.getString(DynamicsConfig.CLIENT_ID),
                config.origin().toString(),
                Integer.toHexString(secret.hashCode()));
    }

    /** Value of the Authorization header. */
    @Override
    public String get() {
        Token token = TOKENS.get(cacheKey);
        if (token == null || Instant.now().isAfter(token.renewAt)) {
            synchronized (TokenProvider.class) {
                token = TOKENS.get(cacheKey);
                if (token == null || Instant.now().isAfter(token.renewAt)) {
                    token = request();
                    TOKENS.put(cacheKey, token);
                }
            }
        }
        return "Bearer " + token.value;
    }

    void forget() {
        TOKENS.remove(cacheKey);
    }

    private Token request() {
        String authority = config.getString(DynamicsConfig.AUTHORITY).replaceAll("/+$", "");
        URI uri = URI.create(authority + "/" + config.getString(DynamicsConfig.TENANT) + "/oauth2/v2.0/token");
        String form = form(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                config.getString(DynamicsConfig.CLIENT_ID),
                "client_secret",
                config.getPassword(DynamicsConfig.CLIENT_SECRET).value(),
                "scope",
                config.origin() + "/.default"));
        ApiResponse response;
        try (ApiClient client = new ApiClient(http, RateLimiter.NONE)) {
            response = client.send(ApiRequest.form(uri, form));
        }
        if (!response.ok()) {
            throw new ConnectException("Microsoft Entra refuses the credentials ("
                    + response.json().path("error").asText("HTTP " + response.status()) + ", AADSTS"
                    + response.json().path("error_codes").path(0).asText("?") + "): check " + DynamicsConfig.TENANT
                    + ", "
                    + DynamicsConfig.CLIENT_ID + " and " + DynamicsConfig.CLIENT_SECRET
                    + ", then restart the connector's tasks");
        }
        long seconds = response.json().path("expires_in").asLong(3600);
        Duration life = Duration.ofSeconds(seconds);
        Duration usable =
                life.compareTo(AHEAD_OF_EXPIRY.multipliedBy(2)) > 0 ? life.minus(AHEAD_OF_EXPIRY) : life.dividedBy(2);
        return new Token(
                response.json().path("access_token").asText(), Instant.now().plus(usable));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
