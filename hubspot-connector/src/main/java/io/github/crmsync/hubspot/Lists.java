package io.github.crmsync.hubspot;

import java.util.ArrayList;
import java.util.List;

/** Cutting lists. */
final class Lists {
    private Lists() {}

    /** Parts of at most that size, in order. */
    static <T> List<List<T>> cut(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int i = 0; i < all.size(); i += size) {
            parts.add(List.copyOf(all.subList(i, Math.min(all.size(), i + size))));
        }
        return parts;
    }
}
