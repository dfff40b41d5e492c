package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.dynamics.ColumnTypes.Attribute;
import io.github.crmsync.dynamics.ColumnTypes.Days;
import io.github.crmsync.dynamics.Lookups.Navigation;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Definition of a table and of its columns, as the environment has them. */
final class TableMetadata {
    private static final String TYPE = "Microsoft.Dynamics.CRM.";

    private final DataverseApi api;
    private final Table table;
    private final ZoneId zone;
    /** Columns with column-level security, from when {@link #columns} was last asked for. */
    private final Set<String> secured = new HashSet<>();

    TableMetadata(DataverseApi api, Table table) {
        this(api, table, ZoneOffset.UTC);
    }

    /** @param zone in which days begin */
    TableMetadata(DataverseApi api, Table table, ZoneId zone) {
        this.api = api;
        this.table = table;
        this.zone = zone;
    }

    /**
     * Whether the table reports its changes.
     *
     * @throws SettingException if the environment has no such table
     */
    boolean changeTracking() {
        try {
            JsonNode definition =
                    api.get(definition() + "?$select=ChangeTrackingEnabled,EntitySetName,PrimaryIdAttribute");
            checkNames(definition);
            return definition.path("ChangeTrackingEnabled").asBoolean();
        } catch (DataverseException e) {
            if (e.kind() == AnswerKind.GONE) {
                throw new SettingException(
                        DynamicsConfig.TABLE,
                        "The environment has no table " + table.logicalName()
                                + "; leads come with Dynamics 365 Sales or Marketing");
            }
            throw e;
        }
    }

    private void checkNames(JsonNode definition) {
        String entitySet = definition.path("EntitySetName").asText();
        if (!entitySet.equals(table.entitySet())) {
            throw new SettingException(
                    DynamicsSourceConfig.ENTITY_SET,
                    "The entity set of table " + table.logicalName() + " is " + entitySet);
        }
        if (!definition.path("PrimaryIdAttribute").asText().equals(table.key())) {
            throw new SettingException(
                    DynamicsConfig.TABLE, "Table " + table.logicalName() + " is an activity; activities are not read");
        }
    }

    /** Types of all columns; labels of options are asked for when the first one is needed. */
    ColumnTypes columns() {
        Map<String, Attribute> attributes = new HashMap<>();
        for (JsonNode attribute : attributes(
                "?$select=LogicalName,AttributeType,AttributeTypeName,IsValidForCreate,IsValidForUpdate,IsSecured")) {
            if (attribute.path("IsSecured").asBoolean()) {
                secured.add(attribute.path("LogicalName").asText());
            }
            attributes.put(
                    attribute.path("LogicalName").asText(),
                    new Attribute(
                            attribute
                                            .path("AttributeTypeName")
                                            .path("Value")
                                            .asText()
                                            .equals("MultiSelectPicklistType")
                                    ? ColumnTypes.MULTIPLE
                                    : attribute.path("AttributeType").asText(),
                            attribute.path("IsValidForCreate").asBoolean(),
                            attribute.path("IsValidForUpdate").asBoolean()));
        }
        Map<String, Days> days = new HashMap<>();
        for (JsonNode attribute :
                attributes("/" + TYPE + "DateTimeAttributeMetadata?$select=LogicalName,Format,DateTimeBehavior")) {
            Days kind = days(
                    attribute.path("DateTimeBehavior").path("Value").asText(),
                    attribute.path("Format").asText());
            if (kind != null) {
                days.put(attribute.path("LogicalName").asText(), kind);
            }
        }
        return new ColumnTypes(attributes, days, zone, new Lookups(this::navigations), this::options);
    }

    /** Null for a column that holds points in time. */
    private static Days days(String behaviour, String format) {
        if (behaviour.equals("DateOnly")) {
            return Days.PLAIN;
        }
        if (!format.equals("DateOnly")) {
            return null;
        }
        return behaviour.equals("TimeZoneIndependent") ? Days.INDEPENDENT : Days.LOCAL;
    }

    /** Ways to the rows of other tables, by logical name of the lookup that leads to rows of that one table only. */
    private Map<String, Navigation> navigations() {
        Map<String, String> entitySets = new HashMap<>();
        for (JsonNode other : all("EntityDefinitions?$select=LogicalName,EntitySetName")) {
            entitySets.put(
                    other.path("LogicalName").asText(),
                    other.path("EntitySetName").asText());
        }
        Map<String, Navigation> navigations = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        for (JsonNode way : all(
                definition()
                        + "/ManyToOneRelationships?$select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName")) {
            String lookup = way.path("ReferencingAttribute").asText();
            Navigation navigation = new Navigation(
                    way.path("ReferencingEntityNavigationPropertyName").asText(),
                    entitySets.getOrDefault(way.path("ReferencedEntity").asText(), ""));
            if (navigations.put(lookup, navigation) != null
                    || navigation.entitySet().isEmpty()) {
                ambiguous.add(lookup);
            }
        }
        navigations.keySet().removeAll(ambiguous);
        return navigations;
    }

