package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers questions about table and column definitions. */
final class MetadataReader {
    private static final String NAMESPACE = "Microsoft.Dynamics.CRM.";
    private static final Set<String> CASTS = Set.of(
            "StringAttributeMetadata",
            "MemoAttributeMetadata",
            "IntegerAttributeMetadata",
            "BigIntAttributeMetadata",
            "DoubleAttributeMetadata",
            "MoneyAttributeMetadata",
            "BooleanAttributeMetadata",
            "PicklistAttributeMetadata",
            "StateAttributeMetadata",
            "StatusAttributeMetadata",
            "DateTimeAttributeMetadata",
            "LookupAttributeMetadata");

    private final Organization organization;
    private final String root;

    MetadataReader(Organization organization, String root) {
        this.organization = organization;
        this.root = root;
    }

    ApiResponse entity(Table table, ApiRequest request) {
        ObjectNode all = Json.MAPPER.createObjectNode();
        all.put("LogicalName", table.logicalName());
        all.put("SchemaName", table.schemaName());
        all.put("EntitySetName", table.entitySet());
        all.put("LogicalCollectionName", table.entitySet());
        all.put("ObjectTypeCode", table.objectTypeCode());
        all.put("OwnershipType", "UserOwned");
        all.put("TableType", "Standard");
        all.put("PrimaryIdAttribute", table.key().name());
        all.put("PrimaryNameAttribute", "fullname");
        all.put("ChangeTrackingEnabled", organization.tracking(table));
        all.put("IsOptimisticConcurrencyEnabled", true);
        all.put("IsCustomEntity", false);
        all.put("IsActivity", false);
        all.putObject("CanChangeTrackingBeEnabled")
                .put("Value", true)
                .put("CanBeChanged", true)
                .put("ManagedPropertyLogicalName", "canchangetrackingbeenabled");
        all.put("MetadataId", id("entity " + table.logicalName()));
        String select = request.options().get("$select");
        ObjectNode out = Json.MAPPER.createObjectNode();
        String context = "EntityDefinitions" + (select == null ? "" : "(" + select + ")") + "/$entity";
        out.put("@odata.context", root + "$metadata#" + context);
        out.setAll(narrow(all, select, "EntityMetadata"));
        if (request.options().containsKey("$expand")) {
            String expand = request.options().get("$expand");
            if (!expand.startsWith("Keys")) {
                throw ServiceException.badQuery("The query parameter $expand=" + expand + " is not supported.");
            }
            out.putArray("Keys");
        }
        return answer(out);
    }

    ApiResponse attributes(Table table, String cast, ApiRequest request) {
        String wanted = cast;
        if (cast != null) {
            wanted = cast.startsWith(NAMESPACE) ? cast.substring(NAMESPACE.length()) : "";
            if (!CASTS.contains(wanted)) {
                throw ServiceException.unknownSegment(cast);
            }
        }
        String select = request.options().get("$select");
        String expand = request.options().get("$expand");
        ObjectNode out = Json.MAPPER.createObjectNode();
        String path = "EntityDefinitions('" + table.logicalName() + "')/Attributes" + (cast == null ? "" : "/" + cast)
                + (select == null ? "" : "(" + select + ")");
        out.put("@odata.context", root + "$metadata#" + path);
        ArrayNode value = out.putArray("value");
        String filter = request.options().get("$filter");
        for (Column column : table.columns()) {
            if ((wanted == null || wanted.equals(column.type().metadataType())) && matches(filter, column)) {
                value.add(attribute(table, column, wanted, select, expand));
            }
        }
        return answer(out);
    }

    private static boolean matches(String filter, Column column) {
        if (filter == null) {
            return true;
        }
        if (filter.matches("LogicalName eq '\\w+'")) {
            return filter.equals("LogicalName eq '" + column.logicalName() + "'");
        }
        throw ServiceException.badQuery("The filter '" + filter + "' is not supported on attributes.");
    }

