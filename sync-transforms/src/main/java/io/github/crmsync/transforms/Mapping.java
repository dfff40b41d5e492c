package io.github.crmsync.transforms;

import io.github.crmsync.core.record.MappedField;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which HubSpot property belongs to which Dynamics column: one text for both directions.
 *
 * <p>Items look like {@code property<->column}, or {@code property->column} and {@code property<-column} for one direction.
 */
final class Mapping {
    private static final Pattern ITEM = Pattern.compile("(\\w+)\\s*(<->|->|<-)\\s*(\\w+)");

    private record Item(String hubspot, String arrow, String dynamics) {}

    private final List<Item> items;

    private Mapping(List<Item> items) {
        this.items = items;
    }

    /** @throws IllegalArgumentException if an item cannot be read, or a field is the target of two items */
    static Mapping parse(String text) {
        List<Item> items = new ArrayList<>();
        for (String part : expand(text).split("[,\\n]")) {
            String item = part.strip();
            if (item.isEmpty() || item.startsWith("#")) {
                continue;
            }
            Matcher matcher = ITEM.matcher(item);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not of the form property<->column: " + item);
            }
            items.add(new Item(matcher.group(1), matcher.group(2), matcher.group(3)));
        }
        Mapping mapping = new Mapping(items);
        mapping.refuseTwice("hubspot");
        mapping.refuseTwice("dynamics");
        return mapping;
    }

    /** Replaces the names default-contact and default-lead by the lists that ship with the plugin. */
    private static String expand(String text) {
        StringBuilder result = new StringBuilder();
        for (String part : text.split(",")) {
            String name = part.strip();
            boolean preset = name.equals("default-contact") || name.equals("default-lead");
            result.append(preset ? resource(name + ".mapping") : part).append('\n');
        }
        return result.toString();
    }

    private static String resource(String name) {
        try (InputStream in = Mapping.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refuseTwice(String sourceApp) {
        Map<String, String> sources = new LinkedHashMap<>();
        for (MappedField field : from(sourceApp)) {
            String other = sources.put(field.target(), field.source());
            if (other != null) {
                throw new IllegalArgumentException(
                        field.target() + " is mapped twice, from " + other + " and from " + field.source());
            }
        }
    }

    /** The fields that flow from an app. */
    List<MappedField> from(String sourceApp) {
        boolean hubspot = sourceApp.equals("hubspot");
        return items.stream()
                .filter(item -> !item.arrow.equals(hubspot ? "<-" : "->"))
                .map(item -> hubspot
                        ? new MappedField(item.hubspot, item.dynamics)
                        : new MappedField(item.dynamics, item.hubspot))
                .toList();
    }

    /** Whether a record with these fields looks like one of the app's. */
    String guessApp(Object value) {
        long hubspot =
                items.stream().filter(item -> Fields.has(value, item.hubspot)).count();
        long dynamics =
                items.stream().filter(item -> Fields.has(value, item.dynamics)).count();
        return hubspot >= dynamics ? "hubspot" : "dynamics";
    }
}
