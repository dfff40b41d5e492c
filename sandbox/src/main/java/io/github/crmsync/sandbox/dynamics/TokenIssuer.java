package io.github.crmsync.sandbox.dynamics;

import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.nio.charset.StandardCharsets;
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
    private final DynamicsOptions options;
    private final InstantSource clock;
    private final Map<String, Instant> expiries = new ConcurrentHashMap<>();

    TokenIssuer(DynamicsOptions options) {
        this.options = options;
        this.clock = options.clock();
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
        if (!tenant.equals(options.tenantId())) {
            return error(
                    400,
                    "invalid_request",
                    90002,
                    "Tenant '" + tenant
                            + "' not found. Check to make sure you have the correct tenant ID and are signing"
                            + " into the correct cloud.");
        }
        String type = request.header("Content-Type");
        boolean form = type != null && type.startsWith("application/x-www-form-urlencoded");
        Map<String, List<String>> fields = form ? Request.parseForm(request.bodyText()) : Map.of();
        for (String name : List.of("grant_type", "client_id", "scope")) {
            if (first(fields, name).isEmpty()) {
                return error(
                        400,
                        "invalid_request",
                        900144,
                        "The request body must contain the following parameter: '" + name + "'.");
            }
        }
        if (!first(fields, "grant_type").equals("client_credentials")) {
            return error(
                    400,
                    "unsupported_grant_type",
                    70003,
                    "The app requested an unsupported grant type '" + first(fields, "grant_type") + "'.");
        }
        if (!first(fields, "client_id").equals(options.clientId())) {
            return error(
                    400,
                    "unauthorized_client",
                    700016,
                    "Application with identifier '" + first(fields, "client_id") + "' was not found in the directory '"
                            + tenant + "'.");
        }
        Response refused = credentials(fields, origin);
        if (refused != null) {
            return refused;
        }
        if (!first(fields, "scope").equals(origin + "/.default")) {
            return error(
                    400,
                    "invalid_scope",
                    70011,
                    "The provided request must include a 'scope' input parameter. The provided value for the input"
                            + " parameter 'scope' is not valid. The scope " + first(fields, "scope")
                            + " is not valid.");
        }
        return Response.json(200, grant(origin));
    }

    /** The refusal of a secret or of a signed assertion; null if it is right. */
    private Response credentials(Map<String, List<String>> fields, String origin) {
        String secret = first(fields, "client_secret");
        String assertion = first(fields, "client_assertion");
        if (!assertion.isEmpty() && first(fields, "client_assertion_type").equals(ClientAssertion.TYPE)) {
            if (options.certificate() == null) {
                return error(
                        401,
                        "invalid_client",
                        700027,
                        "The certificate with identifier used to sign the client assertion is not registered.");
            }
            String audience = origin + "/" + options.tenantId() + "/oauth2/v2.0/token";
            ClientAssertion.Problem problem = new ClientAssertion(options.certificate(), options.clientId(), audience)
                    .problem(assertion, clock.instant());
            return problem == null ? null : error(401, "invalid_client", problem.code(), problem.text());
        }
        if (secret.isEmpty()) {
            return error(
                    401,
                    "invalid_client",
                    7000218,
                    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
        }
        return secret.equals(options.clientSecret())
                ? null
                : error(
                        401,
                        "invalid_client",
                        7000215,
                        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret"
                                + " value, not the client secret ID, for a secret added to app '" + options.clientId()
                                + "'.");
    }

    private Map<String, Object> grant(String origin) {
        Instant now = clock.instant();
        expiries.values().removeIf(expiry -> expiry.isBefore(now));
        String token = encode("{\"typ\":\"JWT\",\"alg\":\"RS256\"}") + "."
                + encode("{\"aud\":\"" + origin + "\",\"appid\":\"" + options.clientId() + "\",\"exp\":"
                        + now.plus(options.tokenLifetime()).getEpochSecond() + "}")
                + "." + encode(UUID.randomUUID().toString());
        expiries.put(token, now.plus(options.tokenLifetime()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token_type", "Bearer");
        answer.put("expires_in", Math.max(0, options.tokenLifetime().toSeconds() - 1));
        answer.put("ext_expires_in", Math.max(0, options.tokenLifetime().toSeconds() - 1));
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
