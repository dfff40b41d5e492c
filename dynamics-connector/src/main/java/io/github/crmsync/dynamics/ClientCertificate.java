package io.github.crmsync.dynamics;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * A certificate with its private key as the credential of an app registration: signs the assertion that takes the place of
 * the client secret (Microsoft identity platform, "Certificate credentials").
 */
final class ClientCertificate {
    /** Microsoft recommends 5 to 10 minutes. */
    private static final long LIFETIME_SECONDS = 300;

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----", Pattern.DOTALL);

    private final X509Certificate certificate;
    private final PrivateKey key;

    private ClientCertificate(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Reads a certificate and its private key.
     *
     * @param setting that the text comes from
     * @param pem the certificate and the unencrypted PKCS#8 key, one after the other
     * @throws ConfigException if one of them is missing or malformed
     */
    static ClientCertificate ofPem(String setting, String pem) {
        // Text from a properties file may have its line ends escaped.
        String text = pem.replace("\\n", "\n");
        X509Certificate certificate = X509CertUtils.parse(text);
        Matcher block = KEY.matcher(text);
        if (certificate == null || !block.find()) {
            throw new ConfigException(
                    setting, null, "Give a certificate and its unencrypted private key (PKCS#8), both as PEM");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(block.group(1));
            return new ClientCertificate(
                    certificate, KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new ConfigException(setting, null, "The private key is no RSA key in PKCS#8 form");
        }
    }

    /**
     * Reads the first certificate with a private key of a PKCS12 file.
     *
     * @param setting that the file's name comes from
     * @throws ConfigException if there is none, or the password is wrong
     */
    static ClientCertificate ofKeystore(String setting, Path file, Password password) {
        char[] secret = password == null ? new char[0] : password.value().toCharArray();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, secret);
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, secret) instanceof PrivateKey key
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    if (!key.getAlgorithm().equals("RSA")) {
                        throw new ConfigException(setting, file, "Microsoft Entra takes RSA keys only");
                    }
                    return new ClientCertificate(certificate, key);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException(setting, file, "The PKCS12 file cannot be opened: " + e.getMessage());
        }
        throw new ConfigException(setting, file, "The file holds no certificate with a private key");
    }

    /** What tells one certificate from another. */
    String thumbprint() {
        return thumbprint("SHA-256").toString();
    }

    /**
     * A fresh assertion.
     *
     * @param audience token endpoint
     * @param algorithm {@code PS256}, or {@code RS256} with the older form of the thumbprint
     */
    @SuppressWarnings("deprecation") // The SHA-1 thumbprint is what the older form asks for.
    String assertion(URI audience, String clientId, String algorithm, Instant now) {
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).type(JOSEObjectType.JWT);
        if (algorithm.equals("RS256")) {
            header.x509CertThumbprint(thumbprint("SHA-1"));
        } else {
            header.x509CertSHA256Thumbprint(thumbprint("SHA-256"));
        }
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .audience(audience.toString())
                .issuer(clientId)
                .subject(clientId)
                .jwtID(UUID.randomUUID().toString())
                .notBeforeTime(Date.from(now))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(LIFETIME_SECONDS)))
                .build();
        SignedJWT jwt = new SignedJWT(header.build(), claims);
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new SettingException(
                    DynamicsConfig.ASSERTION_ALGORITHM, "The private key cannot sign: " + e.getMessage());
        }
        return jwt.serialize();
    }

    private Base64URL thumbprint(String digest) {
        try {
            return Base64URL.encode(MessageDigest.getInstance(digest).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
