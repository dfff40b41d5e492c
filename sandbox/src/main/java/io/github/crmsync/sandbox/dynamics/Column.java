package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One column of a table.
 *
 * @param name property name in the API; lookups have the form {@code _x_value}
 * @param ordinal position of the value in a row
 * @param maxLength length limit of text columns, 0 for others
 * @param options labels by value of choice columns
 * @param stateOf owning state by value of a status column
 * @param defaultValue value given to new rows, or null
 * @param target table a lookup points to, or null
 */
record Column(
        String name,
        int ordinal,
        ColumnType type,
        boolean creatable,
        boolean updatable,
        int maxLength,
        double minimum,
        double maximum,
        Map<Integer, String> options,
        Map<Integer, Integer> stateOf,
        Object defaultValue,
        String target) {

    /** Reads a definition line: name, type, access and type specific arguments. */
    static Column parse(String line, int ordinal, String self) {
        String[] words = line.trim().split("\\s+", 4);
        ColumnType type = ColumnType.valueOf(words[1].toUpperCase(java.util.Locale.ROOT));
        String access = words[2];
        String rest = words.length > 3 ? words[3] : "";
        int length = 0;
        double minimum = -Double.MAX_VALUE;
        double maximum = Double.MAX_VALUE;
        Object defaultValue = null;
        String target = null;
        Map<Integer, String> options = new TreeMap<>();
        Map<Integer, Integer> states = new TreeMap<>();
        switch (type) {
            case STRING, MEMO -> length = Integer.parseInt(rest);
            case BOOLEAN -> defaultValue = Boolean.valueOf(rest);
            case LOOKUP -> target = rest.equals("self") ? self : rest;
            case INTEGER, DOUBLE, MONEY -> {
                if (!rest.isEmpty()) {
                    String[] range = rest.split(" ");
                    minimum = Double.parseDouble(range[0]);
                    maximum = Double.parseDouble(range[1]);
                }
            }
            case CHOICE, STATE, STATUS -> {
                if (rest.startsWith("=")) {
                    int space = rest.indexOf(' ');
                    defaultValue = Integer.valueOf(rest.substring(1, space));
                    rest = rest.substring(space + 1);
                }
                readOptions(rest, options, states);
            }
            default -> {}
        }
        boolean creatable = access.equals("rw") || access.equals("create");
        boolean updatable = access.equals("rw") || access.equals("update");
        return new Column(
                words[0],
                ordinal,
                type,
                creatable,
                updatable,
                length,
                minimum,
                maximum,
                options,
                states,
                defaultValue,
                target);
    }

    private static void readOptions(String text, Map<Integer, String> options, Map<Integer, Integer> states) {
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

    /** Name in metadata: lookups are listed there without the decoration of the property name. */
    String logicalName() {
        return type == ColumnType.LOOKUP ? name.substring(1, name.length() - "_value".length()) : name;
    }

    /** Label shown for a value when formatted values are asked for, or null if the type has none. */
    String format(Object value) {
        if (value instanceof Integer option && type.isOption()) {
            return options.get(option);
        }
        if (value instanceof Boolean flag) {
            return flag ? "Yes" : "No";
        }
        return null;
    }

    List<Integer> optionValues() {
        return new ArrayList<>(options.keySet());
    }
}
