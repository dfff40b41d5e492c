package io.github.crmsync.sandbox.dynamics;

import java.util.List;

/** One side of a comparison. */
sealed interface Operand {
    /** The value for a row; null is unknown. */
    Object of(Row row);

    /** The type of the column, or null for a literal. */
    ColumnType type();

    /** A column of the row itself. */
    record Field(Column column) implements Operand {
        @Override
        public Object of(Row row) {
            return row.get(column);
        }

        @Override
        public ColumnType type() {
            return column.type();
        }
    }

    /** A column of a row that single-valued navigation properties lead to. */
    record Path(List<Navigation> steps, Column column) implements Operand {
        @Override
        public Object of(Row row) {
            Row at = row;
            for (Navigation step : steps) {
                List<Row> next = step.from(at);
                if (next.isEmpty()) {
                    return null;
                }
                at = next.get(0);
            }
            return at.get(column);
        }

        @Override
        public ColumnType type() {
            return column.type();
        }
    }

    /** A constant. */
    record Literal(Object value) implements Operand {
        @Override
        public Object of(Row row) {
            return value;
        }

        @Override
        public ColumnType type() {
            return null;
        }
    }
}
