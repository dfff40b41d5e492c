package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Versions that were read lately: what is read again because times overlap is not sent again. */
final class RecentVersions {
    private record Seen(long version, long modified) {}

    private final String key;
    private final Map<String, Seen> seen = new HashMap<>();

    /** @param key name of the primary key column */
    RecentVersions(String key) {
        this.key = key;
    }

    List<JsonNode> unseen(List<JsonNode> rows) {
        return rows.stream()
                .filter(row -> {
                    Seen before = seen.get(row.path(key).asText());
                    return before == null
                            || before.version() != row.path("versionnumber").asLong();
                })
                .toList();
    }

    void remember(List<JsonNode> rows) {
        for (JsonNode row : rows) {
            seen.put(
                    row.path(key).asText(),
                    new Seen(row.path("versionnumber").asLong(), RowReader.millis(row.path("modifiedon"))));
        }
    }

    /** Forgets what no later query can find. */
    void forgetBefore(long modified) {
        seen.values().removeIf(row -> row.modified() < modified);
    }
}
