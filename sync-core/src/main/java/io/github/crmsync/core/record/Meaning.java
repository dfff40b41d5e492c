package io.github.crmsync.core.record;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How two spellings of one value are told from two values: each side of a sync keeps its own spelling.
 *
 * <p>Values mean the same if their canonical forms are equal, so that the comparison is an equivalence. An empty value means
 * the same as an empty one only; 0 and false are values like any other.
 *
 * @param region ISO 3166 region of phone numbers without a country code, or empty; always empty for other kinds
 */
public record Meaning(Kind kind, String region) {
    /** What a field holds. */
    public enum Kind {
        /** Any text: runs of white space count as one blank. */
        TEXT,
        /** A telephone number, compared in its international form (E.164) with its extension. */
        PHONE,
        /** A country by its name or its ISO 3166 code of two or three letters. */
        COUNTRY,
        /** An e-mail address, in whatever case and spelling of its domain. */
        EMAIL;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final Meaning TEXT = new Meaning(Kind.TEXT, "");

    /** Blanks of all kinds, those without a break and without a width included. */
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}\\u200b\\ufeff]+");

    private static final String REGION = "/";

    public Meaning {
        if (kind != Kind.PHONE) {
            region = "";
        }
    }

    /** Regions that phone numbers may be read in. */
    public static Set<String> regions() {
        return Phones.regions();
    }

    /** Whether one value is the other one in another spelling. */
    public boolean same(Object one, Object other) {
        String canonical = canonical(one);
        return canonical == null ? canonical(other) == null : canonical.equals(canonical(other));
    }

    /** One form for all spellings of a value; null for an empty one. */
    String canonical(Object value) {
        String text = Blanks.strip(text(value));
        if (text.isEmpty()) {
            return null;
        }
        String folded = BLANKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFC))
                .replaceAll(" ")
                .strip();
        return switch (kind) {
            case TEXT -> folded;
            case EMAIL -> Emails.canonical(folded);
            // No number and no code looks like a text.
            case PHONE -> Phones.international(folded, region).orElse("text:" + folded);
            case COUNTRY -> Countries.code(folded).orElse("text:" + folded);
        };
    }

    private static String text(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Date date) {
            return date.toInstant().toString();
        }
        return value instanceof BigDecimal number ? Decimals.plain(number) : value.toString();
    }

    /** Reads {@code kind} or {@code kind/region}. */
    static Meaning parse(String text) {
        String[] parts = text.split(REGION, 2);
        for (Kind kind : Kind.values()) {
            if (kind.text().equals(parts[0])) {
                return new Meaning(kind, parts.length == 1 ? "" : parts[1]);
            }
        }
        throw new IllegalArgumentException("unknown meaning of a field: " + text);
    }

    String format() {
        return region.isEmpty() ? kind.text() : kind.text() + REGION + region;
    }
}
