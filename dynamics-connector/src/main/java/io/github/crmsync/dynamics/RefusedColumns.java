package io.github.crmsync.dynamics;

import io.github.crmsync.dynamics.RowWrites.Write;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the columns of a write that an error answer is about. */
final class RefusedColumns {
    private static final Pattern APPEND_TO = Pattern.compile("prvAppendTo(\\w+)");

    private final ColumnTypes types;
    private final Supplier<SecuredColumns> secured;

    /** @param secured asked when a secured column is refused for the first time */
    RefusedColumns(ColumnTypes types, Supplier<SecuredColumns> secured) {
        this.types = types;
        this.secured = secured;
    }

    /** Empty where the error is about the row as a whole. */
    Set<String> of(Write write, ServiceError error, Accounts accounts) {
        Set<String> sent = write.columns();
        if (DataverseAnswers.securedColumn(error)) {
            return secured.get().namedIn(error.message(), sent);
        }
        if (DataverseAnswers.stateAndStatus(error)) {
            return kept(sent, Set.of(StatePairs.STATE, StatePairs.STATUS));
        }
        if (DataverseAnswers.lacksAppend(error)) {
            return lookups(sent, error.message());
        }
        Set<String> named = kept(sent, error.quotedNames());
        named.addAll(lookupsOf(write, error.ids(), accounts));
        return named;
    }

    private static Set<String> kept(Set<String> sent, Set<String> names) {
        Set<String> kept = new HashSet<>(sent);
        kept.retainAll(names);
        return kept;
    }

    /** Lookups to the table that the privilege names, or else all of them. */
    private Set<String> lookups(Set<String> sent, String message) {
        Matcher appendTo = APPEND_TO.matcher(message);
        String table = appendTo.find() ? appendTo.group(1).toLowerCase(Locale.ROOT) : "";
        Set<String> all = new TreeSet<>();
        Set<String> leading = new TreeSet<>();
        for (String column : sent) {
            String set = types.leadsTo(column);
            if (set != null) {
                all.add(column);
                if (!table.isEmpty() && set.equals(Table.of(table).entitySet())) {
                    leading.add(column);
                }
            }
        }
        return leading.isEmpty() ? all : leading;
    }

    /** Lookups to a row that the message names. */
    private Set<String> lookupsOf(Write write, Set<String> ids, Accounts accounts) {
        Set<String> columns = new TreeSet<>();
        write.values().forEach((column, value) -> {
            String id = types.isAccountName(column)
                    ? accounts.id(value)
                    : value == null ? null : Ids.plain(value.toString());
            if (id != null && Ids.valid(id) && !id.equals(write.id()) && ids.contains(id)) {
                columns.add(column);
            }
        });
        return columns;
    }
}
