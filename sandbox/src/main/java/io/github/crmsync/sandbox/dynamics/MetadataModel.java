package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The definitions of tables, columns and keys as rows of tables of their own. */
final class MetadataModel {
    static final String ENTITIES = "EntityDefinitions";

    private final Organization organization;
    private final Table entity = Table.metadata("EntityMetadata", ENTITIES, null);
    private final Table attribute = Table.metadata("AttributeMetadata", "-", null);
    private final Table key = Table.metadata("EntityKeyMetadata", "-", null);
    private final Table optionSet = Table.metadata("OptionSetMetadata", "-", null);
    private final Table relationship = Table.metadata("OneToManyRelationshipMetadata", "-", null);
    private final Map<String, Table> types = new LinkedHashMap<>();

    MetadataModel(Organization organization) {
        this.organization = organization;
        texts(entity, "MetadataId LogicalName SchemaName EntitySetName LogicalCollectionName OwnershipType TableType");
        texts(entity, "PrimaryIdAttribute PrimaryNameAttribute");
        entity.property("ObjectTypeCode", ColumnType.INTEGER);
        flags(entity, "ChangeTrackingEnabled IsOptimisticConcurrencyEnabled IsCustomEntity IsActivity IsIntersect");
        complex(entity, "CanChangeTrackingBeEnabled IsAuditEnabled IsDuplicateDetectionEnabled DisplayName");
        texts(attribute, "MetadataId LogicalName SchemaName EntityLogicalName AttributeType");
        complex(attribute, "AttributeTypeName RequiredLevel DisplayName");
        flags(attribute, "IsValidForCreate IsValidForUpdate IsValidForRead IsValidODataAttribute");
        flags(attribute, "IsPrimaryId IsPrimaryName IsCustomAttribute IsSecured");
        attribute.property("ColumnNumber", ColumnType.INTEGER);
        texts(key, "MetadataId LogicalName SchemaName EntityLogicalName EntityKeyIndexStatus");
        complex(key, "KeyAttributes");
        texts(optionSet, "MetadataId LogicalName OptionSetType");
        complex(optionSet, "Options TrueOption FalseOption");
        texts(relationship, "MetadataId LogicalName SchemaName ReferencedEntity ReferencedAttribute ReferencingEntity");
        texts(relationship, "ReferencingAttribute ReferencingEntityNavigationPropertyName");
        texts(relationship, "ReferencedEntityNavigationPropertyName");
        for (ColumnType type : ColumnType.values()) {
            if (type != ColumnType.COMPLEX) {
                types.computeIfAbsent(type.metadataType(), name -> derived(name, type));
            }
        }
        entity.add(new Navigation("Attributes", attribute, true, null, row -> attributes(storeOf(row))));
        entity.add(new Navigation("Keys", key, true, null, row -> keys(storeOf(row))));
        entity.add(new Navigation("ManyToOneRelationships", relationship, true, null, row -> lookups(storeOf(row))));
    }

    private static void texts(Table table, String names) {
        for (String name : names.split(" ")) {
            table.property(name, ColumnType.STRING);
        }
    }

    private static void flags(Table table, String names) {
        for (String name : names.split(" ")) {
            table.property(name, ColumnType.BOOLEAN);
        }
    }

    private static void complex(Table table, String names) {
        for (String name : names.split(" ")) {
            table.property(name, ColumnType.COMPLEX);
        }
    }

    private Table derived(String name, ColumnType type) {
        if (name.equals("AttributeMetadata")) {
            return attribute;
        }
        Table table = Table.metadata(name, "-", attribute);
        switch (type) {
            case STRING -> complex(table.property("MaxLength", ColumnType.INTEGER), "Format FormatName");
            case MEMO -> complex(table.property("MaxLength", ColumnType.INTEGER), "Format");
            case INTEGER -> table.property("MinValue", ColumnType.INTEGER).property("MaxValue", ColumnType.INTEGER);
            case DOUBLE, DECIMAL, MONEY ->
                table.property("MinValue", ColumnType.DOUBLE)
                        .property("MaxValue", ColumnType.DOUBLE)
                        .property("Precision", ColumnType.INTEGER);
            case DATETIME, DATE -> complex(table, "Format DateTimeBehavior");
            case LOOKUP -> complex(table, "Targets");
            case BOOLEAN -> table.property("DefaultValue", ColumnType.BOOLEAN);
            case CHOICE, CHOICES, STATE, STATUS -> table.property("DefaultFormValue", ColumnType.INTEGER);
            default -> {}
        }
        if (type == ColumnType.BOOLEAN || type == ColumnType.CHOICES || type.isOption()) {
            table.add(new Navigation("OptionSet", optionSet, false, null, row -> optionsOf(row, false)));
            table.add(new Navigation("GlobalOptionSet", optionSet, false, null, row -> optionsOf(row, true)));
        }
        return table;
    }

