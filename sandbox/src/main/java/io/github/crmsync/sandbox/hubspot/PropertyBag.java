package io.github.crmsync.sandbox.hubspot;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** An immutable, compact map from interned property names to values: names and values alternate in one array. */
final class PropertyBag {
    static final PropertyBag EMPTY = new PropertyBag(new String[0]);

    private final String[] pairs;

    private PropertyBag(String[] pairs) {
        this.pairs = pairs;
    }

    String get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    /** A copy with the changes applied; an empty value removes the property. */
    PropertyBag with(Map<String, String> changes) {
        Map<String, String> all = toMap();
        changes.forEach((name, value) -> {
            if (value == null || value.isEmpty()) {
                all.remove(name);
            } else {
                all.put(name.intern(), value);
            }
        });
        String[] copy = new String[all.size() * 2];
        int at = 0;
        for (Map.Entry<String, String> entry : all.entrySet()) {
            copy[at++] = entry.getKey();
            copy[at++] = entry.getValue();
        }
        return new PropertyBag(copy);
    }

    Map<String, String> toMap() {
        Map<String, String> all = new LinkedHashMap<>(pairs.length);
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return all;
    }

    @Override
    public String toString() {
        return Arrays.toString(pairs);
    }
}
