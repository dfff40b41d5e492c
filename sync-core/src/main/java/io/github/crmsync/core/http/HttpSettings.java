package io.github.crmsync.core.http;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.types.Password;

/**
 * How HTTP calls are made, the same settings in every connector.
 *
 * @param connectTimeoutMs for one connection, TLS included
 * @param requestTimeoutMs deadline for one request and its whole response
 * @param proxyHost null for none
 * @param truststoreLocation null for the Java platform's own
 * @param truststorePassword null if there is none
 * @param retryMaxWaitMs sum of the waits between the attempts of one call
 * @param within bounds all calls that are made with these settings together
 */
public record HttpSettings(
        int connectTimeoutMs,
        int requestTimeoutMs,
        int maxConnections,
        String proxyHost,
        int proxyPort,
        String truststoreLocation,
        String truststorePassword,
        int retryMaxWaitMs,
        Deadline within) {
    /** Connect's REST call waits for a validation, and the check of other settings needs time as well. */
    static final int VALIDATION_MS = 8_000;

    public HttpSettings(
            int connectTimeoutMs,
            int requestTimeoutMs,
            int maxConnections,
            String proxyHost,
            int proxyPort,
            String truststoreLocation,
            String truststorePassword,
            int retryMaxWaitMs) {
        this(
                connectTimeoutMs,
                requestTimeoutMs,
                maxConnections,
                proxyHost,
                proxyPort,
                truststoreLocation,
                truststorePassword,
                retryMaxWaitMs,
                Deadline.NONE);
    }

    public static final String CONNECT_TIMEOUT_MS = "http.connect.timeout.ms";
    public static final String REQUEST_TIMEOUT_MS = "http.request.timeout.ms";
    public static final String MAX_CONNECTIONS = "http.max.connections";
    public static final String PROXY_HOST = "http.proxy.host";
    public static final String PROXY_PORT = "http.proxy.port";
    public static final String TRUSTSTORE_LOCATION = "http.truststore.location";
    public static final String TRUSTSTORE_PASSWORD = "http.truststore.password";
    public static final String RETRY_MAX_WAIT_MS = "retry.max.wait.ms";

    private static final String GROUP = "HTTP";

    public static HttpSettings defaults() {
        return new HttpSettings(10_000, 60_000, 16, null, 8080, null, null, 30_000);
    }

    /** Adds the settings to a connector's definition. */
    public static ConfigDef define(ConfigDef def) {
        return def.define(
                        CONNECT_TIMEOUT_MS,
                        Type.INT,
                        10_000,
                        Range.between(100, 300_000),
                        Importance.LOW,
                        "Longest wait for a connection to the service, in ms.",
                        GROUP,
                        1,
                        Width.SHORT,
                        "Connect timeout (ms)")
                .define(
                        REQUEST_TIMEOUT_MS,
                        Type.INT,
                        60_000,
                        Range.between(1_000, 300_000),
                        Importance.LOW,
                        "Deadline for one request including its whole response, in ms.",
                        GROUP,
                        2,
                        Width.SHORT,
                        "Request timeout (ms)")
                .define(
                        MAX_CONNECTIONS,
                        Type.INT,
                        16,
                        Range.between(1, 200),
                        Importance.LOW,
                        "Most connections that one task keeps open to the service.",
                        GROUP,
                        3,
                        Width.SHORT,
                        "Connections")
                .define(
                        PROXY_HOST,
                        Type.STRING,
                        null,
                        null,
                        Importance.LOW,
                        "Host of an HTTP proxy; none by default.",
                        GROUP,
                        4,
                        Width.MEDIUM,
                        "Proxy host")
                .define(
                        PROXY_PORT,
                        Type.INT,
                        8080,
                        Range.between(1, 65_535),
                        Importance.LOW,
                        "Port of the HTTP proxy.",
                        GROUP,
                        5,
                        Width.SHORT,
                        "Proxy port")
                .define(
                        TRUSTSTORE_LOCATION,
                        Type.STRING,
                        null,
                        null,
                        Importance.LOW,
                        "File (PKCS12 or JKS) with the certificates to trust; by default those of the Java platform.",
                        GROUP,
                        6,
                        Width.LONG,
                        "Truststore")
                .define(
                        TRUSTSTORE_PASSWORD,
                        Type.PASSWORD,
                        null,
                        null,
                        Importance.LOW,
                        "Password of the truststore.",
                        GROUP,
                        7,
                        Width.MEDIUM,
                        "Truststore password")
                .define(
                        RETRY_MAX_WAIT_MS,
                        Type.INT,
                        30_000,
                        Range.between(0, 240_000),
                        Importance.LOW,
                        "Longest total wait of one call for a throttling or failing service, in ms; after it the task "
                                + "tries again later by itself.",
                        GROUP,
                        8,
                        Width.SHORT,
                        "Longest wait for retries (ms)");
    }

    public static HttpSettings from(AbstractConfig config) {
        Password truststorePassword = config.getPassword(TRUSTSTORE_PASSWORD);
        return new HttpSettings(
                config.getInt(CONNECT_TIMEOUT_MS),
                config.getInt(REQUEST_TIMEOUT_MS),
                config.getInt(MAX_CONNECTIONS),
                config.getString(PROXY_HOST),
                config.getInt(PROXY_PORT),
                config.getString(TRUSTSTORE_LOCATION),
                truststorePassword == null ? null : truststorePassword.value(),
                config.getInt(RETRY_MAX_WAIT_MS));
    }

    /**
     * The same for the check of a configuration, which its REST call waits for: all calls together end within eight seconds from
     * now, however slow the service is. What is not done by then throws {@link RetryLaterException}: that check could not be
     * made in time.
     */
    public HttpSettings forValidation() {
        return forValidation(Deadline.in(VALIDATION_MS, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
    }

    /** As {@link #forValidation()}, within a time that has begun. */
    public HttpSettings forValidation(Deadline deadline) {
        return new HttpSettings(
                Math.min(connectTimeoutMs, 2_500),
                Math.min(requestTimeoutMs, VALIDATION_MS),
                maxConnections,
                proxyHost,
                proxyPort,
                truststoreLocation,
                truststorePassword,
                Math.min(retryMaxWaitMs, 3_000),
                deadline);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "HttpSettings[requestTimeoutMs=" + requestTimeoutMs + ", proxyHost=" + proxyHost + "]";
    }
}
