package io.github.crmsync.dynamics;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The columns of a table that have column-level security (Dataverse documentation, "Column-level security"). */
final class SecuredColumns {
    /** English form of the message; the name in it is the display name. */
    private static final Pattern NAMED = Pattern.compile("permissions to an? (.+?) secured field");

    private final Map<String, Set<String>> names;

    /** @param names logical name, schema name and display names in all languages, by logical name */
    SecuredColumns(Map<String, Set<String>> names) {
        this.names = Map.copyOf(names);
    }

    /**
     * Those of the columns that a refusal is about. Where its message names none of them - it comes in the user's language -
     * all that are secured.
     */
    Set<String> namedIn(String message, Collection<String> columns) {
        Set<String> secured = columns.stream().filter(this::contains).collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = secured.stream()
                .filter(column ->
                        names.get(ColumnTypes.attribute(column)).stream().anyMatch(name -> names(message, name)))
                .collect(Collectors.toSet());
        return named.isEmpty() ? secured : named;
    }

    boolean contains(String column) {
        return names.containsKey(ColumnTypes.attribute(column));
    }

    private static boolean names(String message, String name) {
        Matcher matcher = NAMED.matcher(message);
        return matcher.find()
                ? matcher.group(1).equalsIgnoreCase(name)
                : message.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
    }
}
