package io.github.crmsync.sandbox.dynamics;

import java.util.List;
import java.util.function.Function;

/**
 * A navigation property.
 *
 * @param many whether it leads to a collection
 * @param column the lookup that carries it: of the owner of a single-valued property, of the rows reached through a
 *     collection; null where no lookup does
 * @param finder rows reached from a row of the owning table
 */
record Navigation(String name, Table target, boolean many, Column column, Function<Row, List<Row>> finder) {
    List<Row> from(Row row) {
        return finder.apply(row);
    }
}