    /** Schema name, which privileges are named after, of the table with an entity set. */
    String schemaName(String entitySet) {
        for (JsonNode other : all("EntityDefinitions?$select=SchemaName,EntitySetName")) {
            if (other.path("EntitySetName").asText().equals(entitySet)) {
                return other.path("SchemaName").asText();
            }
        }
        return entitySet;
    }

    /** The state that each status belongs to. */
    Map<Integer, Integer> stateOfStatus() {
        Map<Integer, Integer> states = new HashMap<>();
        for (JsonNode attribute : attributes(
                "/" + TYPE + "StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)")) {
            for (JsonNode option : attribute.path("OptionSet").path("Options")) {
                states.put(option.path("Value").asInt(), option.path("State").asInt());
            }
        }
        return states;
    }

    /**
     * Those of the columns whose values a masking rule hides: they are read as masked text, whatever the user may see, unless a
     * request says {@code UnMaskedData=true} (Dataverse documentation, "Column-level security with code"). Where the rules may not be
     * read, every secured column counts, because it may have one. Comes after {@link #columns}.
     */
    Set<String> masked(Collection<String> columns) {
        Set<String> masked = columns.stream()
                .filter(column -> secured.contains(ColumnTypes.attribute(column)))
                .collect(Collectors.toCollection(TreeSet::new));
        if (masked.isEmpty()) {
            return masked;
        }
        Set<String> ruled = new HashSet<>();
        try {
            for (JsonNode rule : all("attributemaskingrules?$select=attributelogicalname&$filter="
                    + OData.encode("entityname eq " + OData.literal(table.logicalName())))) {
                ruled.add(rule.path("attributelogicalname").asText());
            }
        } catch (DataverseException e) {
            if (e.kind() == AnswerKind.GONE) {
                // The environment knows no masking.
                return Set.of();
            }
            return masked;
        } catch (SettingException e) {
            return masked;
        }
        masked.removeIf(column -> !ruled.contains(ColumnTypes.attribute(column)));
        return masked;
    }

    /** What to do about masked columns. */
    static String maskedMessage(Collection<String> columns) {
        return "Values of " + String.join(", ", columns)
                + " are masked when they are read, or may be where the application user cannot read the table"
                + " attributemaskingrule; a masked value would overwrite the real one: take the column out, or remove its masking"
                + " rule";
    }

    /** The columns with column-level security. */
    SecuredColumns securedColumns() {
        Map<String, Set<String>> names = new HashMap<>();
        for (JsonNode attribute : attributes("?$select=LogicalName,SchemaName,DisplayName,IsSecured")) {
            if (attribute.path("IsSecured").asBoolean()) {
                String name = attribute.path("LogicalName").asText();
                Set<String> all =
                        new HashSet<>(Set.of(name, attribute.path("SchemaName").asText()));
                attribute
                        .path("DisplayName")
                        .path("LocalizedLabels")
                        .forEach(label -> all.add(label.path("Label").asText()));
                names.put(name, all);
            }
        }
        return new SecuredColumns(names);
    }

    /** Most characters that a column for a single line of text holds. */
    int maxLength(String column) {
        return api.get(definition() + "/Attributes(LogicalName='" + column + "')/" + TYPE
                        + "StringAttributeMetadata?$select=MaxLength")
                .path("MaxLength")
                .asInt();
    }

    /** Values by label in lower case, in all languages of the environment, by column. */
    private Map<String, Map<String, Integer>> options() {
        Map<String, Map<String, Integer>> columns = new HashMap<>();
        for (String kind : List.of("Picklist", ColumnTypes.MULTIPLE, "State", "Status", "Boolean")) {
            String options = kind.equals("Boolean") ? "TrueOption,FalseOption" : "Options";
            // A global choice leaves the column's own set empty.
            String path = "/" + TYPE + kind + "AttributeMetadata?$select=LogicalName&$expand=OptionSet($select="
                    + options + "),GlobalOptionSet($select=" + options + ")";
            for (JsonNode attribute : attributes(path)) {
                Map<String, Integer> values = new HashMap<>();
                for (String set : List.of("OptionSet", "GlobalOptionSet")) {
                    attribute.path(set).path("Options").forEach(option -> labels(option, values));
                    labels(attribute.path(set).path("TrueOption"), values);
                    labels(attribute.path(set).path("FalseOption"), values);
                }
                columns.put(attribute.path("LogicalName").asText(), values);
            }
        }
        return columns;
    }

    private static void labels(JsonNode option, Map<String, Integer> values) {
        for (JsonNode label : option.path("Label").path("LocalizedLabels")) {
            values.putIfAbsent(
                    Blanks.strip(label.path("Label").asText()).toLowerCase(Locale.ROOT),
                    option.path("Value").asInt());
        }
    }

    private List<JsonNode> attributes(String query) {
        return all(definition() + "/Attributes" + query);
    }

    private List<JsonNode> all(String path) {
        List<JsonNode> all = new ArrayList<>();
        JsonNode page = api.get(path);
        while (true) {
            page.path("value").forEach(all::add);
            String next = page.path("@odata.nextLink").asText(null);
            if (next == null) {
                return all;
            }
            page = api.follow(next);
        }
    }

    private String definition() {
        return "EntityDefinitions(LogicalName='" + table.logicalName() + "')";
    }
}
