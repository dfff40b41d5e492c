package io.github.crmsync.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One item of a mapping text, as it is written: {@code hubspotProperty<->dynamicsColumn[:type]}. The transform that carries
 * the mapping out and the connectors that check it read it with this code.
 *
 * @param forth whether the field flows from HubSpot to Dynamics
 * @param back whether it flows from Dynamics to HubSpot
 * @param type as it is written; null for none
 */
public record MappingItem(String hubspot, String dynamics, boolean forth, boolean back, String type) {
    private static final String NAME = "[^\\s<>,:;=~-]+";
    private static final Pattern ITEM =
            Pattern.compile("(" + NAME + ")\\s*(<->|->|<-)\\s*(" + NAME + ")(?:\\s*:\\s*(\\w+))?");
    private static final Set<String> PRESETS = Set.of("default-contact", "default-lead");

    /** Name in the ledger and in the rules by field: {@code hubspotProperty~dynamicsColumn}. */
    public String pair() {
        return hubspot + "~" + dynamics;
    }

    /** The field's name in an app, {@code hubspot} or {@code dynamics}. */
    public String nameIn(String app) {
        return app.equals("hubspot") ? hubspot : dynamics;
    }

    public boolean flowsFrom(String app) {
        return app.equals("hubspot") ? forth : back;
    }

    /**
     * Reads a list of items, or the name of a shipped mapping among them.
     *
     * @throws IllegalArgumentException naming the item that cannot be read
     */
    public static List<MappingItem> parse(List<String> texts) {
        Map<String, MappingItem> items = new LinkedHashMap<>();
        for (String text : texts) {
            for (String part : PRESETS.contains(text.strip()) ? preset(text.strip()) : List.of(text)) {
                MappingItem item = item(part);
                if (items.put(item.pair(), item) != null) {
                    throw new IllegalArgumentException("'" + part + "' is listed twice");
                }
            }
        }
        return List.copyOf(items.values());
    }

    private static MappingItem item(String text) {
        Matcher matcher = ITEM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is neither hubspotProperty<->dynamicsColumn (or -> or <-, with or without :type) nor one of "
                    + PRESETS.stream().sorted().toList() + Names.hint(text.strip(), PRESETS));
        }
        String arrow = matcher.group(2);
        return new MappingItem(
                matcher.group(1), matcher.group(3), arrow.endsWith(">"), arrow.startsWith("<"), matcher.group(4));
    }

    private static List<String> preset(String name) {
        try (InputStream in = MappingItem.class.getResourceAsStream(name + ".mapping")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds items to a mapping; one with both names of an earlier item takes its place. */
    public static List<MappingItem> add(List<MappingItem> items, List<MappingItem> added) {
        Map<String, MappingItem> result = new LinkedHashMap<>();
        items.forEach(item -> result.put(item.pair(), item));
        added.forEach(item -> result.put(item.pair(), item));
        return List.copyOf(result.values());
    }

    /**
     * Removes items, named by HubSpot property or by both names.
     *
     * @throws IllegalArgumentException naming the field that the mapping does not have
     */
    public static List<MappingItem> remove(List<MappingItem> items, List<String> names) {
        List<MappingItem> result = new ArrayList<>(items);
        for (String name : removable(names)) {
            if (!result.removeIf(
                    item -> item.hubspot.equals(name) || item.pair().equals(name))) {
                throw new IllegalArgumentException("the mapping has no field '" + name.replace("~", "<->")
                        + "' to remove"
                        + Names.hint(
                                name, items.stream().map(MappingItem::hubspot).toList()));
            }
        }
        return result;
    }

    /** Names of items to remove, as {@link #remove} takes them. */
    public static List<String> removable(List<String> names) {
        UnaryOperator<String> read =
                name -> name.strip().matches(NAME) ? name.strip() : item(name).pair();
        return names.stream().map(read).toList();
    }

    /**
     * Checks that no field would be filled from two others.
     *
     * @throws IllegalArgumentException naming the three
     */
    public static void requireOneSourceEach(List<MappingItem> items) {
        for (String app : List.of("hubspot", "dynamics")) {
            String other = app.equals("hubspot") ? "dynamics" : "hubspot";
            Map<String, String> sources = new HashMap<>();
            items.stream().filter(item -> item.flowsFrom(app)).forEach(item -> {
                String earlier = sources.put(item.nameIn(other), item.nameIn(app));
                if (earlier != null) {
                    throw new IllegalArgumentException(item.nameIn(other) + " would be filled from both " + earlier
                            + " and " + item.nameIn(app) + ": remove one, or make it one-way with -> or <-");
                }
            });
        }
    }
}
