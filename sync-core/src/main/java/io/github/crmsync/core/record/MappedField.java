package io.github.crmsync.core.record;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A field's name in the app that a record comes from and in the app that it goes to, and how its values are compared.
 *
 * @param oneWay whether the field never flows back, in whatever direction the sync goes
 */
public record MappedField(String source, String target, Meaning meaning, boolean oneWay) {
    private static final String ONE_WAY = "one-way";

    public MappedField(String source, String target, Meaning meaning) {
        this(source, target, meaning, false);
    }

    public MappedField(String source, String target) {
        this(source, target, Meaning.TEXT);
    }

    /** Name in the ledger, the same for both directions: {@code hubspotProperty~dynamicsColumn}. */
    public String canonical(String sourceApp) {
        return sourceApp.equals("hubspot") ? source + "~" + target : target + "~" + source;
    }

    /** An app's own name in a canonical one. */
    public static String nameIn(String app, String canonical) {
        String[] names = canonical.split("~", 2);
        return app.equals("hubspot") ? names[0] : names[1];
    }

    /** Reads {@code source>target,source>target:phone/DE:one-way}; without a meaning a field holds text. */
    public static List<MappedField> parse(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split(",")).map(MappedField::parseOne).toList();
    }

    private static MappedField parseOne(String text) {
        String[] names = text.split(">", 2);
        String[] parts = names[1].split(":");
        Meaning meaning = Meaning.TEXT;
        boolean oneWay = false;
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].equals(ONE_WAY)) {
                oneWay = true;
            } else {
                meaning = Meaning.parse(parts[i]);
            }
        }
        return new MappedField(names[0], parts[0], meaning, oneWay);
    }

    public static String format(List<MappedField> fields) {
        return fields.stream().map(MappedField::format).collect(Collectors.joining(","));
    }

    private String format() {
        return source + ">" + target + (meaning.equals(Meaning.TEXT) ? "" : ":" + meaning.format())
                + (oneWay ? ":" + ONE_WAY : "");
    }
}
