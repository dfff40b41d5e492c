package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One page of changes: rows in the order of their versions, then deletions.
 *
 * @param next position of the next page, or null on the last one
 * @param end version from which the following delta counts
 */
record Tracked(List<Row> rows, List<UUID> deleted, Cookie next, long end) {

    /** Takes the page at a position; called under the lock of the organization. */
    static Tracked page(ChangeFeed feed, long since, Cookie at, long now, int limit) {
        long end = at == null ? now : at.tracked();
        long live = at == null ? since : position(at, "changed");
        long dead = at == null ? since : position(at, "deleted");
        List<Row> rows = new ArrayList<>();
        List<UUID> deleted = new ArrayList<>();
        for (Map.Entry<Long, Row> change : feed.changed(live, end).entrySet()) {
            if (rows.size() == limit) {
                return new Tracked(rows, deleted, next(at, live, dead, end), end);
            }
            rows.add(change.getValue());
            live = change.getKey();
        }
        for (Map.Entry<Long, UUID> change : feed.deleted(dead, end).entrySet()) {
            if (rows.size() + deleted.size() == limit) {
                return new Tracked(rows, deleted, next(at, end, dead, end), end);
            }
            deleted.add(change.getValue());
            dead = change.getKey();
        }
        return new Tracked(rows, deleted, null, end);
    }

    private static Cookie next(Cookie at, long live, long dead, long end) {
        Map<String, String> last = new LinkedHashMap<>();
        last.put("changed", Long.toString(live));
        last.put("deleted", Long.toString(dead));
        return new Cookie(at == null ? 2 : at.page() + 1, last, end);
    }

    private static long position(Cookie cookie, String name) {
        String value = cookie.last().get(name);
        if (value == null || !value.matches("\\d{1,18}")) {
            throw Cookie.malformed();
        }
        return Long.parseLong(value);
    }
}
