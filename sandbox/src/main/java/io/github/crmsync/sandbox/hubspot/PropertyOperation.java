package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a list filter asks of one property: of its value, or of all that it ever was.
 *
 * @see <a href="https://developers.hubspot.com/docs/api/crm/list-filters-definitions">Property operations</a>
 */
final class PropertyOperation {
    private static final String EVER = "HAS_EVER_";
    private static final String NEVER = "HAS_NEVER_";
    private static final Set<String> TIMES = Set.of("TIME_POINT", "TIME_RANGED", "ROLLING_DATE_RANGE", "DATETIME");
    private static final Map<String, List<String>> PROPERTY_TYPES = Map.of(
            "STRING", List.of("string", "phone_number"),
            "MULTISTRING", List.of("string", "phone_number"),
            "NUMBER", List.of("number"),
            "NUMBER_RANGED", List.of("number"),
            "BOOL", List.of("bool"),
            "ENUMERATION", List.of("enumeration"));

    private final PropertyDefinition definition;
    private final ContactStore store;
    private final String type;
    private final String operator;
    private final boolean withoutValue;
    private final Predicate<String> test;
    private final TimeTest timeTest;

    static PropertyOperation of(JsonNode node, PropertyDefinition definition, ContactStore store) {
        return new PropertyOperation(node, definition, store);
    }

    private PropertyOperation(JsonNode node, PropertyDefinition definition, ContactStore store) {
        this.definition = definition;
        this.store = store;
        type = node.path("operationType").asText().toUpperCase(Locale.ROOT);
        operator = node.path("operator").asText();
        withoutValue = node.path("includeObjectsWithNoValueSet").asBoolean(false);
        List<String> types = TIMES.contains(type) ? List.of("date", "datetime") : PROPERTY_TYPES.get(type);
        boolean ofUpdate = node.path("propertyParser").asText().startsWith("UPDATED");
        if (types != null && !ofUpdate && !types.contains(definition.type())) {
            throw ApiException.validation("An operation of type " + type + " does not fit property " + definition.name()
                    + " of type " + definition.type());
        }
        if (isOfHistory() && definition.calculated()) {
            throw unknown();
        }
        timeTest = TIMES.contains(type) ? TimeTest.of(node, type, operator) : null;
        test = timeTest == null ? valueTest(node) : value -> false;
    }

    /** Whether time alone can change the answer. */
    boolean drifts() {
        return timeTest != null && timeTest.drifts();
    }

    boolean test(Contact contact, long nowMs) {
        if (type.equals("ALL_PROPERTY")) {
            return (contact.get(definition.name()) != null) == operator.equals("IS_KNOWN");
        }
        if (timeTest != null && timeTest.ofUpdate()) {
            List<PropertyHistory.Version> history = store.history().of(contact, definition.name());
            return history.isEmpty()
                    ? withoutValue
                    : timeTest.test(history.get(0).atMs(), contact, nowMs);
        }
        if (isOfHistory()) {
            boolean ever = store.history().of(contact, definition.name()).stream()
                    .map(PropertyHistory.Version::value)
                    .anyMatch(value -> !value.isEmpty() && test.test(value));
            return ever == operator.startsWith(EVER);
        }
        String value = contact.get(definition.name());
        if (value == null) {
            return withoutValue;
        }
        return timeTest == null ? test.test(value) : timeTest.test(TimeTest.ms(value), contact, nowMs);
    }

    private boolean isOfHistory() {
        return operator.startsWith(EVER) || operator.startsWith(NEVER);
    }

    private ApiException unknown() {
        return ApiException.validation(
                "Operator " + operator + " is not one of operations of type " + type + " on " + definition.name());
    }

    private Predicate<String> valueTest(JsonNode node) {
        switch (type) {
            case "ALL_PROPERTY":
                if (!operator.equals("IS_KNOWN") && !operator.equals("IS_UNKNOWN")) {
                    throw unknown();
                }
                return value -> true;
            case "STRING":
                return ofText(List.of(required(node, "value").asText()));
            case "MULTISTRING":
                return ofText(Bodies.texts(required(node, "values")));
            case "NUMBER":
                return ofNumber(number(node, "value"));
            case "NUMBER_RANGED":
                return ofRange(number(node, "lowerBound"), number(node, "upperBound"));
            case "BOOL":
                boolean wanted = required(node, "value").asBoolean();
                return negated("IS_NOT_EQUAL_TO", "IS_EQUAL_TO", value -> Boolean.parseBoolean(value) == wanted);
            case "ENUMERATION":
                return ofOptions(new HashSet<>(Bodies.texts(required(node, "values"))));
            default:
                throw ApiException.validation("Unknown or unsupported operationType: " + type);
        }
    }

