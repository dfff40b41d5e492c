package io.github.crmsync.core.identity;

import io.github.crmsync.core.config.MappingItem;
import io.github.crmsync.core.config.TransformChain;
import io.github.crmsync.core.config.TransformChain.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The settings that both sinks of a sync must share, by name, as a person wrote them: where they differ, one side would undo, or
 * never bring, what the other does.
 *
 * <p>They are read from the connector's own {@code transforms.*}, with the code that the transforms use. Lists are put in
 * order, defaults are filled in, and a mapping counts field by field, so that two texts that mean the same do not differ.
 */
public final class SharedSettings {
    private static final String ONE_WAY = "one-way";
    private static final String UNSET = "";
    /**
     * Settings of FieldMapping that say which fields it maps, that concern one direction only, or that any transform has. All
     * others, also those that it may get, tell what a value means.
     */
    private static final Set<String> OF_ONE_SIDE = Set.of(
            "mapping", "mapping.add", "mapping.remove", "source.app", "unknown.option", "type", "predicate", "negate");

    private final Map<String, String> values;

    private SharedSettings(Map<String, String> values) {
        this.values = new TreeMap<>(values);
        this.values.values().removeIf(String::isEmpty);
    }

    /** As noted in the ledger before. */
    static SharedSettings noted(Map<String, String> values) {
        return new SharedSettings(values);
    }

    /** Those of a connector's configuration. */
    public static SharedSettings of(Map<String, String> connector) {
        TransformChain chain = TransformChain.of(connector);
        Map<String, String> values = new TreeMap<>();
        values.put("direction", ONE_WAY);
        first(chain, TransformChain.CONFLICT_MERGE).ifPresent(merge -> merge(values, merge));
        first(chain, TransformChain.FIELD_MAPPING).ifPresent(mapping -> mapping(values, mapping));
        first(chain, TransformChain.EMAIL_DEDUP)
                .ifPresent(email -> values.put("on.invalid", email.text("on.invalid", "exclude")));
        values.put("yield.to.syncs", list(connector.get("yield.to.syncs")));
        return new SharedSettings(values);
    }

    private static Optional<Step> first(TransformChain chain, String type) {
        return chain.ofType(type).stream().findFirst();
    }

    private static void merge(Map<String, String> values, Step merge) {
        String direction = merge.text("direction", "two-way");
        values.put("direction", direction);
        // One way, the source's values flow whatever the default app.
        values.put("default.app", direction.equals(ONE_WAY) ? UNSET : merge.text("default.app", UNSET));
        values.put("field.rules", list(merge.text("field.rules", UNSET)));
        values.put("propagate.clears", list(merge.text("propagate.clears", UNSET)));
    }

    /**
     * Field by field: the same mapping can be written in several ways.
     *
     * @throws IllegalArgumentException if it cannot be read: then the transform was not configured either
     */
    private static void mapping(Map<String, String> values, Step mapping) {
        for (MappingItem item : mapping.mapping()) {
            values.put(
                    "mapping of " + item.pair(),
                    (item.back() ? "<-" : "-")
                            + (item.forth() ? ">" : "")
                            + (item.type() == null ? "" : ":" + item.type()));
        }
        mapping.settings().forEach((name, value) -> {
            if (!OF_ONE_SIDE.contains(name)) {
                values.put(name, ordered(value, ";"));
            }
        });
    }

    private static String list(String text) {
        return ordered(text, ",");
    }

    private static String ordered(String text, String separator) {
        return text == null
                ? UNSET
                : Arrays.stream(text.split(separator))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .sorted()
                        .collect(Collectors.joining(separator + " "));
    }

    Map<String, String> values() {
        return values;
    }

    /**
     * What differs.
     *
     * @param here whose settings these are
     * @param there whose the other ones are
     * @return for each setting that differs, both values in words
     */
    List<String> differences(String here, SharedSettings other, String there) {
        Set<String> names = new TreeSet<>(values.keySet());
        names.addAll(other.values.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(values.get(name), other.values.get(name)))
                .map(name -> name + " is " + words(name) + " in " + here + " and " + other.words(name) + " in " + there)
                .toList();
    }

    private String words(String name) {
        String value = values.get(name);
        return value == null ? "not set" : "'" + value + "'";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SharedSettings settings && settings.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }
}
