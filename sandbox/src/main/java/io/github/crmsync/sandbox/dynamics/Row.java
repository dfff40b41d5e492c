package io.github.crmsync.sandbox.dynamics;

import java.util.UUID;

/** One immutable state of a row. The value array must not be changed after construction. */
@SuppressWarnings("ArrayRecordComponent")
record Row(UUID id, long version, Object[] values) {
    Object get(Column column) {
        return values[column.ordinal()];
    }

    String etag() {
        return "W/\"" + version + "\"";
    }
}
