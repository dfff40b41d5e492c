package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.Decimals;
import io.github.crmsync.core.record.Times;
import io.github.crmsync.dynamics.Lookups.Navigation;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/**
 * Types of a table's columns, from its attribute metadata, and conversions between JSON and native values.
 *
 * <p>Native values are String, Integer, Long and Boolean. Decimals and money are plain decimal text, dates and times ISO
 * text: both survive converters without schemas.
 */
final class ColumnTypes {
    /** Annotation with the label of an option and the name of a lookup's row. */
    static final String FORMATTED = "OData.Community.Display.V1.FormattedValue";

    /** Annotation with the table of a lookup's row. */
    static final String LOOKED_UP = "Microsoft.Dynamics.CRM.lookuplogicalname";

    /** Dataverse documentation, "Behavior and format of the date and time column". */
    private static final String EARLIEST = "1753-01-01";

    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern MIDNIGHT = Pattern.compile("T00:00(:00(\\.0+)?)?$");
    private static final Pattern NUMBERS = Pattern.compile("[-\\d\\s,;]+");

    private static final Set<String> LOOKUPS = Set.of("Lookup", "Customer", "Owner");

    /**
     * What the metadata say of a column.
     *
     * @param type {@code AttributeType}, or {@link #MULTIPLE}
     */
    record Attribute(String type, boolean creatable, boolean updatable) {}

    /** Type of columns with several options at once, whose {@code AttributeType} is {@code Virtual}. */
    static final String MULTIPLE = "MultiSelectPicklist";

    /** What a date-time column holds besides points in time (Dataverse documentation, "Behavior and format"). */
    enum Days {
        /** Days without a time: behaviour DateOnly. */
        PLAIN,
        /** Days, stored as the moment in UTC at which they begin where the user is: behaviour UserLocal, format DateOnly. */
        LOCAL,
        /** Days, stored as midnight in UTC for everybody: behaviour TimeZoneIndependent, format DateOnly. */
        INDEPENDENT
    }

    private enum Kind {
        TEXT,
        DATE,
        LOCAL_DATE,
        INDEPENDENT_DATE,
        OPTIONS,
        TIME,
        LOOKUP,
        OPTION,
        INT,
        LONG,
        BOOLEAN,
        DECIMAL
    }

    private final Map<String, Attribute> attributes;
    private final Map<String, Days> days;
    private final ZoneId zone;
    private final Lookups lookups;
    private final Supplier<Map<String, Map<String, Integer>>> loadOptions;
    private Map<String, Map<String, Integer>> options;

    /**
     * @param attributes by logical name
     * @param days date-time attributes that hold days
     * @param zone in which days begin
     * @param options values by label in lower case, by name of the attribute; asked once, when a label comes
     */
    ColumnTypes(
            Map<String, Attribute> attributes,
            Map<String, Days> days,
            ZoneId zone,
            Lookups lookups,
            Supplier<Map<String, Map<String, Integer>>> options) {
        this.attributes = Map.copyOf(attributes);
        this.days = Map.copyOf(days);
        this.zone = zone;
        this.lookups = lookups;
        this.loadOptions = options;
    }

    /** Types in UTC.
     *
     * @param dateOnly date-time attributes that hold days without a time
     */
    ColumnTypes(
            Map<String, Attribute> attributes,
            Set<String> dateOnly,
            Lookups lookups,
            Supplier<Map<String, Map<String, Integer>>> options) {
        this(
                attributes,
                dateOnly.stream().collect(Collectors.toMap(name -> name, name -> Days.PLAIN)),
                ZoneOffset.UTC,
                lookups,
                options);
    }

    /** Logical names of all columns. */
    Set<String> names() {
        return attributes.keySet();
    }

    /** Those of the columns that the table does not have. */
    List<String> unknown(Collection<String> columns) {
        return columns.stream()
                .filter(column -> !attributes.containsKey(attribute(column)) && nameOf(column) == null)
                .toList();
    }

