package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One condition of a search. Values of date and number properties are compared as numbers, others as text. */
final class SearchFilter {
    private static final Set<String> OPERATORS = Set.of(
            "EQ",
            "NEQ",
            "LT",
            "LTE",
            "GT",
            "GTE",
            "BETWEEN",
            "IN",
            "NOT_IN",
            "HAS_PROPERTY",
            "NOT_HAS_PROPERTY",
            "CONTAINS_TOKEN",
            "NOT_CONTAINS_TOKEN");

    final String property;
    final String operator;
    private final boolean numeric;
    private final boolean dates;
    private final boolean exactCase;
    private final List<String> values = new ArrayList<>();
    private long low = Long.MIN_VALUE;
    private long high = Long.MAX_VALUE;

    SearchFilter(JsonNode node, PropertyCatalog catalog) {
        property = node.path("propertyName").asText();
        operator = node.path("operator").asText();
        PropertyDefinition definition = catalog.live(property);
        if (definition == null) {
            throw ApiException.validation("There was a problem with the request: unknown property " + property);
        }
        if (!OPERATORS.contains(operator)) {
            throw ApiException.validation("There was a problem with the request: unknown operator " + operator);
        }
        dates = definition.type().startsWith("date");
        numeric = dates || definition.type().equals("number");
        exactCase = definition.type().equals("enumeration");
        readValues(node);
    }

    private void readValues(JsonNode node) {
        boolean list = operator.equals("IN") || operator.equals("NOT_IN");
        if (list) {
            values.addAll(Bodies.texts(node.path("values")));
        } else if (!operator.endsWith("HAS_PROPERTY")) {
            values.add(node.path("value").asText());
            if (operator.equals("BETWEEN")) {
                values.add(node.path("highValue").asText());
            }
        }
        if (values.stream().anyMatch(String::isEmpty) || (list && values.isEmpty())) {
            throw ApiException.validation("There was a problem with the request: value missing for " + operator);
        }
        if (property.equals("email") && operator.equals("EQ")) {
            low = SearchIndex.Key.hash(fold(values.get(0)));
            high = low;
        }
        if (numeric) {
            values.replaceAll(value -> Long.toString(toNumber(value)));
            readBounds();
        }
    }

    private void readBounds() {
        if (values.isEmpty()) {
            return;
        }
        long value = Long.parseLong(values.get(0));
        switch (operator) {
            case "EQ" -> {
                low = value;
                high = value;
            }
            case "GT" -> low = value + 1;
            case "GTE" -> low = value;
            case "LT" -> high = value - 1;
            case "LTE" -> high = value;
            case "BETWEEN" -> {
                low = value;
                high = Long.parseLong(values.get(1));
            }
            default -> {}
        }
    }

    private long toNumber(String text) {
        try {
            if (text.matches("-?\\d+")) {
                return Long.parseLong(text);
            }
            return dates ? OffsetDateTime.parse(text).toInstant().toEpochMilli() : (long) Double.parseDouble(text);
        } catch (DateTimeException | NumberFormatException malformed) {
            throw ApiException.validation("There was a problem with the request: " + text + " for " + property);
        }
    }

    /** Lowest key that can match, see {@link SearchIndex.Key}. */
    long low() {
        return low;
    }

    long high() {
        return high;
    }

    /** Whether exactly the contacts with the property's value from {@link #low} to {@link #high} match. */
    boolean isRange() {
        return switch (operator) {
            case "EQ", "GT", "GTE", "LT", "LTE", "BETWEEN" -> numeric;
            default -> false;
        };
    }

    boolean matches(Contact contact) {
        if (property.equals("hs_lastmodifieddate")) {
            return false;
        }
        if (property.equals("lastmodifieddate")) {
            return matches(contact.modifiedMs());
        }
        if (property.equals("createdate")) {
            return matches(contact.createdMs());
        }
        if (property.equals("hs_object_id")) {
            return matches(contact.id());
        }
        String actual = contact.get(property);
        if (actual == null) {
            return operator.startsWith("N");
        }
        return numeric
                ? matches(toNumber(dates && actual.length() == 10 ? actual + "T00:00:00Z" : actual))
                : text(actual);
    }

    private boolean matches(long actual) {
        return switch (operator) {
            case "IN" -> values.contains(Long.toString(actual));
            case "NOT_IN", "NEQ" -> !values.contains(Long.toString(actual));
            case "HAS_PROPERTY" -> true;
            case "NOT_HAS_PROPERTY" -> false;
            case "CONTAINS_TOKEN" -> values.contains(Long.toString(actual));
            case "NOT_CONTAINS_TOKEN" -> !values.contains(Long.toString(actual));
            default -> actual >= low && actual <= high;
        };
    }

    private boolean text(String stored) {
        String actual = fold(stored);
        return switch (operator) {
            case "HAS_PROPERTY" -> true;
            case "NOT_HAS_PROPERTY" -> false;
            case "EQ" -> actual.equals(fold(values.get(0)));
            case "NEQ" -> !actual.equals(fold(values.get(0)));
            case "LT" -> actual.compareTo(fold(values.get(0))) < 0;
            case "LTE" -> actual.compareTo(fold(values.get(0))) <= 0;
            case "GT" -> actual.compareTo(fold(values.get(0))) > 0;
            case "GTE" -> actual.compareTo(fold(values.get(0))) >= 0;
            case "BETWEEN" -> actual.compareTo(fold(values.get(0))) >= 0 && actual.compareTo(fold(values.get(1))) <= 0;
            case "IN" -> values.contains(actual);
            case "NOT_IN" -> !values.contains(actual);
            case "CONTAINS_TOKEN" -> hasToken(actual);
            default -> !hasToken(actual);
        };
    }

    private String fold(String value) {
        return exactCase ? value : value.toLowerCase(Locale.ROOT);
    }

    private boolean hasToken(String actual) {
        String wanted = fold(values.get(0));
        if (wanted.equals(actual)) {
            return true;
        }
        String regex = ("\\Q" + wanted.replace("\\E", "") + "\\E").replace("*", "\\E.*\\Q");
        for (String token : actual.split("[\\s;,@.]+")) {
            if (token.matches(regex)) {
                return true;
            }
        }
        return actual.contains(";") && List.of(actual.split(";")).contains(wanted);
    }
}
