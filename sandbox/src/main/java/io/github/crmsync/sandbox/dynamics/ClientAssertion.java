package io.github.crmsync.sandbox.dynamics;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Set;

/**
 * The check of an assertion that a client signed with its certificate ("Microsoft identity platform application
 * authentication certificate credentials"). Both ways to name algorithm and certificate are taken: PS256 with
 * {@code x5t#S256}, RS256 with {@code x5t}.
 */
final class ClientAssertion {
    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Set<String> ALGORITHMS = Set.of("PS256", "RS256");

    /** Why an assertion is refused: number and text after AADSTS. */
    record Problem(int code, String text) {}

    private final X509Certificate certificate;
    private final String clientId;
    private final String audience;

    ClientAssertion(X509Certificate certificate, String clientId, String audience) {
        this.certificate = certificate;
        this.clientId = clientId;
        this.audience = audience;
    }

    /** Null if the assertion holds. */
    Problem problem(String assertion, Instant now) {
        try {
            SignedJWT token = SignedJWT.parse(assertion);
            if (!ALGORITHMS.contains(token.getHeader().getAlgorithm().getName())) {
                return new Problem(5002738, "Invalid JWT token: the algorithm is not supported.");
            }
            boolean signed = named(token.getHeader())
                    && token.verify(new RSASSAVerifier((RSAPublicKey) certificate.getPublicKey()));
            if (!signed) {
                return new Problem(
                        700027, "The certificate with identifier used to sign the client assertion is not registered.");
            }
            return claims(token.getJWTClaimsSet(), now);
        } catch (ParseException e) {
            return new Problem(50027, "JWT token is invalid or malformed.");
        } catch (JOSEException | CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("The certificate cannot be used", e);
        }
    }

    private boolean named(JWSHeader header) throws CertificateEncodingException, NoSuchAlgorithmException {
        @SuppressWarnings("deprecation") // The name by SHA-1 is what older pages ask for.
        Base64URL sha1 = header.getX509CertThumbprint();
        Base64URL sha256 = header.getX509CertSHA256Thumbprint();
        return sha256 != null ? sha256.equals(thumbprint("SHA-256")) : sha1 != null && sha1.equals(thumbprint("SHA-1"));
    }

    private Base64URL thumbprint(String algorithm) throws CertificateEncodingException, NoSuchAlgorithmException {
        return Base64URL.encode(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
    }

    private Problem claims(JWTClaimsSet claims, Instant now) {
        if (!clientId.equals(claims.getIssuer()) || !clientId.equals(claims.getSubject())) {
            return new Problem(700021, "Client assertion application identifier doesn't match 'client_id' parameter.");
        }
        if (!claims.getAudience().contains(audience)) {
            return new Problem(700023, "Client assertion audience claim does not match Realm issuer.");
        }
        Date expiry = claims.getExpirationTime();
        Date from = claims.getNotBeforeTime();
        boolean valid =
                expiry != null && now.isBefore(expiry.toInstant()) && (from == null || !now.isBefore(from.toInstant()));
        return valid && claims.getJWTID() != null
                ? null
                : new Problem(700024, "Client assertion is not within its valid time range.");
    }
}
