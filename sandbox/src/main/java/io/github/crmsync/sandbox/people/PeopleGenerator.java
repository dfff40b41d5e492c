package io.github.crmsync.sandbox.people;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes people of many languages; the same seed always gives the same sequence. */
public final class PeopleGenerator {
    private static final List<String> MAIL_DOMAINS =
            List.of("example.com", "example.org", "example.net", "mail.example.com", "corp.example.org");
    private static final LocalDate FIRST_BIRTHDAY = LocalDate.of(1950, 1, 1);
    private static final int BIRTHDAY_SPAN_DAYS = 20_000;

    private final Random random;
    private final List<LocalePool> pools;
    private long serial;

    public PeopleGenerator(long seed) {
        random = new Random(seed);
        pools = List.of(
                LocalePool.of("en-US", "United States", "+1", random),
                LocalePool.of("en-GB", "United Kingdom", "+44", random),
                LocalePool.of("de", "Germany", "+49", random),
                LocalePool.of("fr", "France", "+33", random),
                LocalePool.of("es", "Spain", "+34", random),
                LocalePool.of("pl", "Poland", "+48", random),
                LocalePool.of("it", "Italy", "+39", random),
                LocalePool.of("ja", "Japan", "+81", random),
                LocalePool.of("ar", "Saudi Arabia", "+966", random),
                LocalePool.of("he", "Israel", "+972", random));
    }

    /** The next person; its e-mail address is never given to another person of this generator. */
    public Person next() {
        LocalePool pool = pick(pools);
        String first = pick(pool.firstNames());
        String last = pick(pool.lastNames());
        String email = mailbox(first, last) + "@" + pick(MAIL_DOMAINS);
        return new Person(
                first,
                last,
                email,
                number(pool.dialCode()),
                number(pool.dialCode()),
                pick(pool.jobTitles()),
                pick(pool.companies()),
                pick(pool.streets()),
                pick(pool.cities()),
                pick(pool.states()),
                pick(pool.zips()),
                pool.country(),
                FIRST_BIRTHDAY.plusDays(random.nextInt(BIRTHDAY_SPAN_DAYS)),
                "https://www.example.com/" + serial);
    }

    private String mailbox(String first, String last) {
        serial++;
        String plain = ascii(first) + "." + ascii(last) + "." + serial;
        return plain.replaceAll("\\.{2,}", ".").replaceAll("^\\.", "p.");
    }

    private static String ascii(String text) {
        StringBuilder kept = new StringBuilder();
        String folded = Normalizer.normalize(text, Normalizer.Form.NFD).toLowerCase(Locale.ROOT);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'a' && c <= 'z') {
                kept.append(c);
            }
        }
        return kept.toString();
    }

    private String number(String dialCode) {
        return dialCode + " " + (100 + random.nextInt(900)) + " " + (1_000_000 + random.nextInt(9_000_000));
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