    /** The lookup whose row's name the column is, as {@code parentcustomeridname}; null if it is another kind of column. */
    String nameOf(String column) {
        String lookup = column.endsWith("name") ? column.substring(0, column.length() - "name".length()) : "";
        Attribute attribute = attributes.get(lookup);
        return attribute != null && LOOKUPS.contains(attribute.type()) ? "_" + lookup + "_value" : null;
    }

    /** Whether the column is the name of an account that a lookup leads to, so that a sink can find the account by it. */
    boolean isAccountName(String column) {
        String lookup = nameOf(column);
        Navigation navigation = lookup == null ? null : navigation(lookup);
        return navigation != null && navigation.entitySet().equals(Lookups.ACCOUNTS);
    }

    /** Entity set of the rows that a lookup leads to, or an account's name; null for other columns. */
    String leadsTo(String column) {
        if (isAccountName(column)) {
            return Lookups.ACCOUNTS;
        }
        Navigation navigation = kind(column) == Kind.LOOKUP ? navigation(column) : null;
        return navigation == null ? null : navigation.entitySet();
    }

    /** Whether the column is a lookup to an account or a contact, or the name of its row. */
    boolean isCustomer(String column) {
        String lookup = nameOf(column) == null ? column : nameOf(column);
        Attribute attribute = attributes.get(attribute(lookup));
        return attribute != null && attribute.type().equals("Customer");
    }

    /** Whether a row's customer, a column of which may be written as an account, is a row of another table. */
    boolean isOtherCustomer(JsonNode row, String column) {
        String lookup = nameOf(column) == null ? column : nameOf(column);
        String table = row.path(lookup + "@" + LOOKED_UP).asText("");
        return isCustomer(column) && !table.isEmpty() && !table.equals("account");
    }

    /** Columns to ask for: the name of a lookup's row comes as an annotation of the lookup. */
    List<String> selected(Collection<String> columns) {
        return columns.stream()
                .map(column -> nameOf(column) == null ? column : nameOf(column))
                .distinct()
                .toList();
    }

    /** Whether the column holds a single line of text. */
    boolean isText(String column) {
        Attribute attribute = attributes.get(column);
        return attribute != null && attribute.type().equals("String");
    }

    /** Whether values of the column have labels that can be shown instead. */
    boolean isOption(String column) {
        return kind(column) == Kind.OPTION || kind(column) == Kind.OPTIONS;
    }

    boolean isMultiple(String column) {
        return kind(column) == Kind.OPTIONS;
    }

    /** Whether a create, or else an update, may carry the column. */
    boolean writable(String column, boolean create) {
        if (nameOf(column) != null) {
            return isAccountName(column) && writable(nameOf(column), create);
        }
        Attribute attribute = attributes.get(attribute(column));
        if (attribute == null) {
            return false;
        }
        boolean valid = create ? attribute.creatable() : attribute.updatable();
        return valid && (kind(column) != Kind.LOOKUP || navigation(column) != null);
    }

    /** Null if the lookup cannot be written; owners are users and teams. */
    private Navigation navigation(String lookup) {
        String name = attribute(lookup);
        return attributes.get(name).type().equals("Owner") ? null : lookups.of(name);
    }

    /** Name of the property that a body carries the column's value in. */
    String property(String column) {
        if (isAccountName(column)) {
            return property(nameOf(column));
        }
        Navigation navigation = kind(column) == Kind.LOOKUP ? navigation(column) : null;
        return navigation == null ? column : navigation.property() + "@odata.bind";
    }

