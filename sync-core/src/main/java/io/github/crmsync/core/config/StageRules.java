package io.github.crmsync.core.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads what the settings say of lifecycle stages: for the transform, and for the connectors that check it. */
public final class StageRules {
    /** HubSpot's own stages, earliest first. */
    public static final List<String> HUBSPOT_FUNNEL = List.of(
            "subscriber",
            "lead",
            "marketingqualifiedlead",
            "salesqualifiedlead",
            "opportunity",
            "customer",
            "evangelist",
            "other");

    private StageRules() {}

    /** The stage of records that have a value in a column; an empty value stands for an empty column. */
    public record Rule(String column, String value, String stage) {}

    /**
     * Rules, each {@code column=value:stage}.
     *
     * @throws IllegalArgumentException naming the item that cannot be read
     */
    public static List<Rule> rules(List<String> items) {
        return items.stream()
                .map(item -> {
                    int equals = item.indexOf('=');
                    int colon = item.lastIndexOf(':');
                    if (equals <= 0
                            || colon < equals
                            || item.substring(colon + 1).isBlank()) {
                        throw new IllegalArgumentException("'" + item + "' is not column=value:stage");
                    }
                    return new Rule(
                            item.substring(0, equals).strip(),
                            item.substring(equals + 1, colon).strip(),
                            item.substring(colon + 1).strip());
                })
                .toList();
    }

    /**
     * All stages by their internal names, earliest first.
     *
     * @throws IllegalArgumentException if there is none, or one twice
     */
    public static List<String> order(List<String> items) {
        Set<String> stages = new LinkedHashSet<>();
        for (String item : items) {
            if (item.isBlank()) {
                throw new IllegalArgumentException("a stage has no name");
            }
            if (!stages.add(item.strip())) {
                throw new IllegalArgumentException("stage '" + item + "' is listed twice");
            }
        }
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("at least one stage is needed");
        }
        return List.copyOf(stages);
    }

    /** What is wrong with a stage; null if nothing is. */
    public static String problem(String stage, List<String> order) {
        return order.contains(stage)
                ? null
                : "'" + stage + "' is not a stage of stage.order: " + String.join(", ", order)
                        + Names.hint(stage, order);
    }
}
