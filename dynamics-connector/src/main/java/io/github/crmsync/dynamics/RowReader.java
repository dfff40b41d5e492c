package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.record.Emails;
import io.github.crmsync.core.sink.TargetRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads rows of answers as target records. */
final class RowReader {
    private static final List<String> ALWAYS = List.of("versionnumber", "createdon", "modifiedon");
    private static final String MASTER = "_masterid_value";
    private static final int ACTIVE = 0;

    private final Table table;
    private final ColumnTypes types;
    private final List<String> emails;

    RowReader(Table table, ColumnTypes types) {
        this(table, types, List.of());
    }

    /** @param secondaryEmails columns with addresses by which a row is known besides its primary one */
    RowReader(Table table, ColumnTypes types, List<String> secondaryEmails) {
        this.emails = EmailColumns.all(secondaryEmails);
        this.table = table;
        this.types = types;
    }

    /** Value of {@code $select} for the columns and what every record needs. */
    String select(Collection<String> columns) {
        Set<String> names = new TreeSet<>(types.selected(columns));
        names.addAll(ALWAYS);
        names.addAll(emails);
        names.add(table.key());
        names.add("statecode");
        if (table.mergeable()) {
            names.addAll(List.of("merged", MASTER));
        }
        return String.join(",", names);
    }

    /** Whether the columns need the names or tables of lookups' rows. */
    boolean labels(Collection<String> columns) {
        return columns.stream().anyMatch(column -> types.nameOf(column) != null || types.isCustomer(column));
    }

    /** Those of the columns whose lookup leads to a contact now, so that an account must not take its place. */
    Set<String> otherCustomers(JsonNode row, Collection<String> columns) {
        return columns.stream()
                .filter(column -> types.isOtherCustomer(row, column))
                .collect(Collectors.toSet());
    }

    TargetRecord read(JsonNode row, Collection<String> columns) {
        Map<String, Object> values = new HashMap<>();
        for (String column : columns) {
            Object value = types.value(row, column);
            if (value != null) {
                values.put(column, value);
            }
        }
        return new TargetRecord(
                Ids.plain(row.path(table.key()).asText()),
                row.path("versionnumber").asLong(),
                row.path("@odata.etag").asText(null),
                millis(row.path("createdon")),
                millis(row.path("modifiedon")),
                values,
                emails.stream()
                        .map(column -> address(row, column))
                        .filter(address -> address != null)
                        .collect(Collectors.toUnmodifiableSet()),
                null,
                row.path("statecode").asInt() != ACTIVE);
    }

    /** Primary address; null if there is none. */
    static String ownAddress(JsonNode row) {
        return address(row, EmailColumns.PRIMARY);
    }

    private static String address(JsonNode row, String column) {
        // Of a null node, asText() would give "null".
        return row.hasNonNull(column) ? Emails.canonical(row.get(column).asText()) : null;
    }

    /** Id of the row that a merge has put in the row's place; null if there is none. */
    static String winner(JsonNode row) {
        return row.path("merged").asBoolean() && row.hasNonNull(MASTER)
                ? Ids.plain(row.get(MASTER).asText())
                : null;
    }

    /** ISO time as ms since the epoch; 0 if there is none. */
    static long millis(JsonNode time) {
        return time.isTextual() ? Instant.parse(time.textValue()).toEpochMilli() : 0;
    }
}
