package io.github.crmsync.sandbox.dynamics;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Columns that the service fills from others: names, addresses, mirrors of lookups, amounts in the base currency. */
final class ComputedColumns {
    static final UUID CURRENCY = UUID.fromString("5d0e2f6a-6d3b-4c55-9b0e-0d6c3f6f1c01");

    private final Model model;

    ComputedColumns(Model model) {
        this.model = model;
    }

    void fill(Table table, Object[] values) {
        if (table.find("middlename") != null) {
            String name = join(table, values, " ", "firstname", "middlename", "lastname");
            set(table, values, "fullname", name);
            set(table, values, "yomifullname", name);
        }
        for (int i = 1; i <= 3; i++) {
            address(table, values, "address" + i + "_");
        }
        customer(table, values);
        owner(table, values);
        money(table, values);
    }

    private static void address(Table table, Object[] values, String prefix) {
        if (table.find(prefix + "composite") == null) {
            return;
        }
        String lines = join(table, values, "\r\n", prefix + "line1", prefix + "line2", prefix + "line3");
        String place = join(table, values, ", ", prefix + "city", prefix + "stateorprovince", prefix + "postalcode");
        String all = Stream.of(lines, place, text(table, values, prefix + "country"))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\r\n"));
        set(table, values, prefix + "composite", all.isEmpty() ? null : all);
    }

    private void customer(Table table, Object[] values) {
        Column customer =
                table.find(table.logicalName().equals("contact") ? "_parentcustomerid_value" : "_customerid_value");
        if (customer == null || table.find("_accountid_value") == null) {
            return;
        }
        Object id = values[customer.ordinal()];
        boolean account = id != null && model.targetOf(customer, id).equals("account");
        set(table, values, "_accountid_value", account ? id : null);
        String contact = table.logicalName().equals("contact") ? "_parentcontactid_value" : "_contactid_value";
        set(table, values, contact, id == null || account ? null : id);
    }

    private void owner(Table table, Object[] values) {
        Column owner = table.find("_ownerid_value");
        if (owner != null && values[owner.ordinal()] instanceof UUID id) {
            boolean team = model.targetOf(owner, id).equals("team");
            set(table, values, "_owningteam_value", team ? id : null);
            set(table, values, "_owninguser_value", team ? null : id);
        }
    }

    private static void money(Table table, Object[] values) {
        boolean any = false;
        for (Column column : table.columns()) {
            Column base = column.type() == ColumnType.MONEY ? table.find(column.name() + "_base") : null;
            if (base != null) {
                any |= values[column.ordinal()] != null;
                values[base.ordinal()] = values[column.ordinal()];
            }
        }
        Column currency = table.find("_transactioncurrencyid_value");
        if (any && currency != null && values[currency.ordinal()] == null) {
            values[currency.ordinal()] = CURRENCY;
        }
        if (currency != null && values[currency.ordinal()] != null) {
            set(table, values, "exchangerate", BigDecimal.ONE.setScale(12));
        }
    }

    private static String text(Table table, Object[] values, String name) {
        Column column = table.find(name);
        return column == null ? null : (String) values[column.ordinal()];
    }

    private static String join(Table table, Object[] values, String separator, String... columns) {
        String joined = Stream.of(columns)
                .map(name -> text(table, values, name))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(separator));
        return joined.isEmpty() ? null : joined;
    }

    /** Sets a column if the table has it. */
    static void set(Table table, Object[] values, String name, Object value) {
        Column column = table.find(name);
        if (column != null) {
            values[column.ordinal()] = value;
        }
    }
}
