package io.github.crmsync.sandbox.dynamics;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/**
 * How a simulated environment behaves.
 *
 * @param port port to listen on, 0 for any free one; a negative number opens no socket
 * @param latencyMs added to every answer
 * @param quota whether the service protection limits apply
 * @param seed of the ids that the service gives out
 * @param organizationId of the organization behind the environment
 * @param certificate for logins with a signed assertion instead of the secret, or null
 * @param servers web servers that share the load, each with limits of its own
 * @param clock source of all timestamps
 */
public record DynamicsOptions(
        int port,
        long latencyMs,
        boolean quota,
        long seed,
        UUID organizationId,
        String tenantId,
        String clientId,
        String clientSecret,
        X509Certificate certificate,
        Duration tokenLifetime,
        int servers,
        InstantSource clock) {

    private static final UUID ORGANIZATION = UUID.fromString("8c1f2f6e-0f9a-4d0e-9a64-5f2a1d3e7b01");
    private static final String TENANT = "6f0f5a52-6a3c-4d1b-9a53-3a8f1e0c7d11";
    private static final String CLIENT = "b1c7e0d4-2f7e-4a86-8a55-90c1f6d2e302";

    public static DynamicsOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; everything has a default. */
    public static final class Builder {
        private int port;
        private long latencyMs;
        private boolean quota;
        private long seed = 1;
        private UUID organizationId = ORGANIZATION;
        private String clientSecret = "sandbox~secret~value";
        private X509Certificate certificate;
        private Duration tokenLifetime = Duration.ofHours(1);
        private int servers = 1;
        private InstantSource clock = InstantSource.system();

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder latencyMs(long value) {
            latencyMs = value;
            return this;
        }

        public Builder quota(boolean value) {
            quota = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder organizationId(UUID value) {
            organizationId = value;
            return this;
        }

        public Builder clientSecret(String value) {
            clientSecret = value;
            return this;
        }

        public Builder certificate(X509Certificate value) {
            certificate = value;
            return this;
        }

        public Builder tokenLifetime(Duration value) {
            tokenLifetime = value;
            return this;
        }

        public Builder servers(int value) {
            servers = value;
            return this;
        }

        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        public DynamicsOptions build() {
            return new DynamicsOptions(
                    port,
                    latencyMs,
                    quota,
                    seed,
                    organizationId,
                    TENANT,
                    CLIENT,
                    clientSecret,
                    certificate,
                    tokenLifetime,
                    servers,
                    clock);
        }
    }
}
