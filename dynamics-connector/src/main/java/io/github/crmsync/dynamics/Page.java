package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One page of rows.
 *
 * @param deleted ids of deleted rows
 * @param serverTime when it was answered, by the server's clock, in ms since the epoch
 */
record Page(List<JsonNode> rows, List<String> deleted, String nextLink, String deltaLink, long serverTime) {
    static Page of(JsonNode json, long serverTime) {
        List<JsonNode> rows = new ArrayList<>();
        List<String> deleted = new ArrayList<>();
        for (JsonNode element : json.path("value")) {
            // A deletion is no OData 4.01 "@removed": its context names the kind.
            if (element.path("@odata.context").asText("").endsWith("/$deletedEntity")) {
                deleted.add(Ids.plain(element.path("id").asText()));
            } else {
                rows.add(element);
            }
        }
        return new Page(
                rows,
                deleted,
                json.path("@odata.nextLink").asText(null),
                json.path("@odata.deltaLink").asText(null),
                serverTime);
    }

    /** The page with some of its rows only. */
    Page with(List<JsonNode> some) {
        return new Page(some, deleted, nextLink, deltaLink, serverTime);
    }

    boolean isEmpty() {
        return rows.isEmpty() && deleted.isEmpty();
    }
}
