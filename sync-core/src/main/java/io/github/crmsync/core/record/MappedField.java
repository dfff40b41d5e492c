package io.github.crmsync.core.record;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A field's name in the app that a record comes from and in the app that it goes to. */
public record MappedField(String source, String target) {
    /** Name in the ledger, the same for both directions: {@code hubspotProperty~dynamicsColumn}. */
    public String canonical(String sourceApp) {
        return sourceApp.equals("hubspot") ? source + "~" + target : target + "~" + source;
    }

    /** An app's own name in a canonical one. */
    public static String nameIn(String app, String canonical) {
        String[] names = canonical.split("~", 2);
        return app.equals("hubspot") ? names[0] : names[1];
    }

    /** Reads {@code source>target,source>target}. */
    public static List<MappedField> parse(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split(","))
                        .map(part -> part.split(">", 2))
                        .map(names -> new MappedField(names[0], names[1]))
                        .toList();
    }

    public static String format(List<MappedField> fields) {
        return fields.stream().map(f -> f.source + ">" + f.target).collect(Collectors.joining(","));
    }
}
