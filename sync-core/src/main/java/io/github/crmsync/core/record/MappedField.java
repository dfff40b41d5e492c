package io.github.crmsync.core.record;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A field's name in the app that a record comes from and in the app that it goes to, and how its values are compared.
 */
public record MappedField(String source, String target, Meaning meaning) {
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

    /** Reads {@code source>target,source>target:phone/DE}; without a meaning a field holds text. */
    public static List<MappedField> parse(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split(",")).map(MappedField::parseOne).toList();
    }

    private static MappedField parseOne(String text) {
        String[] names = text.split(">", 2);
        int colon = names[1].indexOf(':');
        return colon < 0
                ? new MappedField(names[0], names[1])
                : new MappedField(names[0], names[1].substring(0, colon), Meaning.parse(names[1].substring(colon + 1)));
    }

    public static String format(List<MappedField> fields) {
        return fields.stream()
                .map(f -> f.source + ">" + f.target + (f.meaning.equals(Meaning.TEXT) ? "" : ":" + f.meaning.format()))
                .collect(Collectors.joining(","));
    }
}
