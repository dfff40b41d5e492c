package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The OAuth endpoints: dated and v3 ones answer errors in two styles at once, those of v1 in their own only. */
final class TokenRoutes {
    private static final int USER_ID = 52_301;
    private static final List<String> ALL_SCOPES = List.of(
            "crm.lists.read",
            "crm.lists.write",
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.schemas.contacts.read",
            "crm.schemas.contacts.write",
            "oauth");

    private final HubSpotOptions options;
    private final Tokens tokens;

    TokenRoutes(HubSpotOptions options, Tokens tokens) {
        this.options = options;
        this.tokens = tokens;
    }

    void addTo(Router router) {
        for (String version : List.of("v3", "2026-03", "2026-09")) {
            String base = "/oauth/" + version;
            router.add("POST", base + "/token", "/oauth/{v}/token", (request, path) -> token(form(request), false));
            router.add(
                    "POST",
                    base + "/token/introspect",
                    "/oauth/{v}/token/introspect",
                    (request, path) -> introspect(form(request)));
            router.add(
                    "POST",
                    base + "/token/revoke",
                    "/oauth/{v}/token/revoke",
                    (request, path) -> revoke(form(request)));
        }
        router.add("POST", "/oauth/v1/token", "/oauth/{v}/token", (request, path) -> {
            Map<String, List<String>> form = new LinkedHashMap<>(request.query());
            form.putAll(form(request));
            return token(form, true);
        });
        router.add("GET", "/oauth/v1/access-tokens/{token}", (request, path) -> accessTokenInfo(path.get("token")));
        router.add("GET", "/oauth/v1/refresh-tokens/{token}", (request, path) -> refreshTokenInfo(path.get("token")));
        router.add("DELETE", "/oauth/v1/refresh-tokens/{token}", (request, path) -> {
            tokens.revoke(path.get("token"));
            return Response.empty(204);
        });
    }

    private static Map<String, List<String>> form(Request request) {
        return Request.parseForm(request.bodyText());
    }

    private static String first(Map<String, List<String>> form, String name) {
        return form.getOrDefault(name, List.of("")).get(0);
    }

    private static boolean isClient(Map<String, List<String>> form) {
        return Tokens.CLIENT_ID.equals(first(form, "client_id"))
                && Tokens.CLIENT_SECRET.equals(first(form, "client_secret"));
    }

    private Response token(Map<String, List<String>> form, boolean v1) {
        String grant = first(form, "grant_type");
        if (!List.of("refresh_token", "authorization_code", "client_credentials")
                .contains(grant)) {
            return refused(v1, "unsupported_grant_type", "BAD_GRANT_TYPE", "grant_type is missing or unknown");
        }
        if (!isClient(form)) {
            return refused(v1, "invalid_client", "BAD_CLIENT_ID", "missing or invalid client id or secret");
        }
        String refreshToken = null;
        if (grant.equals("refresh_token")) {
            refreshToken = first(form, "refresh_token");
            if (!tokens.useRefreshToken(refreshToken)) {
                return refused(v1, "invalid_grant", "BAD_REFRESH_TOKEN", "missing or invalid refresh token");
            }
        } else if (grant.equals("authorization_code")) {
            if (first(form, "redirect_uri").isEmpty()) {
                return refused(v1, "invalid_request", "BAD_REDIRECT_URI", "missing or invalid redirect_uri");
            }
            refreshToken = tokens.redeem(first(form, "code"));
            if (refreshToken == null) {
                return refused(v1, "invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code");
            }
        }
        return Response.json(200, granted(refreshToken));
    }

    private Map<String, Object> granted(String refreshToken) {
        Tokens.Access access = tokens.issue(refreshToken == null ? "client_credentials" : "access_token");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("access_token", access.token());
        if (refreshToken != null) {
            body.put("refresh_token", refreshToken);
        }
        body.put("expires_in", Tokens.LIFETIME_SECONDS);
        body.put("token_type", "bearer");
        body.put("token_use", access.use());
        body.put("hub_id", Desk.PORTAL_ID);
        body.put("user_id", USER_ID);
        body.put("scopes", scopes());
        return body;
    }

