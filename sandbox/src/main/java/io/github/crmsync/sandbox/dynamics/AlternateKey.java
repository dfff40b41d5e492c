package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An alternate key of a table. */
record AlternateKey(String name, String schemaName, List<Column> columns) {
    private static final int MAX_KEYS = 10;
    private static final int MAX_COLUMNS = 16;
    private static final int MAX_BYTES = 900;
    private static final Set<ColumnType> TYPES = Set.of(
            ColumnType.DECIMAL,
            ColumnType.INTEGER,
            ColumnType.STRING,
            ColumnType.DATE,
            ColumnType.DATETIME,
            ColumnType.LOOKUP,
            ColumnType.CUSTOMER,
            ColumnType.CHOICE);

    /**
     * Checks a definition against the limits on keys ("Define alternate keys to reference rows").
     *
     * @param names logical names of the columns
     */
    static AlternateKey define(RowStore store, String schemaName, List<String> names) {
        Table table = store.table();
        if (store.keys().keySet().stream().anyMatch(key -> key.schemaName().equalsIgnoreCase(schemaName))) {
            throw ServiceException.badRequest(
                    "0x80060893", "An entity key with the name " + schemaName + " already exists.");
        }
        if (store.keys().size() >= MAX_KEYS || names.isEmpty() || names.size() > MAX_COLUMNS) {
            throw invalid("A table can have " + MAX_KEYS + " keys of up to " + MAX_COLUMNS + " columns each.");
        }
        List<Column> columns = new ArrayList<>();
        int bytes = 0;
        for (String name : names) {
            Column column = table.findLogical(name);
            if (column == null || !TYPES.contains(column.type())) {
                throw invalid("The attribute " + name + " of " + table.logicalName() + " cannot be part of a key.");
            }
            bytes += column.type() == ColumnType.STRING ? 2 * column.maxLength() : 16;
            columns.add(column);
        }
        if (bytes > MAX_BYTES) {
            throw invalid("The key is larger than " + MAX_BYTES + " bytes.");
        }
        return new AlternateKey(schemaName.toLowerCase(java.util.Locale.ROOT), schemaName, List.copyOf(columns));
    }

    private static ServiceException invalid(String message) {
        return ServiceException.badRequest("0x80040203", message);
    }

    /** Whether these are the properties of the key, in any order. */
    boolean fits(Set<String> properties) {
        return properties.size() == columns.size()
                && columns.stream().map(Column::name).allMatch(properties::contains);
    }
}
