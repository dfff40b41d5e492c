package io.github.crmsync.sandbox.dynamics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Definition of a table: names, columns and navigation properties. */
final class Table {
    static final String NAMESPACE = "Microsoft.Dynamics.CRM.";

    private final String logicalName;
    private final String schemaName;
    private final String entitySet;
    private final int objectTypeCode;
    private final String primaryName;
    private final boolean userOwned;
    private final String keyName;
    private final Table base;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, Navigation> navigations = new LinkedHashMap<>();

    private Table(String header, String keyName, Table base) {
        String[] words = header.split("\\s+");
        logicalName = words[1];
        schemaName = words[2];
        entitySet = words[3];
        objectTypeCode = Integer.parseInt(words[4]);
        primaryName = words[5];
        userOwned = words[6].equals("user");
        this.keyName = keyName;
        this.base = base;
    }

    /** Reads a definition from the resource {@code <logical name>.columns}; see {@link Column#parse} for its lines. */
    static Table load(String logicalName) {
        List<String> lines = new ArrayList<>(lines(logicalName));
        String header = lines.remove(0);
        Table table = new Table(header, logicalName + "id", null);
        if (table.userOwned) {
            lines.addAll(lines("common"));
        }
        for (String line : lines) {
            table.add(Column.parse(line, table.columns.size()));
        }
        return table;
    }

    /** A type of the metadata, whose properties keep their names. */
    static Table metadata(String name, String entitySet, Table base) {
        Table table =
                new Table("table " + name + " " + name + " " + entitySet + " 0 LogicalName system", "MetadataId", base);
        if (base != null) {
            base.columns.values().forEach(table::add);
            table.navigations.putAll(base.navigations);
        }
        return table;
    }

    Table property(String name, ColumnType type) {
        add(Column.property(name, type, columns.size()));
        return this;
    }

    private void add(Column column) {
        columns.put(column.name(), column);
    }

    void add(Navigation navigation) {
        navigations.put(navigation.name(), navigation);
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
        return schemaName;
    }

    String entitySet() {
        return entitySet;
    }

    String typeName() {
        return NAMESPACE + logicalName;
    }

    int objectTypeCode() {
        return objectTypeCode;
    }

    String primaryName() {
        return primaryName;
    }

    boolean userOwned() {
        return userOwned;
    }

    /** The type this one is derived from, or null. */
    Table base() {
        return base;
    }

    Column key() {
        return columns.get(keyName);
    }

    Collection<Column> columns() {
        return columns.values();
    }

    int width() {
        return columns.size();
    }

    /** The column of that name in the API, or null. */
    Column find(String name) {
        return columns.get(name);
    }

    /** The column of that name in metadata, or null. */
    Column findLogical(String logical) {
        Column column = columns.get(logical);
        return column != null ? column : columns.get("_" + logical + "_value");
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

    Collection<Navigation> navigations() {
        return navigations.values();
    }
}
