package io.github.crmsync.sandbox.dynamics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Definition of a table: names and columns. */
final class Table {
    private final String logicalName;
    private final int objectTypeCode;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, Navigation> navigations = new LinkedHashMap<>();

    /** A single-valued navigation property that can be bound in a body. */
    record Navigation(String column, String targetSet) {}

    private Table(String logicalName, int objectTypeCode) {
        this.logicalName = logicalName;
        this.objectTypeCode = objectTypeCode;
        List<String> lines = new ArrayList<>(lines(logicalName));
        lines.addAll(lines("common"));
        for (String line : lines) {
            Column column = Column.parse(line, columns.size(), logicalName);
            columns.put(column.name(), column);
        }
        navigations.put("ownerid", new Navigation("_ownerid_value", "systemusers"));
        navigations.put(
                "transactioncurrencyid", new Navigation("_transactioncurrencyid_value", "transactioncurrencies"));
    }

    static Table contact() {
        Table table = new Table("contact", 2);
        table.navigations.put("parentcustomerid_account", new Navigation("_parentcustomerid_value", "accounts"));
        table.navigations.put("parentcustomerid_contact", new Navigation("_parentcustomerid_value", "contacts"));
        table.navigations.put("originatingleadid", new Navigation("_originatingleadid_value", "leads"));
        return table;
    }

    static Table lead() {
        Table table = new Table("lead", 4);
        table.navigations.put("parentaccountid", new Navigation("_parentaccountid_value", "accounts"));
        table.navigations.put("parentcontactid", new Navigation("_parentcontactid_value", "contacts"));
        table.navigations.put("customerid_account", new Navigation("_customerid_value", "accounts"));
        table.navigations.put("customerid_contact", new Navigation("_customerid_value", "contacts"));
        return table;
    }

    private static List<String> lines(String resource) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Table.class.getResourceAsStream(resource + ".columns"), StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String logicalName() {
        return logicalName;
    }

    String schemaName() {
        return Character.toUpperCase(logicalName.charAt(0)) + logicalName.substring(1);
    }

    String entitySet() {
        return logicalName + "s";
    }

    String typeName() {
        return "Microsoft.Dynamics.CRM." + logicalName;
    }

    int objectTypeCode() {
        return objectTypeCode;
    }

    Column key() {
        return columns.get(logicalName + "id");
    }

    Collection<Column> columns() {
        return columns.values();
    }

    /** The column of that name, or null. */
    Column find(String name) {
        return columns.get(name);
    }

    /** A column the caller knows to exist. */
    Column column(String name) {
        Column column = columns.get(name);
        if (column == null) {
            throw new IllegalArgumentException("Table " + logicalName + " has no column " + name);
        }
        return column;
    }

    Navigation navigation(String name) {
        return navigations.get(name);
    }

    /** Whether some navigation property sets this lookup. */
    boolean isBindable(Column lookup) {
        return navigations.values().stream()
                .anyMatch(navigation -> navigation.column().equals(lookup.name()));
    }

    Object[] emptyValues() {
        return new Object[columns.size()];
    }

    Object[] copy(Object[] values) {
        return Arrays.copyOf(values, values.length);
    }
}
