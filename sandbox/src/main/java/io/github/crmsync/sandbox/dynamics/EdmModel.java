package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.olingo.commons.api.edm.FullQualifiedName;
import org.apache.olingo.commons.api.edm.provider.CsdlAbstractEdmProvider;
import org.apache.olingo.commons.api.edm.provider.CsdlAction;
import org.apache.olingo.commons.api.edm.provider.CsdlActionImport;
import org.apache.olingo.commons.api.edm.provider.CsdlEntityContainer;
import org.apache.olingo.commons.api.edm.provider.CsdlEntityContainerInfo;
import org.apache.olingo.commons.api.edm.provider.CsdlEntitySet;
import org.apache.olingo.commons.api.edm.provider.CsdlEntityType;
import org.apache.olingo.commons.api.edm.provider.CsdlFunction;
import org.apache.olingo.commons.api.edm.provider.CsdlFunctionImport;
import org.apache.olingo.commons.api.edm.provider.CsdlNavigationProperty;
import org.apache.olingo.commons.api.edm.provider.CsdlNavigationPropertyBinding;
import org.apache.olingo.commons.api.edm.provider.CsdlProperty;
import org.apache.olingo.commons.api.edm.provider.CsdlPropertyRef;
import org.apache.olingo.commons.api.edm.provider.CsdlSchema;

/**
 * The entity data model that addresses are checked against.
 *
 * <p>The parser of the library knows no alternate keys: each of them appears as an entity set of its own, named
 * {@code <set>__<key>}, whose type has nothing but the key's properties.
 */
class EdmModel extends CsdlAbstractEdmProvider {
    static final String KEY_MARK = "__";
    static final String NAMESPACE = "Microsoft.Dynamics.CRM";
    private static final FullQualifiedName CONTAINER = new FullQualifiedName(NAMESPACE, "System");

    private final Map<String, Table> types = new LinkedHashMap<>();
    private final Map<String, Table> sets = new LinkedHashMap<>();
    private final Map<String, KeyType> keyTypes = new LinkedHashMap<>();

    /** A type that consists of the properties of a key. */
    private record KeyType(Table table, String set, List<Column> columns) {}

    EdmModel(Collection<RowStore> stores, Collection<Table> metadata) {
        for (RowStore store : stores) {
            Table table = store.table();
            types.put(table.logicalName(), table);
            sets.put(table.entitySet(), table);
            for (AlternateKey key : store.keys().keySet()) {
                addKey(table, key.name(), key.columns());
            }
        }
        for (Table table : metadata) {
            types.put(table.logicalName(), table);
            if (!table.entitySet().equals("-")) {
                sets.put(table.entitySet(), table);
                addKey(table, "LogicalName", List.of(table.column("LogicalName")));
            }
        }
    }

    private void addKey(Table table, String name, List<Column> columns) {
        keyTypes.put(
                table.logicalName() + KEY_MARK + name,
                new KeyType(table, table.entitySet() + KEY_MARK + name, columns));
    }

    private static FullQualifiedName name(String name) {
        return new FullQualifiedName(NAMESPACE, name);
    }

    private static FullQualifiedName edm(ColumnType type) {
        return new FullQualifiedName("Edm", type == ColumnType.COMPLEX ? "String" : type.edm());
    }

    @Override
    public CsdlEntityType getEntityType(FullQualifiedName name) {
        KeyType keyType = keyTypes.get(name.getName());
        if (keyType != null) {
            return type(name.getName(), keyType.columns, keyType.columns);
        }
        Table table = types.get(name.getName());
        if (table == null) {
            return null;
        }
        Table base = table.base();
        List<Column> own = table.columns().stream()
                .filter(column -> base == null || base.find(column.name()) == null)
                .toList();
        boolean metadata = table.key() != null && table.key().name().equals("MetadataId");
        Column key = metadata ? table.column("LogicalName") : table.key();
        CsdlEntityType type = type(name.getName(), own, base == null ? List.of(key) : List.of());
        if (base != null) {
            type.setBaseType(name(base.logicalName()));
        }
        List<CsdlNavigationProperty> navigations = new ArrayList<>();
        for (Navigation navigation : table.navigations()) {
            if (base == null || base.navigation(navigation.name()) == null) {
                navigations.add(new CsdlNavigationProperty()
                        .setName(navigation.name())
                        .setType(name(navigation.target().logicalName()))
                        .setCollection(navigation.many())
                        .setContainsTarget(metadata));
            }
        }
        return type.setNavigationProperties(navigations);
    }

