package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The OAuth token endpoint and the tokens it gave out. */
final class TokenRoutes {
    static final String CLIENT_ID = "sandbox-client";
    static final String CLIENT_SECRET = "sandbox-secret";
    static final String REFRESH_TOKEN = "na1-sandbox-refresh-token";
    private static final long LIFETIME_SECONDS = 1800;

    private final HubSpotOptions options;
    private final Map<String, Long> expiryByToken = new ConcurrentHashMap<>();

    TokenRoutes(HubSpotOptions options) {
        this.options = options;
    }

    void addTo(Router router) {
        for (String version : List.of("v1", "v3", "2026-03", "2026-09")) {
            router.add("POST", "/oauth/" + version + "/token", "/oauth/{v}/token", (request, path) -> token(request));
        }
    }

    private Response token(Request request) {
        Map<String, List<String>> form = Request.parseForm(request.bodyText());
        if (!"refresh_token".equals(first(form, "grant_type"))) {
            return refused("unsupported_grant_type", "BAD_GRANT_TYPE", "grant_type is missing or unknown");
        }
        if (!CLIENT_ID.equals(first(form, "client_id")) || !CLIENT_SECRET.equals(first(form, "client_secret"))) {
            return refused("invalid_client", "BAD_CLIENT_ID", "missing or invalid client id or secret");
        }
        if (!REFRESH_TOKEN.equals(first(form, "refresh_token"))) {
            return refused("invalid_grant", "BAD_REFRESH_TOKEN", "missing or invalid refresh token");
        }
        String token = "C" + UUID.randomUUID() + UUID.randomUUID();
        expiryByToken.put(token, options.clock().millis() + LIFETIME_SECONDS * 1000);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("access_token", token);
        body.put("refresh_token", REFRESH_TOKEN);
        body.put("expires_in", LIFETIME_SECONDS);
        body.put("token_type", "bearer");
        body.put("token_use", "access_token");
        body.put("hub_id", Desk.PORTAL_ID);
        return Response.json(200, body);
    }

    private static Response refused(String error, String status, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put("error_description", message);
        body.put("status", status);
        body.put("message", message);
        return Response.json(400, body);
    }

    private static String first(Map<String, List<String>> form, String name) {
        return form.getOrDefault(name, List.of("")).get(0);
    }

    /** Refuses a request without a good bearer token. */
    void check(Request request) {
        String header = request.header("Authorization");
        String token = header != null && header.startsWith("Bearer ") ? header.substring(7) : "";
        if (token.equals(options.accessToken())) {
            return;
        }
        Long expiry = expiryByToken.get(token);
        if (expiry == null) {
            throw new ApiException(
                    401,
                    "INVALID_AUTHENTICATION",
                    "Authentication credentials not found. This API supports OAuth 2.0 authentication.");
        }
        long late = options.clock().millis() - expiry;
        if (late >= 0) {
            throw new ApiException(
                            401, "EXPIRED_AUTHENTICATION", "The OAuth token expired " + late / 1000 + " second(s) ago")
                    .context("expire time", Contact.iso(expiry));
        }
    }
}
