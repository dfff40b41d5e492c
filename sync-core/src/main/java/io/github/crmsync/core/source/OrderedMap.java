package io.github.crmsync.core.source;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A map that equals only maps of its kind with the same entries in the same order. To Connect's offset storage the two orders
 * of a map are different keys, but its writer gathers offsets in a hash map, which would keep only one of them.
 */
final class OrderedMap extends AbstractMap<String, String> {
    private final List<Map.Entry<String, String>> entries;

    OrderedMap(List<Map.Entry<String, String>> entries) {
        this.entries = List.copyOf(entries);
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(entries));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrderedMap map && entries.equals(map.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }
}
