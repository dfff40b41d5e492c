package io.github.crmsync.sandbox.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    @Test
    void aTokenCarriesTypeAndLifetime() {
        try (Environment environment = new Environment()) {
            JsonNode granted = Environment.json(environment.login(Map.of()));
            assertThat(granted.path("token_type").asText()).isEqualTo("Bearer");
            assertThat(granted.path("expires_in").asInt()).isEqualTo(3599);
        }
    }

    @Test
    void wrongRequestsAreRefusedWithTheirCodes() {
        try (Environment environment = new Environment()) {
            refused(environment.login(Map.of("client_secret", "no")), 401, "invalid_client", 7000215);
            refused(environment.login(Map.of("client_secret", "")), 401, "invalid_client", 7000218);
            refused(environment.login(Map.of("client_id", "x")), 400, "unauthorized_client", 700016);
            refused(environment.login(Map.of("scope", "https://elsewhere/.default")), 400, "invalid_scope", 70011);
            refused(environment.login(Map.of("scope", "")), 400, "invalid_request", 900144);
            refused(environment.login(Map.of("grant_type", "password")), 400, "unsupported_grant_type", 70003);
            HttpResponse<String> tenant = environment.send(
                    "POST", environment.simulator.url() + "/elsewhere/oauth2/v2.0/token", "grant_type=x");
            refused(tenant, 400, "invalid_request", 90002);
        }
    }

    private static void refused(HttpResponse<String> response, int status, String error, int code) {
        JsonNode body = Environment.json(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(body.path("error").asText()).isEqualTo(error);
        assertThat(body.at("/error_codes/0").asInt()).isEqualTo(code);
        assertThat(body.path("error_description").asText())
                .startsWith("AADSTS" + code + ": ")
                .contains("\r\nTrace ID: ");
        assertThat(body.path("correlation_id").asText()).isNotEmpty();
    }

    @Test
    void anExpiredTokenIsAnsweredWith401AndAChallenge() {
        try (Environment environment = new Environment()) {
            environment.get("WhoAmI");
            environment.now = environment.now.plus(Duration.ofHours(2));
            HttpResponse<String> refused = environment.call("GET", "WhoAmI", null);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Bearer authorization_uri=");
        }
    }

    @Test
    void aSignedAssertionStandsForTheSecret(@TempDir Path folder) throws Exception {
        KeyStore keys = generate(folder.resolve("keys.p12"));
        X509Certificate certificate = (X509Certificate) keys.getCertificate("app");
        DynamicsOptions.Builder options = DynamicsOptions.builder().certificate(certificate);
        try (Environment environment = new Environment(options)) {
            PrivateKey key = (PrivateKey) keys.getKey("app", "secret".toCharArray());
            for (JWSAlgorithm algorithm : new JWSAlgorithm[] {JWSAlgorithm.PS256, JWSAlgorithm.RS256}) {
                String good = assertion(environment, key, certificate, algorithm, 300);
                assertThat(login(environment, good).statusCode()).isEqualTo(200);
                String old = assertion(environment, key, certificate, algorithm, -1);
                refused(login(environment, old), 401, "invalid_client", 700024);
                refused(login(environment, good + "x"), 401, "invalid_client", 700027);
            }
            refused(login(environment, "x.y"), 401, "invalid_client", 50027);
        }
    }

    private static HttpResponse<String> login(Environment environment, String assertion) {
        return environment.login(Map.of(
                "client_secret", "", "client_assertion", assertion, "client_assertion_type", ClientAssertion.TYPE));
    }

    @SuppressWarnings("deprecation") // The name by SHA-1 is what older pages ask for.
    private static String assertion(
            Environment environment, PrivateKey key, X509Certificate certificate, JWSAlgorithm algorithm, int seconds)
            throws Exception {
        JWSHeader.Builder header = new JWSHeader.Builder(algorithm);
        if (algorithm.equals(JWSAlgorithm.PS256)) {
            header.x509CertSHA256Thumbprint(thumbprint(certificate, "SHA-256"));
        } else {
            header.x509CertThumbprint(thumbprint(certificate, "SHA-1"));
        }
        String client = environment.simulator.options().clientId();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .audience(environment.simulator.tokenUrl())
                .issuer(client)
                .subject(client)
                .jwtID(UUID.randomUUID().toString())
                .notBeforeTime(Date.from(environment.now.minusSeconds(10)))
                .expirationTime(Date.from(environment.now.plusSeconds(seconds)))
                .build();
        SignedJWT token = new SignedJWT(header.build(), claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static Base64URL thumbprint(X509Certificate certificate, String algorithm) throws Exception {
        return Base64URL.encode(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
    }

    private static KeyStore generate(Path file) throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
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
                        "secret",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        return KeyStore.getInstance(file.toFile(), "secret".toCharArray());
    }
}