    private static JsonNode required(JsonNode node, String name) {
        if (!node.hasNonNull(name)) {
            throw ApiException.validation("A filter operation lacks " + name);
        }
        return node.get(name);
    }

    private static double number(JsonNode node, String name) {
        JsonNode value = required(node, name);
        if (!value.isNumber()) {
            throw ApiException.validation(name + " of a filter operation must be a number");
        }
        return value.asDouble();
    }

    /** The operator without what makes it one about the past. */
    private String plain() {
        return isOfHistory()
                ? operator.substring(operator.startsWith(EVER) ? EVER.length() : NEVER.length())
                : operator;
    }

    private Predicate<String> negated(String negative, String positive, Predicate<String> isPositive) {
        String plain = plain();
        if (plain.equals(positive) || plain.equals("BEEN_EQUAL_TO")) {
            return isPositive;
        }
        if (plain.equals(negative)) {
            return isPositive.negate();
        }
        throw unknown();
    }

    /** Text is compared without regard to case. */
    private Predicate<String> ofText(List<String> raw) {
        List<String> wanted =
                raw.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
        Predicate<String> equal = value -> wanted.contains(value.toLowerCase(Locale.ROOT));
        Predicate<String> contains = value ->
                wanted.stream().anyMatch(text -> value.toLowerCase(Locale.ROOT).contains(text));
        return switch (plain()) {
            case "IS_EQUAL_TO", "BEEN_EQUAL_TO" -> equal;
            case "IS_NOT_EQUAL_TO" -> equal.negate();
            case "CONTAINS", "CONTAINED" -> contains;
            case "DOES_NOT_CONTAIN" -> contains.negate();
            case "STARTS_WITH" ->
                value -> wanted.stream()
                        .anyMatch(text -> value.toLowerCase(Locale.ROOT).startsWith(text));
            case "ENDS_WITH" ->
                value -> wanted.stream()
                        .anyMatch(text -> value.toLowerCase(Locale.ROOT).endsWith(text));
            default -> throw unknown();
        };
    }

    private Predicate<String> ofNumber(double wanted) {
        return switch (plain()) {
            case "IS_EQUAL_TO", "BEEN_EQUAL_TO" -> value -> Double.parseDouble(value) == wanted;
            case "IS_NOT_EQUAL_TO" -> value -> Double.parseDouble(value) != wanted;
            case "IS_GREATER_THAN" -> value -> Double.parseDouble(value) > wanted;
            case "IS_GREATER_THAN_OR_EQUAL_TO" -> value -> Double.parseDouble(value) >= wanted;
            case "IS_LESS_THAN" -> value -> Double.parseDouble(value) < wanted;
            case "IS_LESS_THAN_OR_EQUAL_TO" -> value -> Double.parseDouble(value) <= wanted;
            default -> throw unknown();
        };
    }

    private Predicate<String> ofRange(double low, double high) {
        return negated(
                "IS_NOT_BETWEEN",
                "IS_BETWEEN",
                value -> Double.parseDouble(value) >= low && Double.parseDouble(value) <= high);
    }

    private Predicate<String> ofOptions(Set<String> wanted) {
        Predicate<String> any = value -> options(value).stream().anyMatch(wanted::contains);
        Predicate<String> exactly = value -> options(value).equals(wanted);
        Predicate<String> all = value -> options(value).containsAll(wanted);
        return switch (plain()) {
            case "IS_ANY_OF", "BEEN_ANY_OF" -> any;
            case "IS_NONE_OF" -> any.negate();
            case "IS_EXACTLY", "BEEN_EXACTLY" -> exactly;
            case "IS_NOT_EXACTLY" -> exactly.negate();
            case "CONTAINS_ALL", "CONTAINED_ALL" -> all;
            case "DOES_NOT_CONTAIN_ALL" -> all.negate();
            default -> throw unknown();
        };
    }

    private static Set<String> options(String value) {
        return new HashSet<>(Arrays.asList(value.split(";")));
    }
}
