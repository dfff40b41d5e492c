package io.github.crmsync.core.sink;

import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.EnumMap;
import java.util.Map;

/** How often a preview has come to each decision. */
final class Plan {
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private boolean changed;

    void add(Kind decision) {
        counts.merge(decision, 1L, Long::sum);
        changed = true;
    }

    /** Whether anything was added since this was last asked. */
    boolean takeChanged() {
        boolean result = changed;
        changed = false;
        return result;
    }

    Map<Kind, Long> counts() {
        return counts;
    }
}