    private static CsdlEntityType type(String name, List<Column> columns, List<Column> key) {
        List<CsdlProperty> properties = new ArrayList<>();
        for (Column column : columns) {
            properties.add(new CsdlProperty()
                    .setName(column.name())
                    .setType(edm(column.type()))
                    .setNullable(!key.contains(column)));
        }
        CsdlEntityType type = new CsdlEntityType().setName(name).setProperties(properties);
        if (!key.isEmpty()) {
            type.setKey(key.stream()
                    .map(column -> new CsdlPropertyRef().setName(column.name()))
                    .toList());
        }
        return type;
    }

    @Override
    public CsdlEntitySet getEntitySet(FullQualifiedName container, String name) {
        for (Map.Entry<String, KeyType> entry : keyTypes.entrySet()) {
            if (entry.getValue().set.equals(name)) {
                return new CsdlEntitySet().setName(name).setType(name(entry.getKey()));
            }
        }
        Table table = sets.get(name);
        if (table == null) {
            return null;
        }
        List<CsdlNavigationPropertyBinding> bindings = new ArrayList<>();
        for (Navigation navigation : table.navigations()) {
            if (sets.containsKey(navigation.target().entitySet())) {
                bindings.add(new CsdlNavigationPropertyBinding()
                        .setPath(navigation.name())
                        .setTarget(navigation.target().entitySet()));
            }
        }
        return new CsdlEntitySet()
                .setName(name)
                .setType(name(table.logicalName()))
                .setNavigationPropertyBindings(bindings);
    }

    @Override
    public List<CsdlFunction> getFunctions(FullQualifiedName name) {
        FilterFunctions.Argument argument = FilterFunctions.all().get(name.getName());
        if (argument != null) {
            return List.of(Operations.queryFunction(name.getName(), argument));
        }
        CsdlFunction function = Operations.ROW_FUNCTIONS.containsKey(name.getName())
                ? Operations.rowFunction(name.getName())
                : Operations.function(name.getName());
        return function == null ? null : List.of(function);
    }

    @Override
    public CsdlFunctionImport getFunctionImport(FullQualifiedName container, String name) {
        return Operations.function(name) == null
                ? null
                : new CsdlFunctionImport().setName(name).setFunction(name(name));
    }

    @Override
    public List<CsdlAction> getActions(FullQualifiedName name) {
        List<CsdlAction> actions = Operations.actions(name.getName(), types.keySet());
        return actions.isEmpty() ? null : actions;
    }

    @Override
    public CsdlActionImport getActionImport(FullQualifiedName container, String name) {
        return Operations.UNBOUND_ACTIONS.contains(name)
                ? new CsdlActionImport().setName(name).setAction(name(name))
                : null;
    }

    @Override
    public CsdlEntityContainerInfo getEntityContainerInfo(FullQualifiedName container) {
        return new CsdlEntityContainerInfo().setContainerName(CONTAINER);
    }

    @Override
    public CsdlEntityContainer getEntityContainer() {
        Set<String> names = sets.keySet();
        return new CsdlEntityContainer()
                .setName(CONTAINER.getName())
                .setEntitySets(names.stream()
                        .map(name -> getEntitySet(CONTAINER, name))
                        .toList());
    }

    @Override
    public List<CsdlSchema> getSchemas() {
        List<CsdlFunction> functions = new ArrayList<>();
        FilterFunctions.all().forEach((name, argument) -> functions.add(Operations.queryFunction(name, argument)));
        List.of("WhoAmI", "RetrieveTotalRecordCount").forEach(name -> functions.add(Operations.function(name)));
        Operations.ROW_FUNCTIONS.keySet().forEach(name -> functions.add(Operations.rowFunction(name)));
        List<CsdlAction> actions = new ArrayList<>();
        Operations.BULK_ACTIONS.forEach(name -> actions.addAll(Operations.actions(name, types.keySet())));
        Operations.ROW_ACTIONS.keySet().forEach(name -> actions.addAll(Operations.actions(name, types.keySet())));
        Operations.UNBOUND_ACTIONS.forEach(name -> actions.addAll(Operations.actions(name, types.keySet())));
        return List.of(new CsdlSchema()
                .setNamespace(NAMESPACE)
                .setAlias("mscrm")
                .setEntityTypes(types.keySet().stream()
                        .map(name -> getEntityType(name(name)))
                        .toList())
                .setFunctions(functions)
                .setActions(actions)
                .setEntityContainer(getEntityContainer()));
    }
}