    private List<String> scopes() {
        return options.scopes().isEmpty()
                ? ALL_SCOPES
                : options.scopes().stream().sorted().toList();
    }

    private static Response refused(boolean v1, String error, String status, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (!v1) {
            body.put("error", error);
            body.put("error_description", message);
        }
        body.put("status", status);
        body.put("message", message);
        return Response.json(400, body);
    }

    private Response introspect(Map<String, List<String>> form) {
        if (!isClient(form)) {
            return refused(false, "invalid_client", "BAD_CLIENT_ID", "missing or invalid client id or secret");
        }
        String token = first(form, "token");
        Tokens.Access access = tokens.access(token);
        if (access != null) {
            long left = (access.expiresMs() - options.clock().millis()) / 1000;
            Map<String, Object> body = about(token, "Bearer");
            body.put("active", left > 0);
            body.put("token_use", "access_token");
            body.put("client_id", Tokens.CLIENT_ID);
            body.put("app_id", Integer.parseInt(Tokens.App.OAUTH.id()));
            body.put("expires_in", Math.max(0, left));
            body.put("is_private_distribution", false);
            body.put("signed_access_token", signed(access));
            return Response.json(200, body);
        }
        if (tokens.knowsRefreshToken(token)) {
            Map<String, Object> body = about(token, "Bearer");
            body.put("active", true);
            body.put("token_use", "refresh_token");
            body.put("client_id", Tokens.CLIENT_ID);
            body.put("app_id", Integer.parseInt(Tokens.App.OAUTH.id()));
            return Response.json(200, body);
        }
        return refused(false, "invalid_request", "BAD_TOKEN", "missing or unknown token");
    }

    private Response revoke(Map<String, List<String>> form) {
        if (!isClient(form)) {
            return refused(false, "invalid_client", "BAD_CLIENT_ID", "missing or invalid client id or secret");
        }
        tokens.revoke(first(form, "token"));
        return Response.empty(204);
    }

    private Map<String, Object> about(String token, String type) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("token", token);
        body.put("token_type", type);
        body.put("hub_id", Desk.PORTAL_ID);
        body.put("hub_domain", "sandbox.example.com");
        body.put("user", "admin@example.com");
        body.put("user_id", USER_ID);
        body.put("scopes", scopes());
        return body;
    }

    private Map<String, Object> signed(Tokens.Access access) {
        Map<String, Object> signed = new LinkedHashMap<>();
        signed.put("expiresAt", access.expiresMs());
        signed.put("scopes", String.join(" ", scopes()));
        signed.put("hubId", Desk.PORTAL_ID);
        signed.put("userId", USER_ID);
        signed.put("appId", Integer.parseInt(Tokens.App.OAUTH.id()));
        signed.put("installingUserId", USER_ID);
        signed.put("hublet", "na1");
        signed.put("isPrivateDistribution", false);
        signed.put("isServiceAccount", false);
        signed.put("isUserLevel", false);
        for (String name : List.of(
                "appInstallId",
                "audience",
                "signature",
                "newSignature",
                "scopeToScopeGroupPks",
                "trialScopes",
                "trialScopeToScopeGroupPks")) {
            signed.put(name, "");
        }
        return signed;
    }

    private Response accessTokenInfo(String token) {
        Tokens.Access access = tokens.access(token);
        long left = access == null ? 0 : (access.expiresMs() - options.clock().millis()) / 1000;
        if (left <= 0) {
            throw new ApiException(404, null, "access token does not exist or has expired");
        }
        Map<String, Object> body = about(token, "access");
        body.put("app_id", Integer.parseInt(Tokens.App.OAUTH.id()));
        body.put("expires_in", left);
        return Response.json(200, body);
    }

    private Response refreshTokenInfo(String token) {
        if (!tokens.knowsRefreshToken(token)) {
            throw new ApiException(404, null, "missing or unknown refresh token");
        }
        Map<String, Object> body = about(token, "refresh");
        body.put("client_id", Tokens.CLIENT_ID);
        return Response.json(200, body);
    }
}
