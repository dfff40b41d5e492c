package io.github.crmsync.core.record;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Countries by ISO 3166 code, or by their names as the Java platform knows them. */
final class Countries {
    /** Languages in which names are known; those that the running Java platform lacks fall back to English. */
    private static final List<String> LANGUAGES =
            List.of("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "hu", "ro", "tr");

    /** Names in every-day use that are in no standard. */
    private static final Map<String, String> COLLOQUIAL = Map.of(
            "UK", "GB",
            "Great Britain", "GB",
            "United States of America", "US",
            "The Netherlands", "NL",
            "Holland", "NL",
            "Czech Republic", "CZ");

    private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{Nd}]+");
    private static final Pattern ACCENT = Pattern.compile("\\p{M}+");
    private static final Map<String, String> CODES = codes();

    private Countries() {}

    /** The code of two letters; empty for what is no country. */
    static Optional<String> code(String text) {
        return Optional.ofNullable(CODES.get(key(text)));
    }

    private static Map<String, String> codes() {
        Map<String, String> names = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        Map<String, String> certain = new HashMap<>();
        COLLOQUIAL.forEach((name, code) -> certain.put(key(name), code));
        for (String code : Locale.getISOCountries()) {
            Locale country = new Locale.Builder().setRegion(code).build();
            certain.put(key(code), code);
            certain.put(key(country.getISO3Country()), code);
            for (String language : LANGUAGES) {
                String key = key(country.getDisplayCountry(Locale.forLanguageTag(language)));
                String other = names.put(key, code);
                if (other != null && !other.equals(code)) {
                    ambiguous.add(key);
                }
            }
        }
        names.keySet().removeAll(ambiguous);
        names.putAll(certain);
        return Map.copyOf(names);
    }

    /** Case, accents, points and blanks make no difference. */
    private static String key(String text) {
        String plain = ACCENT.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        return NO_LETTER.matcher(plain).replaceAll("");
    }
}