    private ObjectNode attribute(Table table, Column column, String cast, String select, String expand) {
        ObjectNode all = Json.MAPPER.createObjectNode();
        all.put("LogicalName", column.logicalName());
        all.put("SchemaName", column.logicalName());
        all.put("EntityLogicalName", table.logicalName());
        all.put("AttributeType", column.type().attributeType());
        all.putObject("AttributeTypeName").put("Value", column.type().attributeType() + "Type");
        all.put("IsValidForCreate", column.creatable() || writableLookup(table, column));
        all.put("IsValidForUpdate", column.updatable() || writableLookup(table, column));
        all.put("IsValidForRead", true);
        all.put("IsPrimaryId", column.type() == ColumnType.KEY);
        all.put("IsPrimaryName", column.name().equals("fullname"));
        all.put("IsCustomAttribute", false);
        all.putObject("RequiredLevel")
                .put("Value", column.name().equals("lastname") ? "ApplicationRequired" : "None")
                .put("CanBeChanged", true);
        all.put("MetadataId", id("attribute " + table.logicalName() + " " + column.name()));
        if (cast != null || select == null) {
            typed(column, all);
        }
        ObjectNode out = Json.MAPPER.createObjectNode();
        if (cast == null) {
            out.put("@odata.type", "#" + NAMESPACE + column.type().metadataType());
        }
        out.setAll(narrow(all, select, cast == null ? "AttributeMetadata" : cast));
        if (expand != null) {
            expandOptions(column, cast, expand, out);
        }
        return out;
    }

    private static boolean writableLookup(Table table, Column column) {
        return column.type() == ColumnType.LOOKUP && table.isBindable(column);
    }

    private static void typed(Column column, ObjectNode all) {
        switch (column.type()) {
            case STRING, MEMO -> all.put("MaxLength", column.maxLength());
            case DATE -> {
                all.put("Format", "DateOnly");
                all.putObject("DateTimeBehavior").put("Value", "DateOnly");
            }
            case DATETIME -> {
                all.put("Format", "DateAndTime");
                all.putObject("DateTimeBehavior").put("Value", "UserLocal");
            }
            case LOOKUP -> all.putArray("Targets").add(column.target());
            case DOUBLE, MONEY -> {
                all.put("MinValue", column.minimum());
                all.put("MaxValue", column.maximum());
            }
            case INTEGER -> {
                all.put("MinValue", (int) Math.max(Integer.MIN_VALUE, column.minimum()));
                all.put("MaxValue", (int) Math.min(Integer.MAX_VALUE, column.maximum()));
            }
            default -> {}
        }
    }

    private static void expandOptions(Column column, String cast, String expand, ObjectNode out) {
        boolean known = expand.startsWith("OptionSet") || expand.startsWith("GlobalOptionSet");
        if (cast == null || !known) {
            throw ServiceException.badRequest(
                    "0x80060888",
                    "Could not find a property named '" + expand.replaceAll("\\(.*", "") + "' on type '" + NAMESPACE
                            + (cast == null ? "AttributeMetadata" : cast) + "'.");
        }
        ArrayNode options = out.putObject("OptionSet").putArray("Options");
        for (Map.Entry<Integer, String> option : column.options().entrySet()) {
            ObjectNode item = options.addObject();
            item.put("Value", option.getKey());
            ObjectNode label = Json.MAPPER.createObjectNode().put("Label", option.getValue());
            label.put("LanguageCode", 1033);
            ObjectNode labels = item.putObject("Label");
            labels.putArray("LocalizedLabels").add(label);
            labels.set("UserLocalizedLabel", label.deepCopy());
            if (column.type() == ColumnType.STATUS) {
                item.put("State", column.stateOf().get(option.getKey()));
            }
        }
    }

    private static ObjectNode narrow(ObjectNode all, String select, String type) {
        if (select == null) {
            return all;
        }
        ObjectNode some = Json.MAPPER.createObjectNode();
        List<String> names = new ArrayList<>(List.of(select.split(",")));
        names.add("MetadataId");
        for (String name : names) {
            if (!all.has(name.trim())) {
                throw ServiceException.badRequest(
                        "0x0",
                        "Could not find a property named '" + name.trim() + "' on type '" + NAMESPACE + type + "'.");
            }
            some.set(name.trim(), all.get(name.trim()));
        }
        return some;
    }

    private static String id(String text) {
        return java.util
                .UUID
                .nameUUIDFromBytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
    }

    private static ApiResponse answer(ObjectNode out) {
        return ApiResponse.json(200, out.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
