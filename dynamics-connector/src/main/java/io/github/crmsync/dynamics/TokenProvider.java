package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.record.Fingerprints;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access tokens by client credentials, shared by all connectors and tasks of this worker that use one application user in
 * one environment.
 */
final class TokenProvider {
    private static final Logger LOG = LoggerFactory.getLogger(TokenProvider.class);
    private static final ConcurrentMap<Key, Holder> TOKENS = new ConcurrentHashMap<>();
    private static final long AHEAD_MS = 300_000;

    /** The credential's fingerprint keeps a wrong secret from passing with the token of the right one. */
    private record Key(URI endpoint, String clientId, long credential, String origin) {}

    private record Token(String text, long renewAt, long expiresAt) {}

    private static final class Holder {
        private Token token;
    }

    private final LongSupplier clock;
    private final DynamicsConfig config;
    private final ApiClient client;
    /** Null where the credential is a secret. */
    private final ClientCertificate certificate;

    private final String secret;
    private final String credentialSetting;
    private final Key key;
    private final Holder holder;

    /**
     * For the connector's own app registration.
     *
     * @param client sends the token requests, without authorization of its own
     * @param clock time in ms
     */
    TokenProvider(DynamicsConfig config, ApiClient client, LongSupplier clock) {
        this(
                config,
                client,
                config.getString(DynamicsConfig.CLIENT_ID),
                config.secret(),
                config.certificate(),
                config.credentialSetting(),
                clock);
    }

    /** For a further app registration. */
    TokenProvider(DynamicsConfig config, ApiClient client, DynamicsConfig.AdditionalClient other, LongSupplier clock) {
        this(config, client, other.id(), other.secret(), null, DynamicsConfig.ADDITIONAL_CLIENTS, clock);
    }

    private TokenProvider(
            DynamicsConfig config,
            ApiClient client,
            String clientId,
            String secret,
            ClientCertificate certificate,
            String credentialSetting,
            LongSupplier clock) {
        this.clock = clock;
        this.config = config;
        this.client = client;
        this.secret = secret;
        this.certificate = certificate;
        this.credentialSetting = credentialSetting;
        this.key = new Key(
                URI.create(
                        config.authority() + "/" + config.getString(DynamicsConfig.TENANT_ID) + "/oauth2/v2.0/token"),
                clientId,
                Fingerprints.of(certificate == null ? secret : certificate.thumbprint()),
                OData.origin(config.environment()));
        this.holder = TOKENS.computeIfAbsent(key, k -> new Holder());
    }

    /** Value of the Authorization header, renewed ahead of its expiry. */
    String authorization() {
        synchronized (holder) {
            long now = clock.getAsLong();
            if (holder.token == null || now >= holder.token.renewAt()) {
                renew(now);
            }
            return "Bearer " + holder.token.text();
        }
    }

    /** Forgets the token: the next request gets a new one. */
    void forget() {
        synchronized (holder) {
            holder.token = null;
        }
    }

    private void renew(long now) {
        try {
            holder.token = request(now);
        } catch (RetriableException e) {
            if (holder.token == null || now >= holder.token.expiresAt()) {
                throw e;
            }
            LOG.warn("The access token could not be renewed yet: {}", e.getMessage());
        }
    }

    private Token request(long now) {
        String form = "grant_type=client_credentials&client_id=" + OData.encode(key.clientId()) + "&scope="
                + OData.encode(key.origin() + "/.default") + "&" + credential(now);
        ApiResponse response = client.send(ApiRequest.form(key.endpoint(), form));
        JsonNode body = response.json();
        if (response.status() >= 500) {
            throw new RetriableException("No access token was issued: HTTP " + response.status());
        }
        if (!response.ok()) {
            throw TokenError.of(response.status(), body, credentialSetting);
        }
        String text = body.path("access_token").asText("");
        if (text.isEmpty()) {
            throw new ConnectException("The answer of " + key.endpoint().getHost() + " holds no access token; check "
                    + DynamicsConfig.AUTHORITY_URL);
        }
        long lifetime = body.path("expires_in").asLong(3600) * 1000;
        return new Token(text, now + lifetime - Math.min(AHEAD_MS, lifetime / 5), now + lifetime);
    }

    private String credential(long now) {
        if (certificate == null) {
            return "client_secret=" + OData.encode(secret);
        }
        return "client_assertion_type=" + OData.encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                + "&client_assertion="
                + certificate.assertion(
                        key.endpoint(),
                        key.clientId(),
                        config.getString(DynamicsConfig.ASSERTION_ALGORITHM),
                        Instant.ofEpochMilli(now));
    }
}
