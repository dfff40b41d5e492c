package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.hubspot.HubSpotAnswers.Operation;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The access token of one OAuth grant, shared by all tasks of this plugin in a worker that use the grant: HubSpot's access
 * tokens live 30 minutes, and a 401 is not meant as the sign to renew them.
 */
final class OauthGrant {
    private static final ConcurrentMap<Identity, OauthGrant> GRANTS = new ConcurrentHashMap<>();
    private static final long RENEW_BEFORE_MS = 300_000;
    private static final long USUAL_LIFE_SECONDS = 1800;
    /** See {@link AnswerCheck}. */
    private static final long PATIENCE_MS = 60_000;

    /** What tells grants apart; never printed. */
    private record Identity(URI tokenUri, String clientId, String clientSecret, String refreshToken) {
        @Override
        public String toString() {
            return tokenUri.toString();
        }
    }

    private final Identity identity;
    private String refreshToken;
    private String header;
    private long renewAt;
    private long lastRenewal;
    private final AnswerCheck check = new AnswerCheck(PATIENCE_MS, () -> lastRenewal);

    private OauthGrant(Identity identity) {
        this.identity = identity;
        this.refreshToken = identity.refreshToken();
    }

    static OauthGrant of(HubSpotConfig config, URI tokenUri) {
        Identity identity = new Identity(tokenUri, config.clientId(), config.clientSecret(), config.refreshToken());
        return GRANTS.computeIfAbsent(identity, OauthGrant::new);
    }

    /**
     * The Authorization header, with a token that lives on for minutes.
     *
     * @param client for a renewal
     * @param now in ms, on the clock of all callers
     */
    synchronized String header(ApiClient client, long now) {
        if (header == null || now >= renewAt) {
            renew(client, now);
        }
        return header;
    }

    /** After HubSpot has refused that header: if nobody has renewed it meanwhile, the next call does. */
    synchronized void forget(String refused) {
        if (refused != null && refused.equals(header)) {
            header = null;
        }
    }

    private void renew(ApiClient client, long now) {
        lastRenewal = now;
        String form = Map.of(
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        refreshToken,
                        "client_id",
                        identity.clientId(),
                        "client_secret",
                        identity.clientSecret())
                .entrySet()
                .stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        ApiResponse response = client.send(ApiRequest.form(identity.tokenUri(), form));
        JsonNode body = response.json();
        boolean good = HubSpotAnswers.good(response);
        if (good && !body.path("access_token").isTextual()
                || !good && HubSpotAnswers.of(Operation.TOKEN, response) == AnswerKind.CREDENTIALS) {
            String code = body.path("error").asText(body.path("status").asText(response.toString()));
            throw new ConnectException("HubSpot refuses to renew the OAuth access token (" + code + "): check "
                    + HubSpotConfig.OAUTH_CLIENT_ID + ", " + HubSpotConfig.OAUTH_CLIENT_SECRET + " and "
                    + HubSpotConfig.OAUTH_REFRESH_TOKEN + ", or have the portal's user grant access again");
        }
        check.require(Operation.TOKEN, response, "Renewing the OAuth access token");
        long lifeMs = body.path("expires_in").asLong(USUAL_LIFE_SECONDS) * 1000;
        header = "Bearer " + body.path("access_token").asText();
        renewAt = now + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2);
        refreshToken = body.path("refresh_token").asText(refreshToken);
    }
}