    /** The model for addresses as things stand, alternate keys included. */
    EdmModel edm() {
        List<Table> all = new ArrayList<>(List.of(entity, attribute, key, optionSet, relationship));
        types.values().stream().filter(type -> type != attribute).forEach(all::add);
        return new EdmModel(organization.model().stores(), all);
    }

    boolean has(String entitySet) {
        return entitySet.equals(ENTITIES);
    }

    Table entityType() {
        return entity;
    }

    Table attributeType() {
        return attribute;
    }

    /** The type of a column's definition, or of a type cast; null if there is none of that name. */
    Table type(String name) {
        return types.get(name);
    }

    RowStore storeOf(Row definition) {
        return organization.storeOf((String) definition.get(entity.column("LogicalName")));
    }

    List<Row> entities() {
        return organization.model().stores().stream().map(this::entity).toList();
    }

    Row entity(RowStore store) {
        Table table = store.table();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("LogicalName", table.logicalName());
        values.put("SchemaName", table.schemaName());
        values.put("EntitySetName", table.entitySet());
        values.put("LogicalCollectionName", table.entitySet());
        values.put("OwnershipType", table.userOwned() ? "UserOwned" : "OrganizationOwned");
        values.put("TableType", "Standard");
        values.put("PrimaryIdAttribute", table.key().name());
        values.put("PrimaryNameAttribute", table.primaryName());
        values.put("ObjectTypeCode", table.objectTypeCode());
        values.put("ChangeTrackingEnabled", organization.tracking(table));
        values.put("IsOptimisticConcurrencyEnabled", true);
        values.put("IsCustomEntity", false);
        values.put("IsActivity", false);
        values.put("IsIntersect", table.logicalName().equals("listmember"));
        values.put("CanChangeTrackingBeEnabled", managed(true, "canchangetrackingbeenabled"));
        values.put("IsAuditEnabled", managed(false, "canmodifyauditsettings"));
        values.put("IsDuplicateDetectionEnabled", managed(table.userOwned(), "canmodifyduplicatedetectionsettings"));
        values.put("DisplayName", label(table.schemaName()));
        return row(entity, "entity " + table.logicalName(), values);
    }

    private static ObjectNode managed(boolean value, String property) {
        return Json.MAPPER
                .createObjectNode()
                .put("Value", value)
                .put("CanBeChanged", true)
                .put("ManagedPropertyLogicalName", property);
    }

    private static ObjectNode value(String value) {
        return Json.MAPPER.createObjectNode().put("Value", value);
    }

    private static ObjectNode label(String text) {
        ObjectNode label = Json.MAPPER.createObjectNode().put("Label", text).put("LanguageCode", 1033);
        ObjectNode labels = Json.MAPPER.createObjectNode();
        labels.putArray("LocalizedLabels").add(label);
        labels.set("UserLocalizedLabel", label.deepCopy());
        return labels;
    }

    private List<Row> attributes(RowStore store) {
        return store.table().columns().stream()
                .map(column -> attribute(store.table(), column))
                .toList();
    }

    /** The definition of a column, as a row of its own type. */
    Row attribute(Table table, Column column) {
        ColumnType type = column.type();
        Map<String, Object> values = new LinkedHashMap<>();
        boolean bindable = !type.isLookup() || column.bindable();
        values.put("LogicalName", column.logicalName());
        values.put("SchemaName", column.schemaName());
        values.put("EntityLogicalName", table.logicalName());
        values.put("AttributeType", type.attributeType());
        values.put("AttributeTypeName", value(type.typeName()));
        values.put(
                "RequiredLevel",
                value(column.required())
                        .put("CanBeChanged", !column.required().equals("SystemRequired"))
                        .put("ManagedPropertyLogicalName", "canmodifyrequirementlevelsettings"));
        values.put("DisplayName", label(column.schemaName()));
        values.put("IsValidForCreate", column.creatable() && bindable);
        values.put("IsValidForUpdate", column.updatable() && bindable);
        values.put("IsValidForRead", true);
        values.put("IsValidODataAttribute", true);
        values.put("IsPrimaryId", type == ColumnType.KEY);
        values.put("IsPrimaryName", column.name().equals(table.primaryName()));
        values.put("IsCustomAttribute", false);
        values.put("IsSecured", organization.model().security().of(table, column) != null);
        values.put("ColumnNumber", column.ordinal() + 1);
        typed(column, values);
        return row(types.get(type.metadataType()), "attribute " + table.logicalName() + " " + column.name(), values);
    }

