package io.github.crmsync.sandbox.dynamics;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One column of a table.
 *
 * @param schemaName name as its author wrote it; the logical name is the same in lower case
 * @param name property name in the API; lookups have the form {@code _x_value}
 * @param ordinal position of the value in a row
 * @param required {@code None}, {@code Recommended}, {@code ApplicationRequired} or {@code SystemRequired}
 * @param indexed whether rows are found by this column without reading all of them
 * @param maxLength length limit of text columns, 0 for others
 * @param format format name in metadata, or an empty text
 * @param options labels by value of choice and boolean columns
 * @param global whether the options are a global choice, which other columns may use as well
 * @param stateOf owning state by value of a status column
 * @param defaultValue value given to new rows, or null
 * @param targets what a lookup can point to
 */
record Column(
        String schemaName,
        String name,
        int ordinal,
        ColumnType type,
        boolean creatable,
        boolean updatable,
        String required,
        boolean indexed,
        int maxLength,
        double minimum,
        double maximum,
        String format,
        Map<Integer, String> options,
        boolean global,
        Map<Integer, Integer> stateOf,
        Object defaultValue,
        List<Target> targets) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("M/d/yyyy", Locale.US);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("M/d/yyyy h:mm a", Locale.US);

    /**
     * A table that a lookup can point to.
     *
     * @param navigation name of the navigation property to it, empty if the model has none
     * @param partner name of the collection on its side, empty if the model has none
     */
    record Target(String table, String navigation, String partner) {
        static Target parse(String word) {
            String[] parts = word.split(":", -1);
            return parts.length < 3 ? new Target(parts[0], "", "") : new Target(parts[0], parts[1], parts[2]);
        }
    }

    /**
     * Reads a definition line: schema name, type, access and arguments of the type. Access is {@code ro}, {@code rw},
     * {@code create} or {@code update}, then {@code ?}, {@code !} or {@code *} for the required level (recommended,
     * application, system) and {@code +} for an index.
     */
    static Column parse(String line, int ordinal) {
        String[] words = line.trim().split("\\s+", 4);
        ColumnType type = ColumnType.of(words[1]);
        String flags = words[2].replaceAll("\\w", "");
        String access = words[2].replaceAll("\\W", "");
        String rest = words.length > 3 ? words[3] : "";
        int length = 0;
        double minimum = -Double.MAX_VALUE;
        double maximum = Double.MAX_VALUE;
        String format = "";
        boolean global = false;
        Object defaultValue = null;
        Map<Integer, String> options = new TreeMap<>();
        Map<Integer, Integer> states = new TreeMap<>();
        List<Target> targets = new ArrayList<>();
        switch (type) {
            case STRING, MEMO -> {
                String[] size = rest.split(" ");
                length = size[0].isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(size[0]);
                format = size.length > 1 ? size[1] : "Text";
            }
            case INTEGER, DOUBLE, DECIMAL, MONEY -> {
                if (!rest.isEmpty()) {
                    String[] range = rest.split(" ");
                    minimum = Double.parseDouble(range[0]);
                    maximum = Double.parseDouble(range[1]);
                }
            }
            case DATETIME -> format = rest;
            case CHOICE, CHOICES, STATE, STATUS, BOOLEAN -> {
                global = rest.startsWith("global ");
                rest = global ? rest.substring("global ".length()) : rest;
                if (rest.startsWith("=")) {
                    int space = rest.indexOf(' ');
                    String text = rest.substring(1, space < 0 ? rest.length() : space);
                    defaultValue = Values.parse(type, text);
                    rest = space < 0 ? "" : rest.substring(space + 1);
                }
                readOptions(rest, options, states);
            }
            case LOOKUP, CUSTOMER, OWNER -> {
                for (String word : rest.split(" ")) {
                    targets.add(Target.parse(word));
                }
            }
            default -> {}
        }
        String logicalName = words[0].toLowerCase(Locale.ROOT);
        return new Column(
                words[0],
                type.isLookup() ? "_" + logicalName + "_value" : logicalName,
                ordinal,
                type,
                access.equals("rw") || access.equals("create"),
                access.equals("rw") || access.equals("update"),
                flags.contains("*")
                        ? "SystemRequired"
                        : flags.contains("!") ? "ApplicationRequired" : flags.contains("?") ? "Recommended" : "None",
                flags.contains("+"),
                length,
                minimum,
                maximum,
                format,
                options,
                global,
                states,
                defaultValue,
                List.copyOf(targets));
    }

    /** A property of a metadata type: read-only, with its name as it is. */
    static Column property(String name, ColumnType type, int ordinal) {
        return new Column(
                name,
                name,
                ordinal,
                type,
                false,
                false,
                "None",
                false,
                Integer.MAX_VALUE,
                -Double.MAX_VALUE,
                Double.MAX_VALUE,
                "",
                Map.of(),
                false,
                Map.of(),
                null,
                List.of());
    }

    private static void readOptions(String text, Map<Integer, String> options, Map<Integer, Integer> states) {
        if (text.isEmpty()) {
            return;
        }
        for (String option : text.split("\\|")) {
            int space = option.indexOf(' ');
            Integer value = Integer.valueOf(option.substring(0, space));
            String label = option.substring(space + 1);
            int at = label.indexOf('@');
            if (at >= 0) {
                states.put(value, Integer.valueOf(label.substring(at + 1)));
                label = label.substring(0, at);
            }
            options.put(value, label);
        }
    }

    /** Columns are put into sets with every query; their names differ. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** Name in metadata: lookups are listed there without the decoration of the property name. */
    String logicalName() {
        return type.isLookup() ? name.substring(1, name.length() - "_value".length()) : name;
    }

    /** Whether some navigation property sets this lookup. */
    boolean bindable() {
        return targets.stream().anyMatch(target -> !target.navigation().isEmpty());
    }

    /** Label shown for a value when formatted values are asked for, or null if the type has none. */
    String format(Object value) {
        if (value instanceof Integer option && type.isOption()) {
            return options.get(option);
        }
        if (value instanceof String chosen && type == ColumnType.CHOICES) {
            return Stream.of(chosen.split(","))
                    .map(option -> options.get(Integer.valueOf(option)))
                    .collect(Collectors.joining("; "));
        }
        if (value instanceof Boolean flag) {
            return options.getOrDefault(flag ? 1 : 0, flag ? "Yes" : "No");
        }
        if (value instanceof LocalDate date) {
            return DATE.format(date);
        }
        if (value instanceof Instant time) {
            return (format.equals("DateOnly") ? DATE : TIME).format(time.atZone(ZoneOffset.UTC));
        }
        if (value instanceof BigDecimal amount && type == ColumnType.MONEY) {
            return String.format(Locale.US, "€%,.2f", amount);
        }
        return null;
    }

    List<Integer> optionValues() {
        return new ArrayList<>(options.keySet());
    }
}
