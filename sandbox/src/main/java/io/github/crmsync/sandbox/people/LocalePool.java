package io.github.crmsync.sandbox.people;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import net.datafaker.Faker;

/** Ready-made values of one language, so that a person costs a few list look-ups. */
record LocalePool(
        String country,
        String dialCode,
        List<String> firstNames,
        List<String> lastNames,
        List<String> jobTitles,
        List<String> companies,
        List<String> streets,
        List<String> cities,
        List<String> states,
        List<String> zips) {

    static LocalePool of(String languageTag, String country, String dialCode, Random random) {
        Faker faker = new Faker(Locale.forLanguageTag(languageTag), random);
        return new LocalePool(
                country,
                dialCode,
                values(400, 40, () -> faker.name().firstName()),
                values(800, 45, () -> faker.name().lastName()),
                values(150, 90, () -> faker.job().title()),
                values(250, 90, () -> faker.company().name()),
                values(400, 120, () -> faker.address().streetAddress()),
                values(200, 60, () -> faker.address().city()),
                values(60, 45, () -> faker.address().state()),
                values(200, 18, () -> faker.address().zipCode()));
    }

    private static List<String> values(int wanted, int maxLength, Supplier<String> source) {
        Set<String> distinct = new LinkedHashSet<>();
        for (int attempt = 0; attempt < wanted; attempt++) {
            String value = next(source);
            if (!value.isEmpty() && value.length() <= maxLength) {
                distinct.add(value);
            }
        }
        if (distinct.isEmpty()) {
            distinct.add("Central");
        }
        return new ArrayList<>(distinct);
    }

    /** Not every language file has every entry; a missing one is simply left out of the pool. */
    private static String next(Supplier<String> source) {
        try {
            String value = source.get();
            return value == null ? "" : value.strip();
        } catch (RuntimeException missingEntry) {
            return "";
        }
    }
}
