package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Gives the Authorization header: a fixed token, or one that is renewed before it expires (HubSpot's access tokens live 30
 * minutes, and a 401 is not meant as the sign to renew).
 */
final class HubSpotAuth implements Supplier<String> {
    private static final long RENEW_BEFORE_MS = 300_000;

    private final HubSpotConfig config;
    private final URI tokenUri;
    private final ApiClient tokenClient;
    private String refreshToken;
    private String header;
    private long renewAt;

    /** @param tokenClient for renewals; null with a fixed token */
    HubSpotAuth(HubSpotConfig config, HubSpotPaths paths, ApiClient tokenClient) {
        this.config = config;
        this.tokenUri = paths.token();
        this.tokenClient = tokenClient;
        this.refreshToken = config.refreshToken();
    }

    @Override
    public synchronized String get() {
        if (tokenClient == null) {
            return "Bearer " + config.accessToken().strip();
        }
        if (header == null || System.currentTimeMillis() >= renewAt) {
            renew();
        }
        return header;
    }

    synchronized void forget() {
        header = null;
    }

    private void renew() {
        String form = Map.of(
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        refreshToken,
                        "client_id",
                        config.clientId(),
                        "client_secret",
                        config.clientSecret())
                .entrySet()
                .stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        ApiResponse response = tokenClient.send(ApiRequest.form(tokenUri, form));
        JsonNode body = response.json();
        if (response.status() >= 500) {
            throw new RetryLaterException("HubSpot's token endpoint: HTTP " + response.status(), 5_000, null);
        }
        if (!response.ok() || !body.path("access_token").isTextual()) {
            String code = body.path("error").asText(body.path("status").asText("HTTP " + response.status()));
            throw new ConnectException("HubSpot refuses to renew the OAuth access token (" + code + "): check "
                    + HubSpotConfig.OAUTH_CLIENT_ID + ", " + HubSpotConfig.OAUTH_CLIENT_SECRET + " and "
                    + HubSpotConfig.OAUTH_REFRESH_TOKEN + ", or have the portal's user grant access again");
        }
        long lifeMs = body.path("expires_in").asLong(1800) * 1000;
        header = "Bearer " + body.path("access_token").asText();
        renewAt = System.currentTimeMillis() + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2);
        refreshToken = body.path("refresh_token").asText(refreshToken);
    }
}
