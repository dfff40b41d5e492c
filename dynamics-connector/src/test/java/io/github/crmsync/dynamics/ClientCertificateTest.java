package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate as credential, against an authority that checks the assertion as Microsoft Entra documents it. */
class ClientCertificateTest {
    @TempDir
    static Path folder;

    private static Path file;
    private static X509Certificate certificate;
    private static String pem;
    private static HttpServer authority;
    private static final Map<String, String> FORM = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        file = folder.resolve("app.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "app",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=app",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, "changeit".toCharArray());
        }
        certificate = (X509Certificate) store.getCertificate("app");
        Base64.Encoder lines = Base64.getMimeEncoder();
        pem = "-----BEGIN CERTIFICATE-----\n" + lines.encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n"
                + lines.encodeToString(
                        store.getKey("app", "changeit".toCharArray()).getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority.createContext("/", exchange -> {
            FORM.clear();
            for (String pair :
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("&")) {
                String[] both = pair.split("=", 2);
                FORM.put(both[0], URLDecoder.decode(both[1], StandardCharsets.UTF_8));
            }
            byte[] body = "{\"access_token\":\"granted\",\"expires_in\":3599}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        authority.start();
    }

    @AfterAll
    static void stop() {
        authority.stop(0);
    }

    private static String url() {
        return "http://127.0.0.1:" + authority.getAddress().getPort();
    }

    private static String authorization(Map<String, String> credential) {
        Map<String, String> props = new HashMap<>(Map.of(
                "topic", "people",
                "dynamics.url", "https://contoso.crm4.dynamics.com",
                "dynamics.authority.url", url(),
                "dynamics.tenant.id", "tenant",
                "dynamics.client.id", "client-" + credential.hashCode()));
        props.putAll(credential);
        try (ApiClient http = new ApiClient(HttpSettings.defaults(), RateLimiter.NONE)) {
            return new TokenProvider(new DynamicsSourceConfig(props), http, System::currentTimeMillis).authorization();
        }
    }

    private static SignedJWT assertion() throws Exception {
        assertThat(FORM)
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .containsEntry("scope", "https://contoso.crm4.dynamics.com/.default")
                .doesNotContainKey("client_secret");
        SignedJWT jwt = SignedJWT.parse(FORM.get("client_assertion"));
        assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) certificate.getPublicKey())))
                .isTrue();
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(url() + "/tenant/oauth2/v2.0/token");
        assertThat(jwt.getJWTClaimsSet().getIssuer())
                .isEqualTo(FORM.get("client_id"))
                .isEqualTo(jwt.getJWTClaimsSet().getSubject());
        assertThat(jwt.getJWTClaimsSet().getJWTID()).isNotBlank();
        long lifetime = jwt.getJWTClaimsSet().getExpirationTime().getTime()
                - jwt.getJWTClaimsSet().getNotBeforeTime().getTime();
        assertThat(lifetime).isBetween(300_000L, 600_000L);
        return jwt;
    }

    private static String digest(String algorithm) throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
    }

    @Test
    void aKeystoreSignsWithTheNewThumbprint() throws Exception {
        assertThat(authorization(Map.of(
                        DynamicsConfig.KEYSTORE_LOCATION,
                        file.toString(),
                        DynamicsConfig.KEYSTORE_PASSWORD,
                        "changeit")))
                .isEqualTo("Bearer granted");
        assertThat(assertion().getHeader().getAlgorithm().getName()).isEqualTo("PS256");
        assertThat(assertion().getHeader().toJSONObject()).containsEntry("x5t#S256", digest("SHA-256"));
    }

    @Test
    void pemTextSignsWithTheOldThumbprintOnRequest() throws Exception {
        for (String text : new String[] {pem, pem.replaceAll("\r?\n", "\\\\n")}) {
            FORM.clear();
            authorization(Map.of(DynamicsConfig.CERTIFICATE_PEM, text, DynamicsConfig.ASSERTION_ALGORITHM, "RS256"));
            assertThat(assertion().getHeader().getAlgorithm().getName()).isEqualTo("RS256");
            assertThat(assertion().getHeader().toJSONObject()).containsEntry("x5t", digest("SHA-1"));
        }
    }

    @Test
    void mistakesNameTheSettingAndGiveNothingAway() {
        assertThatThrownBy(() -> authorization(Map.of(
                        DynamicsConfig.KEYSTORE_LOCATION,
                        file.toString(),
                        DynamicsConfig.KEYSTORE_PASSWORD,
                        "wrongpassword")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(DynamicsConfig.KEYSTORE_LOCATION)
                .hasMessageNotContaining("wrongpassword");
        String broken = pem.replace("-----BEGIN PRIVATE KEY-----\nM", "-----BEGIN PRIVATE KEY-----\nX");
        assertThatThrownBy(() -> authorization(Map.of(DynamicsConfig.CERTIFICATE_PEM, broken)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(DynamicsConfig.CERTIFICATE_PEM)
                .hasMessageNotContaining(broken.substring(broken.length() - 100, broken.length() - 60));
        assertThatThrownBy(() -> authorization(Map.of())).hasMessageContaining("Give one of");
        assertThatThrownBy(() ->
                        authorization(Map.of(DynamicsConfig.CLIENT_SECRET, "s", DynamicsConfig.CERTIFICATE_PEM, pem)))
                .hasMessageContaining("Give one of");
    }
}
