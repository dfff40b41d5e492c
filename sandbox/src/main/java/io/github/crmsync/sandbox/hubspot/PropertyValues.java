package io.github.crmsync.sandbox.hubspot;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Which texts are values of which types, and how they are stored. */
final class PropertyValues {
    /** A value that the service does not take. */
    static final class Refused extends Exception {
        private final String code;

        Refused(String code, String message) {
            super(message);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    private static final long DAY_MS = 86_400_000;

    private PropertyValues() {}

    /** The stored form of a value that is not empty; {@code existing} is null for a new contact. */
    static String stored(PropertyDefinition definition, String value, Contact existing) throws Refused {
        switch (definition.type()) {
            case "enumeration":
                return definition.fieldType().equals("checkbox")
                        ? severalOptions(definition, value, existing)
                        : option(definition, value);
            case "bool":
                if (!value.equals("true") && !value.equals("false")) {
                    throw notAllowed(value, List.of("true", "false"));
                }
                return value;
            case "number":
                if (!value.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")) {
                    throw new Refused("INVALID_INTEGER", value + " was not a valid number");
                }
                return value;
            case "date":
                return date(value);
            case "datetime":
                return dateTime(value);
            default:
                return value;
        }
    }

    /** The value, if it is one of the options. */
    static String option(PropertyDefinition definition, String value) throws Refused {
        if (!definition.values().contains(value)) {
            throw notAllowed(value, definition.values());
        }
        return value;
    }

    private static String severalOptions(PropertyDefinition definition, String value, Contact existing) throws Refused {
        List<String> chosen = new ArrayList<>();
        String before = existing == null ? null : existing.get(definition.name());
        if (value.startsWith(";") && before != null) {
            chosen.addAll(List.of(before.split(";")));
        }
        for (String one : value.split(";")) {
            if (!one.isEmpty() && !chosen.contains(option(definition, one))) {
                chosen.add(one);
            }
        }
        return String.join(";", chosen);
    }

    private static Refused notAllowed(String value, List<String> allowed) {
        return new Refused("INVALID_OPTION", value + " was not one of the allowed options: " + allowed);
    }

    private static String date(String value) throws Refused {
        try {
            if (!value.matches("-?\\d+")) {
                return LocalDate.parse(value).toString();
            }
            long ms = Long.parseLong(value);
            if (Math.floorMod(ms, DAY_MS) == 0) {
                return Instant.ofEpochMilli(ms)
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDate()
                        .toString();
            }
        } catch (DateTimeException | NumberFormatException malformed) {
            throw new Refused("INVALID_DATE", value + " was not a valid date: " + malformed.getMessage());
        }
        throw new Refused("INVALID_DATE", value + " is at a time of day other than midnight UTC");
    }

    private static String dateTime(String value) throws Refused {
        try {
            long ms = value.matches("-?\\d+")
                    ? Long.parseLong(value)
                    : OffsetDateTime.parse(value).toInstant().toEpochMilli();
            return Contact.iso(ms);
        } catch (DateTimeException | NumberFormatException malformed) {
            throw new Refused("INVALID_DATE", value + " was not a valid date and time");
        }
    }
}
