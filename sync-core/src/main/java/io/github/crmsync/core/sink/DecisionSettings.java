package io.github.crmsync.core.sink;

import io.github.crmsync.core.record.Fingerprints;
import java.util.Map;
import java.util.TreeMap;

/** The settings of a sink that its decisions on a record depend on: its transforms, and the syncs that go first. */
final class DecisionSettings {
    private DecisionSettings() {}

    /** Equal for equal settings: 16 hexadecimal digits. */
    static String fingerprint(Map<String, String> connector) {
        Map<String, String> relevant = new TreeMap<>();
        connector.forEach((name, value) -> {
            boolean decides = name.equals("transforms")
                    || name.startsWith("transforms.")
                    || name.startsWith("predicates")
                    || name.equals(SyncSinkConfig.YIELD_TO);
            if (decides && value != null && !value.isBlank()) {
                relevant.put(name, value.strip());
            }
        });
        return String.format("%016x", Fingerprints.of(relevant.toString()));
    }
}