    /**
     * Schema of a record: all columns optional.
     *
     * @param labels whether options appear as their labels
     */
    Schema schema(String name, Collection<String> columns, boolean labels) {
        SchemaBuilder builder = SchemaBuilder.struct().name(name);
        for (String column : columns) {
            builder.field(
                    column,
                    switch (kind(column)) {
                        case INT -> Schema.OPTIONAL_INT32_SCHEMA;
                        case OPTION -> labels ? Schema.OPTIONAL_STRING_SCHEMA : Schema.OPTIONAL_INT32_SCHEMA;
                        case LONG -> Schema.OPTIONAL_INT64_SCHEMA;
                        case BOOLEAN -> Schema.OPTIONAL_BOOLEAN_SCHEMA;
                        default -> Schema.OPTIONAL_STRING_SCHEMA;
                    });
        }
        return builder.build();
    }

    /** Native value of a column of a row; null if it is empty. */
    Object value(JsonNode row, String column) {
        String lookup = nameOf(column);
        return lookup == null ? read(column, row.get(column)) : label(row, lookup);
    }

    /** Label of an option or name of a lookup's row, if it came along; else null. */
    static String label(JsonNode row, String column) {
        return row.path(column + "@" + FORMATTED).asText(null);
    }

    /** Native value of a column in an answer; null if it is empty. */
    Object read(String column, JsonNode node) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return null;
        }
        Object value = node.isNumber() ? node.decimalValue() : node.isBoolean() ? node.booleanValue() : node.asText();
        return convert(column, value);
    }

    /**
     * The value as the column's type; null for null and for blank text.
     *
     * @throws DataException if the column cannot hold it
     */
    Object convert(String column, Object value) {
        if (Blanks.isBlank(value)) {
            return null;
        }
        Kind kind = kind(column);
        try {
            return switch (kind) {
                case INT -> number(value).intValueExact();
                case OPTION -> option(column, value);
                case OPTIONS -> options(column, value);
                case DATE, LOCAL_DATE -> day(value, zone);
                case INDEPENDENT_DATE -> day(value, ZoneOffset.UTC);
                case TIME -> time(Blanks.strip(value));
                case LOOKUP -> lookup(value);
                case LONG -> number(value).longValueExact();
                case DECIMAL -> Decimals.canonical(number(value));
                case BOOLEAN -> bool(column, value);
                case TEXT -> value instanceof BigDecimal decimal ? Decimals.canonical(decimal) : value.toString();
            };
        } catch (ArithmeticException | IllegalArgumentException | DateTimeException e) {
            throw new DataException(
                    "Column " + column + " takes values of type "
                            + attributes.get(attribute(column)).type() + " only"
                            + (attributes.get(attribute(column)).type().equals("DateTime")
                                    ? ", from " + EARLIEST + " on"
                                    : ""),
                    e);
        }
    }

    /** JSON of a value that is about to be written: null clears the column. */
    JsonNode write(String column, Object value) {
        Object converted = convert(column, value);
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (converted == null) {
            return json.nullNode();
        }
        return switch (kind(column)) {
            case INT, OPTION -> json.numberNode((Integer) converted);
            case LONG -> json.numberNode((Long) converted);
            case BOOLEAN -> json.booleanNode((Boolean) converted);
            case DECIMAL -> json.numberNode(new BigDecimal((String) converted));
            case LOOKUP -> json.textNode(reference(column, (String) converted));
            case TEXT, DATE, TIME, OPTIONS -> json.textNode((String) converted);
            case LOCAL_DATE -> json.textNode(beginning((String) converted, zone));
            case INDEPENDENT_DATE -> json.textNode(beginning((String) converted, ZoneOffset.UTC));
        };
    }

    private Kind kind(String column) {
        String name = attribute(column);
        Attribute attribute = attributes.get(name);
        return switch (attribute == null ? "String" : attribute.type()) {
            case "Integer" -> Kind.INT;
            case "Picklist", "State", "Status" -> Kind.OPTION;
            case "BigInt" -> Kind.LONG;
            case "Boolean" -> Kind.BOOLEAN;
            case "Money", "Decimal", "Double" -> Kind.DECIMAL;
            case MULTIPLE -> Kind.OPTIONS;
            case "DateTime" -> days(name);
            case "Lookup", "Customer", "Owner" -> Kind.LOOKUP;
            default -> Kind.TEXT;
        };
    }

    private Kind days(String name) {
        Days kind = days.get(name);
        if (kind == null) {
            return Kind.TIME;
        }
        return switch (kind) {
            case PLAIN -> Kind.DATE;
            case LOCAL -> Kind.LOCAL_DATE;
            case INDEPENDENT -> Kind.INDEPENDENT_DATE;
        };
    }

    /** Several options' numbers in order, given as such with commas or semicolons, or by their labels with semicolons. */
    private String options(String column, Object value) {
        String text = Blanks.strip(value);
        String separator = NUMBERS.matcher(text).matches() ? "[,;]" : ";";
        Set<Integer> chosen = new TreeSet<>();
        for (String part : text.split(separator)) {
            if (!Blanks.isBlank(part)) {
                chosen.add(option(column, part));
            }
        }
        return chosen.isEmpty() ? null : chosen.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** An option's number, given as such or by its label in any language of the environment. */
    private Integer option(String column, Object value) {
        String text = Blanks.strip(value);
        if (text.matches("-?\\d{1,10}(\\.0+)?")) {
            return number(text).intValueExact();
        }
        Integer number = options().getOrDefault(attribute(column), Map.of()).get(text.toLowerCase(Locale.ROOT));
        if (number == null) {
            throw new IllegalArgumentException("no such option");
        }
        return number;
    }

    private synchronized Map<String, Map<String, Integer>> options() {
        if (options == null) {
            options = loadOptions.get();
        }
        return options;
    }

    /** A day as it is; of a time, the day in the zone. */
    private static String day(Object value, ZoneId zone) {
        // A midnight without an offset is the day itself.
        String text = MIDNIGHT.matcher(Blanks.strip(value)).replaceFirst("");
        return late((DAY.matcher(text).matches() ? LocalDate.parse(text) : Times.day(text, zone)).toString());
    }

    private static String beginning(String day, ZoneId zone) {
        return LocalDate.parse(day).atStartOfDay(zone).toInstant().toString();
    }

    /** A time as it is; a mere date means midnight. */
    private static String time(String text) {
        return late(DAY.matcher(text).matches() ? text + "T00:00:00Z" : text);
    }

    /** A date or time that is not too early. */
    private static String late(String iso) {
        if (iso.compareTo(EARLIEST) < 0) {
            throw new DateTimeException("before " + EARLIEST);
        }
        return iso;
    }

    private static String lookup(Object value) {
        String id = Ids.plain(value.toString());
        if (!Ids.valid(id)) {
            throw new IllegalArgumentException("not an id");
        }
        return id;
    }

    private String reference(String column, String id) {
        Navigation navigation = navigation(column);
        if (navigation == null) {
            throw new DataException("Lookup " + column + " cannot be written");
        }
        return "/" + navigation.entitySet() + "(" + id + ")";
    }

    /** Lookups are read as {@code _name_value}; their attribute is {@code name}. */
    static String attribute(String column) {
        return column.startsWith("_") && column.endsWith("_value")
                ? column.substring(1, column.length() - "_value".length())
                : column;
    }

    private static BigDecimal number(Object value) {
        return Decimals.parse(Blanks.strip(value));
    }

    /** A truth value, given as such, as a number, or by its label in any language of the environment. */
    private Boolean bool(String column, Object value) {
        String text = Blanks.strip(value);
        if (text.equalsIgnoreCase("true") || text.equals("1")) {
            return true;
        }
        if (text.equalsIgnoreCase("false") || text.equals("0")) {
            return false;
        }
        Integer number = options().getOrDefault(attribute(column), Map.of()).get(text.toLowerCase(Locale.ROOT));
        if (number == null) {
            throw new IllegalArgumentException("not a boolean");
        }
        return number == 1;
    }
}
