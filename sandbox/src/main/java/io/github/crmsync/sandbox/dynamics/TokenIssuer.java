package io.github.crmsync.sandbox.dynamics;

import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The token endpoint of the directory, and the check of the tokens it gave out. */
final class TokenIssuer {
    private final String tenantId;
    private final String clientId;
    private final String clientSecret;
    private final Duration lifetime;
    private final InstantSource clock;
    private final Map<String, Instant> expiries = new ConcurrentHashMap<>();

    TokenIssuer(String tenantId, String clientId, String clientSecret, Duration lifetime, InstantSource clock) {
        this.tenantId = tenantId;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    boolean accepts(String authorization) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            return false;
        }
        Instant expiry = expiries.get(authorization.substring(7));
        return expiry != null && clock.instant().isBefore(expiry);
    }

    void revokeAll() {
        expiries.clear();
    }

    Response token(Request request, String tenant, String origin) {
        if (!tenant.equals(tenantId)) {
            return error(400, "invalid_request", 90002, "Tenant '" + tenant + "' not found.");
        }
        String type = request.header("Content-Type");
        Map<String, List<String>> form = Request.parseForm(request.bodyText());
        if (type == null || !type.startsWith("application/x-www-form-urlencoded") || !form.containsKey("grant_type")) {
            return error(
                    400,
                    "invalid_request",
                    900144,
                    "The request body must contain the following parameter: 'grant_type'.");
        }
        if (!first(form, "grant_type").equals("client_credentials")) {
            return error(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
        }
        if (!first(form, "client_id").equals(clientId)) {
            return error(
                    400,
                    "unauthorized_client",
                    700016,
                    "Application with identifier '" + first(form, "client_id") + "' was not found in the directory '"
                            + tenant + "'.");
        }
        if (!first(form, "client_secret").equals(clientSecret)) {
            return error(401, "invalid_client", 7000215, "Invalid client secret provided.");
        }
        if (!first(form, "scope").equals(origin + "/.default")) {
            return error(
                    400,
                    "invalid_scope",
                    70011,
                    "The provided request must include a 'scope' input parameter. The provided value for the input"
                            + " parameter 'scope' is not valid. The scope " + first(form, "scope") + " is not valid.");
        }
        return Response.json(200, grant(origin));
    }

    private Map<String, Object> grant(String origin) {
        Instant now = clock.instant();
        expiries.values().removeIf(expiry -> expiry.isBefore(now));
        String token = encode("{\"typ\":\"JWT\",\"alg\":\"RS256\"}") + "."
                + encode("{\"aud\":\"" + origin + "\",\"appid\":\"" + clientId + "\",\"exp\":"
                        + now.plus(lifetime).getEpochSecond() + "}")
                + "." + encode(UUID.randomUUID().toString());
        expiries.put(token, now.plus(lifetime));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token_type", "Bearer");
        answer.put("expires_in", Math.max(0, lifetime.toSeconds() - 1));
        answer.put("ext_expires_in", Math.max(0, lifetime.toSeconds() - 1));
        answer.put("access_token", token);
        return answer;
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String first(Map<String, List<String>> form, String name) {
        List<String> values = form.get(name);
        return values == null ? "" : values.get(0);
    }

    private Response error(int status, String error, int code, String text) {
        String trace = UUID.randomUUID().toString();
        String correlation = UUID.randomUUID().toString();
        String timestamp = clock.instant().toString().substring(0, 19).replace('T', ' ') + "Z";
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put(
                "error_description",
                "AADSTS" + code + ": " + text + "\r\nTrace ID: " + trace + "\r\nCorrelation ID: " + correlation
                        + "\r\nTimestamp: " + timestamp);
        body.put("error_codes", List.of(code));
        body.put("timestamp", timestamp);
        body.put("trace_id", trace);
        body.put("correlation_id", correlation);
        return Response.json(status, body);
    }
}