    private static void typed(Column column, Map<String, Object> values) {
        switch (column.type()) {
            case STRING, MEMO -> {
                values.put("MaxLength", column.maxLength());
                values.put("Format", Json.MAPPER.valueToTree(column.format()));
                values.put("FormatName", value(column.format()));
            }
            case DATE, DATETIME -> {
                boolean date = column.type() == ColumnType.DATE;
                values.put("Format", Json.MAPPER.valueToTree(date ? "DateOnly" : column.format()));
                values.put("DateTimeBehavior", value(date ? "DateOnly" : "UserLocal"));
            }
            case LOOKUP, CUSTOMER, OWNER -> {
                ArrayNode targets = Json.MAPPER.createArrayNode();
                column.targets().forEach(target -> targets.add(target.table()));
                values.put("Targets", targets);
            }
            case DOUBLE, DECIMAL, MONEY -> {
                values.put("MinValue", column.minimum());
                values.put("MaxValue", column.maximum());
                values.put("Precision", column.type() == ColumnType.MONEY ? 2 : 5);
            }
            case INTEGER -> {
                values.put("MinValue", (int) Math.max(Integer.MIN_VALUE, column.minimum()));
                values.put("MaxValue", (int) Math.min(Integer.MAX_VALUE, column.maximum()));
            }
            case BOOLEAN -> values.put("DefaultValue", column.defaultValue());
            case CHOICE, CHOICES, STATE, STATUS ->
                values.put("DefaultFormValue", column.defaultValue() == null ? -1 : column.defaultValue());
            default -> {}
        }
    }

    /** Of a global choice the options are found there only. */
    private List<Row> optionsOf(Row definition, boolean global) {
        Table table = organization
                .storeOf((String) definition.get(attribute.column("EntityLogicalName")))
                .table();
        Column column = table.findLogical((String) definition.get(attribute.column("LogicalName")));
        if (column.global() != global) {
            return List.of();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        String name = table.logicalName() + "_" + column.logicalName();
        values.put("LogicalName", name);
        values.put("OptionSetType", column.type().attributeType());
        if (column.type() == ColumnType.BOOLEAN) {
            values.put("FalseOption", option(0, column.options().get(0)));
            values.put("TrueOption", option(1, column.options().get(1)));
        } else {
            ArrayNode options = Json.MAPPER.createArrayNode();
            column.options().forEach((value, label) -> {
                ObjectNode option = option(value, label);
                if (column.type() == ColumnType.STATUS) {
                    option.put("State", column.stateOf().get(value));
                }
                options.add(option);
            });
            values.put("Options", options);
        }
        return List.of(row(optionSet, "options " + name, values));
    }

    private static ObjectNode option(int value, String label) {
        ObjectNode option = Json.MAPPER.createObjectNode().put("Value", value);
        option.set("Label", label(label));
        return option;
    }

    private List<Row> keys(RowStore store) {
        List<Row> rows = new ArrayList<>();
        String status = organization.behaviour().pendingKeys() ? "Pending" : "Active";
        store.keys().keySet().forEach(one -> rows.add(keyRow(store.table(), one, status)));
        store.failedKeys().forEach(one -> rows.add(keyRow(store.table(), one, "Failed")));
        return rows;
    }

    private Row keyRow(Table table, AlternateKey one, String status) {
        ArrayNode names = Json.MAPPER.createArrayNode();
        one.columns().forEach(column -> names.add(column.logicalName()));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("LogicalName", one.name());
        values.put("SchemaName", one.schemaName());
        values.put("EntityLogicalName", table.logicalName());
        values.put("EntityKeyIndexStatus", status);
        values.put("KeyAttributes", names);
        return row(key, "key " + table.logicalName() + " " + one.name(), values);
    }

    private List<Row> lookups(RowStore store) {
        List<Row> rows = new ArrayList<>();
        for (Column column : store.table().columns()) {
            for (Column.Target target : column.targets()) {
                RowStore other = organization.storeOf(target.table());
                if (other == null || target.navigation().isEmpty()) {
                    continue;
                }
                String name = store.table().logicalName() + "_" + target.navigation();
                Map<String, Object> values = new LinkedHashMap<>();
                values.put("LogicalName", name);
                values.put("SchemaName", name);
                values.put("ReferencedEntity", target.table());
                values.put("ReferencedAttribute", other.table().key().name());
                values.put("ReferencingEntity", store.table().logicalName());
                values.put("ReferencingAttribute", column.logicalName());
                values.put("ReferencingEntityNavigationPropertyName", target.navigation());
                values.put("ReferencedEntityNavigationPropertyName", target.partner());
                rows.add(row(relationship, "relationship " + name + target.table(), values));
            }
        }
        return rows;
    }

    private static Row row(Table type, String seed, Map<String, Object> values) {
        UUID id = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
        Object[] all = new Object[type.width()];
        all[type.column("MetadataId").ordinal()] = id.toString();
        values.forEach((name, value) -> {
            Column column = type.find(name);
            if (column != null) {
                all[column.ordinal()] = value;
            }
        });
        return Row.of(id, 0, all);
    }
}
