package io.github.crmsync.sandbox.dynamics;

import java.util.List;
import java.util.UUID;

/** The published duplicate detection rules. */
final class DuplicateDetection {
    private static final int PUBLISHED = 2;
    private static final int SAME_FIRST = 1;
    private static final int SAME_LAST = 2;

    private final Organization organization;

    DuplicateDetection(Organization organization) {
        this.organization = organization;
    }

    /** Refuses a row for which some rule finds another. */
    void check(Table table, UUID id, Row row) {
        RowStore rules = organization.storeOf("duplicaterule");
        Table ruleTable = rules.table();
        for (Row rule : rules.all()) {
            boolean applies = Integer.valueOf(PUBLISHED).equals(rule.get(ruleTable.column("statuscode")))
                    && table.logicalName().equals(rule.get(ruleTable.column("baseentityname")));
            if (applies && matches(rule, ruleTable, table, id, row)) {
                throw new ServiceException(
                        organization.behaviour().duplicateDetectionStatus(),
                        "0x80040333",
                        "A record was not created or updated because a duplicate of the current record already"
                                + " exists.");
            }
        }
    }

    private boolean matches(Row rule, Table ruleTable, Table table, UUID id, Row row) {
        RowStore others = organization.storeOf((String) rule.get(ruleTable.column("matchingentityname")));
        RowStore conditions = organization.storeOf("duplicaterulecondition");
        Column parent = conditions.table().column("_duplicateruleid_value");
        List<Row> all = conditions.rowsBy(parent, rule.id());
        if (others == null || all.isEmpty()) {
            return false;
        }
        Filter filter = null;
        for (Row condition : all) {
            Filter one = condition(conditions.table(), condition, table, others.table(), row);
            if (one == null) {
                return false;
            }
            filter = filter == null ? one : new Filter.And(filter, one);
        }
        Column state = others.table().find("statecode");
        boolean activeOnly = Boolean.TRUE.equals(rule.get(ruleTable.column("excludeinactiverecords")));
        return Filter.select(others, filter).stream()
                .anyMatch(other -> !other.id().equals(id)
                        && (!activeOnly || state == null || Integer.valueOf(0).equals(other.get(state))));
    }

    /** Null if the row has no value to compare with. */
    private static Filter condition(Table conditionTable, Row condition, Table table, Table others, Row row) {
        Column base = table.findLogical((String) condition.get(conditionTable.column("baseattributename")));
        Column matching = others.findLogical((String) condition.get(conditionTable.column("matchingattributename")));
        Object value = base == null ? null : row.get(base);
        if (value == null || matching == null) {
            return null;
        }
        Object operator = condition.get(conditionTable.column("operatorcode"));
        Operand.Field field = new Operand.Field(matching);
        if (value instanceof String text
                && condition.get(conditionTable.column("operatorparam")) instanceof Integer count) {
            int length = Math.min(count, text.length());
            if (Integer.valueOf(SAME_FIRST).equals(operator)) {
                return Filter.Like.of(field, "startswith", literal(text.substring(0, length)));
            }
            if (Integer.valueOf(SAME_LAST).equals(operator)) {
                return Filter.Like.of(field, "endswith", literal(text.substring(text.length() - length)));
            }
        }
        return new Filter.Compare(field, "eq", new Operand.Literal(value));
    }

    private static String literal(String text) {
        return text.replaceAll("[%_\\[]", "[$0]");
    }
}
