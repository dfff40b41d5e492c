package io.github.crmsync.core.http;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.apache.kafka.common.config.ConfigException;

/** Sets up the HTTP library: no cookies, no redirects, no retries of its own. */
final class HttpClientFactory {
    private HttpClientFactory() {}

    static CloseableHttpClient create(HttpSettings settings) {
        Timeout connect = Timeout.ofMilliseconds(settings.connectTimeoutMs());
        Timeout request = Timeout.ofMilliseconds(settings.requestTimeoutMs());
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(settings.maxConnections())
                .setMaxConnPerRoute(settings.maxConnections())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(request)
                        // A write on a connection that the server has just closed could not be told from a lost answer.
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(200))
                        .build());
        if (settings.truststoreLocation() != null) {
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(trust(settings)));
        }
        HttpClientBuilder client = HttpClients.custom()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(request)
                        .setResponseTimeout(request)
                        .build())
                .setUserAgent("crmsync-kafka-connect")
                .disableCookieManagement()
                .disableRedirectHandling()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .evictIdleConnections(TimeValue.ofSeconds(30));
        if (settings.proxyHost() != null) {
            client.setProxy(new HttpHost(settings.proxyHost(), settings.proxyPort()));
        }
        return client.build();
    }

    private static SSLContext trust(HttpSettings settings) {
        String password = settings.truststorePassword();
        try {
            return SSLContexts.custom()
                    .loadTrustMaterial(
                            Path.of(settings.truststoreLocation()), password == null ? null : password.toCharArray())
                    .build();
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException(
                    HttpSettings.TRUSTSTORE_LOCATION,
                    settings.truststoreLocation(),
                    "The truststore cannot be opened: " + e.getMessage());
        }
    }
}
