package io.github.crmsync.sandbox.dynamics;

import java.util.UUID;

/** One immutable state of a row. Only values that are not null take space. */
final class Row {
    private final UUID id;
    private final long version;
    private final RowShape shape;
    private final Object[] filled;

    private Row(UUID id, long version, RowShape shape, Object[] filled) {
        this.id = id;
        this.version = version;
        this.shape = shape;
        this.filled = filled;
    }

    /**
     * Makes a row.
     *
     * @param values one for each column of the table, by ordinal
     */
    static Row of(UUID id, long version, Object[] values) {
        RowShape shape = RowShape.of(values);
        Object[] filled = new Object[shape.size()];
        int next = 0;
        for (Object value : values) {
            if (value != null) {
                filled[next++] = value;
            }
        }
        return new Row(id, version, shape, filled);
    }

    UUID id() {
        return id;
    }

    long version() {
        return version;
    }

    Object get(Column column) {
        int position = shape.position(column.ordinal());
        return position < 0 ? null : filled[position];
    }

    /** A copy of all values, by ordinal. */
    Object[] values() {
        return shape.expand(filled);
    }

    String etag() {
        return "W/\"" + version + "\"";
    }
}
