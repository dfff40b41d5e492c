package io.github.crmsync.core.config;

import io.github.crmsync.core.record.MergePolicy.Restrictive;
import io.github.crmsync.core.record.MergePolicy.Rule;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the settings say of conflicts by field: for the transform, and for the connectors that check it. */
public final class MergeRules {
    private static final Pattern FIELD = Pattern.compile("[^\\s~=<>,:]+~[^\\s~=<>,:]+");
    private static final String RULES = "hubspot, dynamics, hubspot-always, dynamics-always, newest, hold,"
            + " restrictive(value), restrictive(hubspotValue=dynamicsValue), never, default";
    private static final Pattern RESTRICTIVE =
            Pattern.compile("restrictive\\(\\s*([^=()]+?)\\s*(?:=\\s*([^=()]+?)\\s*)?\\)");

    private MergeRules() {}

    /** A field's rule, with the value of a restrictive one; null for the others. */
    public record FieldRule(Rule rule, Restrictive value) {}

    /**
     * Rules by canonical field name, each {@code hubspotProperty~dynamicsColumn=rule}.
     *
     * @throws IllegalArgumentException naming the item that cannot be read
     */
    public static Map<String, FieldRule> rules(List<String> items) {
        Map<String, FieldRule> rules = new LinkedHashMap<>();
        for (String item : items) {
            int equals = item.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + item + "' is not hubspotProperty~dynamicsColumn=rule");
            }
            String field = field(item.substring(0, equals).strip());
            if (rules.put(field, rule(item.substring(equals + 1).strip())) != null) {
                throw new IllegalArgumentException("two rules for " + field);
            }
        }
        return rules;
    }

    private static FieldRule rule(String text) {
        Matcher restrictive = RESTRICTIVE.matcher(text);
        if (restrictive.matches()) {
            String inHubspot = restrictive.group(1);
            String inDynamics = restrictive.group(2);
            return new FieldRule(
                    Rule.RESTRICTIVE, new Restrictive(inHubspot, inDynamics == null ? inHubspot : inDynamics));
        }
        for (Rule rule : Rule.values()) {
            if (rule.text().equals(text) && rule != Rule.RESTRICTIVE) {
                return new FieldRule(rule, null);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a rule: must be one of " + RULES);
    }

    /**
     * Canonical names of fields.
     *
     * @throws IllegalArgumentException naming the one that cannot be read
     */
    public static Set<String> fields(List<String> items) {
        Set<String> fields = new LinkedHashSet<>();
        items.forEach(item -> fields.add(field(item.strip())));
        return fields;
    }

    private static String field(String text) {
        if (!FIELD.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a field name hubspotProperty~dynamicsColumn");
        }
        return text;
    }
}
