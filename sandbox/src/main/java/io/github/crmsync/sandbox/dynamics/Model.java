package io.github.crmsync.sandbox.dynamics;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** All tables of the environment with their rows and how they are related. */
final class Model {
    private static final List<String> TABLES = List.of(
            "contact",
            "lead",
            "account",
            "opportunity",
            "list",
            "listmember",
            "systemuser",
            "team",
            "businessunit",
            "organization",
            "transactioncurrency",
            "savedquery",
            "userquery",
            "sdkmessage",
            "sdkmessagefilter",
            "duplicaterule",
            "duplicaterulecondition",
            "attributemaskingrule");

    private final Map<String, RowStore> byName = new LinkedHashMap<>();
    private final Map<String, RowStore> bySet = new LinkedHashMap<>();
    private final ColumnSecurity security = new ColumnSecurity();

    Model() {
        for (String name : TABLES) {
            RowStore store = new RowStore(Table.load(name));
            byName.put(name, store);
            bySet.put(store.table().entitySet(), store);
        }
        byName.values().forEach(this::relate);
        for (String member : List.of("contact", "lead", "account")) {
            relateLists(byName.get("list"), byName.get(member));
        }
    }

    /** Which columns are secured, and for whom. */
    ColumnSecurity security() {
        return security;
    }

    /** The store of a table by logical name, or null. */
    RowStore named(String logicalName) {
        return byName.get(logicalName);
    }

    /** The store of an entity set, or null. */
    RowStore inSet(String entitySet) {
        return bySet.get(entitySet);
    }

    Collection<RowStore> stores() {
        return byName.values();
    }

    private void relate(RowStore store) {
        for (Column column : store.table().columns()) {
            for (Column.Target target : column.targets()) {
                RowStore other = byName.get(target.table());
                boolean known = other != null && !target.navigation().isEmpty();
                // The owner is a user or a team under one name: the property leads to the first of them.
                if (known && store.table().navigation(target.navigation()) == null) {
                    store.table().add(new Navigation(target.navigation(), other.table(), false, column, row -> {
                        Row found = row.get(column) instanceof UUID id ? other.get(id) : null;
                        return found == null ? List.of() : List.of(found);
                    }));
                }
                if (known && !target.partner().isEmpty()) {
                    other.table()
                            .add(new Navigation(
                                    target.partner(),
                                    store.table(),
                                    true,
                                    column,
                                    row -> store.rowsBy(column, row.id())));
                }
            }
        }
    }

    /** List and member reach each other over the rows of the table that stands between them. */
    private void relateLists(RowStore lists, RowStore members) {
        RowStore links = byName.get("listmember");
        Column list = links.table().column("_listid_value");
        Column member = links.table().column("_entityid_value");
        String name = "list" + members.table().logicalName() + "_association";
        lists.table()
                .add(new Navigation(
                        name,
                        members.table(),
                        true,
                        null,
                        row -> links.rowsBy(list, row.id()).stream()
                                .map(link -> members.get((UUID) link.get(member)))
                                .filter(java.util.Objects::nonNull)
                                .toList()));
        members.table()
                .add(new Navigation(
                        name,
                        lists.table(),
                        true,
                        null,
                        row -> links.rowsBy(member, row.id()).stream()
                                .map(link -> lists.get((UUID) link.get(list)))
                                .toList()));
    }

    /** Logical name of the table in which the row that a lookup names is; the first possible one if none has it. */
    String targetOf(Column lookup, Object id) {
        List<Column.Target> targets = lookup.targets();
        for (Column.Target target : targets) {
            RowStore store = byName.get(target.table());
            if (targets.size() > 1 && store != null && store.get((UUID) id) != null) {
                return target.table();
            }
        }
        return targets.get(0).table();
    }
}
