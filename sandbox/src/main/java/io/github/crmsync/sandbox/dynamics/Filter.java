package io.github.crmsync.sandbox.dynamics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** A condition on rows. Evaluation is three-valued as in SQL: null means unknown. */
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

    /** Disjunction. */
    record Or(Filter left, Filter right) implements Filter {
        @Override
        public Boolean test(Row row) {
            Boolean first = left.test(row);
            if (Boolean.TRUE.equals(first)) {
                return true;
            }
            Boolean second = right.test(row);
            if (Boolean.TRUE.equals(second)) {
                return true;
            }
            return first == null || second == null ? null : Boolean.FALSE;
        }

        @Override
        public Set<UUID> candidates(RowStore store) {
            Set<UUID> first = left.candidates(store);
            Set<UUID> second = first == null ? null : right.candidates(store);
            if (second == null) {
                return null;
            }
            Set<UUID> all = new HashSet<>(first);
            all.addAll(second);
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

    /** The same for every row. */
    record Constant(boolean value) implements Filter {
        @Override
        public Boolean test(Row row) {
            return value;
        }
    }

    /** Test for null or, negated, for any value. */
    record IsNull(Operand operand, boolean negated) implements Filter {
        @Override
        public Boolean test(Row row) {
            return (operand.of(row) == null) != negated;
        }
    }

    /** Comparison of values of one type. */
    record Compare(Operand left, String operator, Operand right) implements Filter {
        @Override
        public Boolean test(Row row) {
            Object first = left.of(row);
            Object second = right.of(row);
            if (first == null || second == null) {
                return null;
            }
            int order = compare(first, second);
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
            boolean direct = operator.equals("eq")
                    && left instanceof Operand.Field field
                    && right instanceof Operand.Literal
                    && store.indexed(field.column());
            return direct ? store.find(((Operand.Field) left).column(), ((Operand.Literal) right).value()) : null;
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
            if (!store.indexed(column)) {
                return null;
            }
            Set<UUID> ids = new HashSet<>();
            values.forEach(value -> ids.addAll(store.find(column, value)));
            return ids;
        }
    }

    /** Text match with the wildcards of the service. */
    record Like(Operand operand, Pattern pattern) implements Filter {
        static Like of(Operand operand, String function, String text) {
            String body = wildcards(text);
            String expression = switch (function) {
                case "startswith" -> body + ".*";
                case "endswith" -> ".*" + body;
                case "contains" -> ".*" + body + ".*";
                default -> body;
            };
            return new Like(
                    operand,
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
                } else if (Character.isHighSurrogate(c) && i + 1 < text.length()) {
                    out.append(Pattern.quote(text.substring(i, i + 2)));
                    i++;
                } else {
                    out.append(Pattern.quote(String.valueOf(c)));
                }
            }
            return out.toString();
        }

        @Override
        public Boolean test(Row row) {
            Object value = operand.of(row);
            return value == null
                    ? null
                    : Boolean.valueOf(pattern.matcher((String) value).matches());
        }
    }

    /** Whether some or all rows of a collection fit; with no condition, whether there are any. */
    record Quantified(List<Navigation> steps, Navigation collection, Filter inner, boolean all) implements Filter {
        @Override
        public Boolean test(Row row) {
            List<Row> at = List.of(row);
            for (Navigation step : steps) {
                at = at.isEmpty() ? at : step.from(at.get(0));
            }
            List<Row> rows = at.isEmpty() ? List.of() : collection.from(at.get(0));
            if (inner == null) {
                return !rows.isEmpty();
            }
            return all
                    ? rows.stream().allMatch(one -> Boolean.TRUE.equals(inner.test(one)))
                    : rows.stream().anyMatch(one -> Boolean.TRUE.equals(inner.test(one)));
        }
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
            return text.toLowerCase(Locale.ROOT).compareTo(((String) right).toLowerCase(Locale.ROOT));
        }
        if (left instanceof Number a && right instanceof Number b && left.getClass() != right.getClass()) {
            return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
        }
        return ((Comparable) left).compareTo(right);
    }

    /** All rows that surely match, in key order; every row if there is no filter. */
    static List<Row> select(RowStore store, Filter filter) {
        if (filter == null) {
            return new ArrayList<>(store.all());
        }
        Set<UUID> candidates = filter.candidates(store);
        if (candidates == null) {
            return select(store.all(), filter);
        }
        List<Row> rows = new ArrayList<>();
        candidates.stream().sorted().map(store::get).forEach(row -> {
            if (row != null) {
                rows.add(row);
            }
        });
        return select(rows, filter);
    }

    static List<Row> select(Iterable<Row> rows, Filter filter) {
        List<Row> found = new ArrayList<>();
        for (Row row : rows) {
            if (filter == null || Boolean.TRUE.equals(filter.test(row))) {
                found.add(row);
            }
        }
        return found;
    }
}
