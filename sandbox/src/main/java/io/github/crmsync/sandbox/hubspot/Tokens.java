package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Request;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** The credentials of the portal: one static token, and what the OAuth endpoints gave out. */
final class Tokens {
    /** Who calls: a private app with a static token, or the app that was installed through OAuth. */
    enum App {
        PRIVATE("2841739"),
        OAUTH("3120458");

        private final String id;

        App(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }
    }

    /** An access token; {@code use} is {@code access_token} or {@code client_credentials}. */
    record Access(String token, String use, long expiresMs) {}

    static final String CLIENT_ID = "sandbox-client";
    static final String CLIENT_SECRET = "sandbox-secret";
    static final String REFRESH_TOKEN = "na1-sandbox-refresh-token";
    static final String CODE = "na1-sandbox-code";
    static final long LIFETIME_SECONDS = 1800;
    private static final String BEARER = "Bearer ";
    /** A private app's token that the edge can route: it names this portal's region. */
    private static final Pattern HOME = Pattern.compile("pat-na1-[0-9A-Za-z-]+");

    /** The edge does not know where a token belongs: nothing of the service answers. */
    static final class UnroutableException extends RuntimeException {}

    private final HubSpotOptions options;
    private final Map<String, Access> accesses = new HashMap<>();
    private final Map<String, Long> lastUseOfRefreshToken = new HashMap<>();
    private final Set<String> codes = new HashSet<>(Set.of(CODE));

    Tokens(HubSpotOptions options) {
        this.options = options;
        lastUseOfRefreshToken.put(REFRESH_TOKEN, now());
    }

    private long now() {
        return options.clock().millis();
    }

    synchronized Access issue(String use) {
        Access access = new Access("C" + UUID.randomUUID() + UUID.randomUUID(), use, now() + LIFETIME_SECONDS * 1000);
        accesses.put(access.token(), access);
        return access;
    }

    /** Uses up an authorization code; the refresh token, or null when the code is not valid. */
    synchronized String redeem(String code) {
        if (!codes.remove(code)) {
            return null;
        }
        String token = "na1-" + UUID.randomUUID();
        lastUseOfRefreshToken.put(token, now());
        return token;
    }

    /** Whether a refresh token is good; using it puts off its end. */
    synchronized boolean useRefreshToken(String token) {
        if (!knowsRefreshToken(token)) {
            return false;
        }
        lastUseOfRefreshToken.put(token, now());
        return true;
    }

    synchronized boolean knowsRefreshToken(String token) {
        Long used = lastUseOfRefreshToken.get(token);
        long idleMs = options.refreshTokenIdleMs();
        return used != null && (idleMs == 0 || now() - used < idleMs);
    }

    /** The access token as it was given out, even if it has expired since; null when there is none. */
    synchronized Access access(String token) {
        return accesses.get(token);
    }

    /** Ends a token of either kind. */
    synchronized void revoke(String token) {
        accesses.remove(token);
        lastUseOfRefreshToken.remove(token);
    }

    /** The app that a request's token belongs to; refuses a request without a good one. */
    App check(Request request) {
        String token = bearer(request);
        if (token.equals(options.accessToken())) {
            return App.PRIVATE;
        }
        Access access = access(token);
        if (access == null && token.startsWith("pat-") && !HOME.matcher(token).matches()) {
            throw new UnroutableException();
        }
        if (access == null) {
            throw new ApiException(
                    401,
                    "INVALID_AUTHENTICATION",
                    "Authentication credentials not found. This API supports OAuth 2.0 authentication.");
        }
        long late = now() - access.expiresMs();
        if (late >= 0) {
            throw new ApiException(
                            401, "EXPIRED_AUTHENTICATION", "The OAuth token expired " + late / 1000 + " second(s) ago")
                    .context("expire time", Contact.iso(access.expiresMs()));
        }
        return App.OAUTH;
    }

    /** The app that a request claims to come from, whether or not its token is still good. */
    App claimed(Request request) {
        return access(bearer(request)) == null ? App.PRIVATE : App.OAUTH;
    }

    private static String bearer(Request request) {
        String header = request.header("Authorization");
        return header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
    }
}
