package io.github.crmsync.hubspot;

import io.github.crmsync.core.config.MappingItem;
import io.github.crmsync.core.config.Names;
import io.github.crmsync.core.config.TransformChain;
import io.github.crmsync.core.config.UsualFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/** Which contact properties to read: by name, by group, those that the mapping needs, or all. */
final class PropertySelection {
    static final String ALL = "*";
    static final String MAPPED = "mapped";
    static final String GROUP = "group:";
    static final List<String> DEFAULT = UsualFields.HUBSPOT;

    private final List<String> texts;
    private final Map<String, ?> connector;

    /**
     * @param texts as the setting has them
     * @param connector the whole configuration, for its transforms
     */
    PropertySelection(List<String> texts, Map<String, ?> connector) {
        this.texts = texts;
        this.connector = connector;
    }

    /**
     * The properties, each once, in the order of the setting; names and groups that HubSpot does not have are left out, see
     * {@link #missing}.
     *
     * @param known the portal's properties by name
     * @throws ConfigException if the mapping is asked for and there is none
     */
    List<String> resolve(Map<String, PropertyInfo> known) {
        Set<String> names = new LinkedHashSet<>();
        texts.forEach(text -> names.addAll(names(text, known)));
        names.retainAll(known.keySet());
        return List.copyOf(names);
    }

    /** What is named and HubSpot does not have, each as a sentence. */
    List<String> missing(Map<String, PropertyInfo> known) {
        List<String> result = new ArrayList<>();
        for (String text : texts) {
            List<String> names = names(text, known);
            if (text.startsWith(GROUP) && names.isEmpty()) {
                result.add("HubSpot has no group of contact properties named " + text.substring(GROUP.length()));
            }
            names.stream()
                    .filter(name -> !known.containsKey(name))
                    .forEach(name -> result.add(
                            "HubSpot has no contact property named " + name + Names.hint(name, known.keySet())));
        }
        return result;
    }

    private List<String> names(String text, Map<String, PropertyInfo> known) {
        if (text.equals(ALL)) {
            return List.copyOf(known.keySet());
        }
        if (text.equals(MAPPED)) {
            return mapped();
        }
        if (text.startsWith(GROUP)) {
            String group = text.substring(GROUP.length()).strip();
            return known.values().stream()
                    .filter(property -> property.group().equals(group))
                    .map(PropertyInfo::name)
                    .toList();
        }
        return List.of(text);
    }

    /** Properties of the mapping that flow to Dynamics. */
    private List<String> mapped() {
        List<TransformChain.Step> mappings = TransformChain.of(connector).ofType(TransformChain.FIELD_MAPPING);
        if (mappings.isEmpty()) {
            throw new ConfigException(
                    HubSpotSourceConfig.PROPERTIES,
                    MAPPED,
                    "The connector has no transform of type " + TransformChain.FIELD_MAPPING
                            + ": give it one with the setting transforms.<name>.mapping, or name the properties");
        }
        return items(mappings.get(0)).stream()
                .filter(MappingItem::forth)
                .map(MappingItem::hubspot)
                .distinct()
                .toList();
    }

    private static List<MappingItem> items(TransformChain.Step mapping) {
        try {
            return mapping.mapping();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(mapping.fullName("mapping"), mapping.text("mapping", ""), e.getMessage());
        }
    }
}
