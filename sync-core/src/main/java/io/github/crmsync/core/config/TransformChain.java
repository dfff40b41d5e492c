package io.github.crmsync.core.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The transforms of a connector's configuration, in their order, with the settings of each. Transforms run in another plugin than
 * the connectors, so this class names those of ours and their settings for both.
 *
 * @param steps in the order in which records pass them
 */
public record TransformChain(List<Step> steps) {
    private static final String PACKAGE = "io.github.crmsync.transforms.";
    public static final String SYNC_FILTER = PACKAGE + "SyncFilter";
    public static final String EMAIL_DEDUP = PACKAGE + "EmailDedup";
    public static final String FIELD_MAPPING = PACKAGE + "FieldMapping";
    public static final String LIFECYCLE_STAGE = PACKAGE + "LifecycleStage";
    public static final String CONFLICT_MERGE = PACKAGE + "ConflictMerge";

    /** Prefix of the settings of FieldMapping that translate option sets, each named by a HubSpot property. */
    public static final String OPTIONS_PREFIX = "options.";

    /** Names of the settings of our transforms, by type. */
    public static final Map<String, Set<String>> SETTINGS = Map.of(
            SYNC_FILTER, Set.of("filter.expression", "on.leave", "mode"),
            EMAIL_DEDUP, Set.of("on.invalid", "email.field", "repeat.cache.size"),
            FIELD_MAPPING,
                    Set.of(
                            "mapping",
                            "mapping.add",
                            "mapping.remove",
                            "unknown.option",
                            "source.app",
                            "default.region",
                            "time.zone"),
            LIFECYCLE_STAGE,
                    Set.of(
                            "stage.value",
                            "stage.on.create",
                            "stage.on.update",
                            "stage.rules",
                            "stage.order",
                            "stage.field"),
            CONFLICT_MERGE, Set.of("default.app", "direction", "field.rules", "propagate.clears"));

    /**
     * One transform.
     *
     * @param alias its name in the list of transforms
     * @param type its class, as it is written
     * @param settings its own, without prefix
     */
    public record Step(String alias, String type, Map<String, String> settings) {
        /** Whether it is one of ours. */
        public boolean ours() {
            return SETTINGS.containsKey(type);
        }

        /** Full name of one of its settings. */
        public String fullName(String setting) {
            return prefix(alias) + setting;
        }

        /** A setting's text; the default if it is not given. */
        public String text(String setting, String byDefault) {
            return settings.getOrDefault(setting, byDefault).strip();
        }

        /** A setting's list; the default if it is not given. */
        public List<String> list(String setting, List<String> byDefault) {
            return settings.containsKey(setting) ? split(settings.get(setting)) : byDefault;
        }

        /**
         * The mapping that a FieldMapping's settings state.
         *
         * @throws IllegalArgumentException if one of them cannot be read
         */
        public List<MappingItem> mapping() {
            List<MappingItem> base = MappingItem.parse(list("mapping", List.of("default-contact")));
            List<MappingItem> kept = MappingItem.remove(base, list("mapping.remove", List.of()));
            return MappingItem.add(kept, MappingItem.parse(list("mapping.add", List.of())));
        }
    }

    /** Reads a connector's configuration. */
    public static TransformChain of(Map<String, ?> connector) {
        List<Step> steps = new ArrayList<>();
        Object aliases = connector.get("transforms");
        for (String alias : aliases == null ? List.<String>of() : split(aliases.toString())) {
            Map<String, String> settings = new LinkedHashMap<>();
            connector.forEach((name, value) -> {
                if (name.startsWith(prefix(alias)) && value != null) {
                    settings.put(name.substring(prefix(alias).length()), value.toString());
                }
            });
            String type = settings.getOrDefault("type", "").strip();
            // Connect takes the class alone, too, where no other plugin has one of that name.
            steps.add(new Step(alias, SETTINGS.containsKey(PACKAGE + type) ? PACKAGE + type : type, settings));
        }
        return new TransformChain(List.copyOf(steps));
    }

    /** The transforms of one class. */
    public List<Step> ofType(String type) {
        return steps.stream().filter(step -> step.type.equals(type)).toList();
    }

    private static String prefix(String alias) {
        return "transforms." + alias + ".";
    }

    /** As Kafka's configurations split lists. */
    static List<String> split(String text) {
        return Stream.of(text.strip().split("\\s*,\\s*", -1))
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
