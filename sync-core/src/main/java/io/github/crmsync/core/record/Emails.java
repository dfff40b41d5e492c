package io.github.crmsync.core.record;

import java.net.IDN;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The one form in which e-mail addresses are compared. A domain has two spellings, {@code bücher.example} and, in the letters
 * of the DNS, {@code xn--bcher-kva.example}; both lead to one mailbox, and an app keeps the one that it was given.
 */
public final class Emails {
    /**
     * Letters that Java's IDNA 2003 would replace, and that IDNA 2008 keeps apart: {@code straße.example} and {@code
     * strasse.example} may belong to two people (RFC 5894, section 7.2).
     */
    private static final Pattern DEVIATION = Pattern.compile("[\\u00df\\u1e9e\\u03c2\\u200c\\u200d]");

    private Emails() {}

    /** The address in lower case, without blanks around it, its domain in ASCII where it has such a form; null for none. */
    public static String canonical(Object address) {
        String text = lower(address);
        int at = text.lastIndexOf('@');
        return text.isEmpty() ? null : text.substring(0, at + 1) + ascii(text.substring(at + 1), at);
    }

    /** All spellings that an app may have stored an address in, apart from case; the canonical one first. */
    public static Set<String> spellings(Object address) {
        Set<String> spellings = new LinkedHashSet<>();
        String canonical = canonical(address);
        if (canonical != null) {
            spellings.add(canonical);
            int at = canonical.lastIndexOf('@');
            spellings.add(canonical.substring(0, at + 1)
                    + (at < 0 ? canonical : IDN.toUnicode(canonical.substring(at + 1), IDN.ALLOW_UNASSIGNED)));
            spellings.add(lower(address));
            // An app may have stored letters and their accents apart.
            List.copyOf(spellings)
                    .forEach(spelling -> spellings.add(Normalizer.normalize(spelling, Normalizer.Form.NFD)));
        }
        return spellings;
    }

    private static String lower(Object address) {
        return Normalizer.normalize(Blanks.strip(address), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private static String ascii(String domain, int at) {
        if (at < 0 || DEVIATION.matcher(domain).find()) {
            return domain;
        }
        try {
            return IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // No domain at all: compared as it stands.
            return domain;
        }
    }
}
