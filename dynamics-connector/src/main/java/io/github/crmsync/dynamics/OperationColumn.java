package io.github.crmsync.dynamics;

import java.util.List;

/** The column that a user sets aside for the ids of the sink's operations. */
final class OperationColumn {
    /** Operation ids are UUIDs. */
    private static final int LENGTH = 36;

    private OperationColumn() {}

    /**
     * Checks that the column can hold them.
     *
     * @param column null for none
     * @throws SettingException if it cannot
     */
    static void check(String column, Table table, TableMetadata metadata, ColumnTypes types) {
        String problem = column == null ? null : problem(column, metadata, types);
        if (problem != null) {
            throw new SettingException(
                    DynamicsSinkConfig.OPERATION_COLUMN,
                    "Column " + column + " of table " + table.logicalName() + " cannot hold operation ids: " + problem);
        }
    }

    private static String problem(String column, TableMetadata metadata, ColumnTypes types) {
        if (!types.unknown(List.of(column)).isEmpty()) {
            return "there is no such column";
        }
        if (!types.isText(column)) {
            return "it is no column for a single line of text";
        }
        if (!types.writable(column, false)) {
            return "it cannot be changed";
        }
        int length = metadata.maxLength(column);
        return length < LENGTH ? "it takes " + length + " characters, and they have " + LENGTH : null;
    }
}
