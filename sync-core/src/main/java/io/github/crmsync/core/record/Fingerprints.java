package io.github.crmsync.core.record;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** 64-bit fingerprints of field values: what the ledger keeps instead of personal data. */
public final class Fingerprints {
    /** Fingerprint of null, the empty string and blanks, which all mean "no value". */
    public static final long EMPTY = 0;

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    });

    private Fingerprints() {}

    /** Fingerprint of a value as text: {@link Blanks} around it and the Unicode normal form make no difference. */
    public static long of(Object value) {
        String text = Blanks.strip(value);
        if (text.isEmpty()) {
            return EMPTY;
        }
        byte[] hash = SHA_256.get()
                .digest(Normalizer.normalize(text, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8));
        long result = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            result = result << 8 | hash[i] & 0xff;
        }
        return result == EMPTY ? 1 : result;
    }

    /** One header for all fields: {@code name:16 hex digits}, joined by commas; empty values are written as {@code name:}. */
    public static String pack(Map<String, Long> fingerprints) {
        StringBuilder text = new StringBuilder(fingerprints.size() * 32);
        new TreeMap<>(fingerprints).forEach((name, value) -> {
            if (text.length() > 0) {
                text.append(',');
            }
            text.append(name).append(':');
            if (value != EMPTY) {
                text.append(HexFormat.of().toHexDigits(value));
            }
        });
        return text.toString();
    }

    /** Reads what {@link #pack} wrote. */
    public static Map<String, Long> unpack(String text) {
        Map<String, Long> result = new LinkedHashMap<>();
        if (text.isEmpty()) {
            return result;
        }
        for (String part : text.split(",")) {
            int colon = part.lastIndexOf(':');
            String hex = part.substring(colon + 1);
            result.put(part.substring(0, colon), hex.isEmpty() ? EMPTY : Long.parseUnsignedLong(hex, 16));
        }
        return result;
    }
}
