package io.github.crmsync.sandbox.dynamics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** A parsed filter. Evaluation is three-valued as in SQL: null means unknown. */
sealed interface Filter {
    Boolean test(Row row);

    /** Ids among which all matches are, found through an index; null if no index helps. */
    default Set<UUID> candidates(RowStore store) {
        return null;
    }

    /** Conjunction. */
    record And(Filter left, Filter right) implements Filter {
        @Override
        public Boolean test(Row row) {
            Boolean first = left.test(row);
            if (Boolean.FALSE.equals(first)) {
                return false;
            }
            Boolean second = right.test(row);
            if (Boolean.FALSE.equals(second)) {
                return false;
            }
            return first == null || second == null ? null : Boolean.TRUE;
        }

        @Override
        public Set<UUID> candidates(RowStore store) {
            Set<UUID> first = left.candidates(store);
            Set<UUID> second = right.candidates(store);
            if (first == null || second == null) {
                return first == null ? second : first;
            }
            return first.size() <= second.size() ? first : second;
        }
    }

    /** Disjunction of any number of terms. */
    record Or(List<Filter> terms) implements Filter {
        @Override
        public Boolean test(Row row) {
            boolean unknown = false;
            for (Filter term : terms) {
                Boolean result = term.test(row);
                if (Boolean.TRUE.equals(result)) {
                    return true;
                }
                unknown |= result == null;
            }
            return unknown ? null : Boolean.FALSE;
        }

        @Override
        public Set<UUID> candidates(RowStore store) {
            Set<UUID> all = new HashSet<>();
            for (Filter term : terms) {
                Set<UUID> some = term.candidates(store);
                if (some == null) {
                    return null;
                }
                all.addAll(some);
            }
            return all;
        }
    }

    /** Negation; unknown stays unknown. */
    record Not(Filter inner) implements Filter {
        @Override
        public Boolean test(Row row) {
            Boolean result = inner.test(row);
            return result == null ? null : Boolean.valueOf(!result);
        }
    }

    /** Test for null or, negated, for any value. */
    record IsNull(Column column, boolean negated) implements Filter {
        @Override
        public Boolean test(Row row) {
            return (row.get(column) == null) != negated;
        }
    }

    /** Comparison of a column with a literal of the column's own type. */
    record Compare(Column column, String operator, Object literal) implements Filter {
        @Override
        public Boolean test(Row row) {
            Object value = row.get(column);
            if (value == null) {
                return null;
            }
            int order = compare(value, literal);
            return switch (operator) {
                case "eq" -> order == 0;
                case "ne" -> order != 0;
                case "gt" -> order > 0;
                case "ge" -> order >= 0;
                case "lt" -> order < 0;
                default -> order <= 0;
            };
        }

        @Override
        public Set<UUID> candidates(RowStore store) {
            return operator.equals("eq") ? Filter.indexed(store, column, List.of(literal)) : null;
        }
    }

    /** Membership in a list of values. */
    record In(Column column, List<Object> values, Set<Object> folded) implements Filter {
        static In of(Column column, List<Object> values) {
            Set<Object> folded = new HashSet<>();
            values.forEach(value -> folded.add(fold(value)));
            return new In(column, values, folded);
        }

        @Override
        public Boolean test(Row row) {
            Object value = row.get(column);
            return value == null ? null : Boolean.valueOf(folded.contains(fold(value)));
        }

        @Override
        public Set<UUID> candidates(RowStore store) {
            return Filter.indexed(store, column, values);
        }
    }

    /** Text match with the wildcards of the service. */
    record Like(Column column, Pattern pattern) implements Filter {
        static Like of(Column column, String function, String text) {
            String body = wildcards(text);
            String expression = switch (function) {
                case "startswith" -> body + ".*";
                case "endswith" -> ".*" + body;
                default -> ".*" + body + ".*";
            };
            return new Like(
                    column,
                    Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL));
        }

        private static String wildcards(String text) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                int close = c == '[' ? text.indexOf(']', i + 2) : -1;
                if (c == '%') {
                    out.append(".*");
                } else if (c == '_') {
                    out.append('.');
                } else if (close > 0) {
                    String set = text.substring(i + 1, close);
                    boolean negated = set.length() > 1 && set.startsWith("^");
                    out.append(negated ? "[^" : "[")
                            .append((negated ? set.substring(1) : set).replaceAll("[\\\\\\[\\]&^]", "\\\\$0"))
                            .append(']');
                    i = close;
                } else {
                    out.append(Pattern.quote(String.valueOf(c)));
                }
            }
            return out.toString();
        }

        @Override
        public Boolean test(Row row) {
            Object value = row.get(column);
            return value == null
                    ? null
                    : Boolean.valueOf(pattern.matcher((String) value).matches());
        }
    }

    private static Set<UUID> indexed(RowStore store, Column column, List<Object> values) {
        Set<UUID> ids = new HashSet<>();
        if (column.type() == ColumnType.KEY) {
            values.forEach(value -> ids.add((UUID) value));
            return ids;
        }
        if (column.name().equals("emailaddress1")) {
            values.forEach(value -> ids.addAll(store.withEmail((String) value)));
            return ids;
        }
        return null;
    }

    /** The form in which equal values are equal objects. */
    static Object fold(Object value) {
        if (value instanceof String text) {
            return text.toLowerCase(Locale.ROOT);
        }
        return value instanceof BigDecimal number ? number.stripTrailingZeros() : value;
    }

    /** Order of two values of one column; nulls come first. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static int compare(Object left, Object right) {
        if (left == null || right == null) {
            return left == right ? 0 : left == null ? -1 : 1;
        }
        if (left instanceof String text) {
            return text.compareToIgnoreCase((String) right);
        }
        return ((Comparable) left).compareTo(right);
    }

    /** All rows that surely match, in key order; every row if there is no filter. */
    static List<Row> select(RowStore store, Filter filter) {
        if (filter == null) {
            return new ArrayList<>(store.all());
        }
        List<Row> found = new ArrayList<>();
        Set<UUID> candidates = filter.candidates(store);
        if (candidates == null) {
            for (Row row : store.all()) {
                if (Boolean.TRUE.equals(filter.test(row))) {
                    found.add(row);
                }
            }
            return found;
        }
        candidates.stream().sorted().map(store::get).forEach(row -> {
            if (row != null && Boolean.TRUE.equals(filter.test(row))) {
                found.add(row);
            }
        });
        return found;
    }
}
