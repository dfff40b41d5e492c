package io.github.crmsync.hubspot;

import io.github.crmsync.hubspot.ContactSearch.Hit;
import io.github.crmsync.hubspot.ContactSearch.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Walks over all contacts that changed in a closed interval of time, without offsets: each page starts at the time where the
 * last one ended, so neither the cap of 10,000 results nor records that move while pages are read lose anything. A
 * millisecond that fills a whole page is walked by id.
 */
final class ChangeWindow {
    private final ContactSearch search;
    private final long to;
    private final Set<String> edge = new LinkedHashSet<>();
    private long from;
    private String afterId;
    private boolean done;

    ChangeWindow(ContactSearch search, long from, long to) {
        this.search = search;
        this.from = from;
        this.to = to;
    }

    boolean isDone() {
        return done;
    }

    /** Time up to which everything has been found, in ms since the epoch. */
    long completeUntil() {
        return done ? to : from - 1;
    }

    /** Ids of the next changed contacts; may be empty before the window is done. */
    Collection<String> next() {
        List<Hit> hits = search.search(new Query(from, afterId == null ? to : from, afterId != null, afterId));
        boolean full = hits.size() >= HubSpotApi.SEARCH_PAGE;
        List<String> ids = new ArrayList<>();
        hits.stream().map(Hit::id).filter(id -> !edge.contains(id)).forEach(ids::add);
        if (afterId != null) {
            walkById(hits, full);
        } else if (!full) {
            done = true;
        } else {
            walkByTime(hits);
        }
        return ids;
    }

    private void walkById(List<Hit> hits, boolean full) {
        if (full) {
            afterId = hits.get(hits.size() - 1).id();
        } else {
            afterId = null;
            edge.clear();
            from++;
            done = from > to;
        }
    }

    private void walkByTime(List<Hit> hits) {
        long last = hits.stream().mapToLong(Hit::modifiedMs).max().orElse(from);
        if (last <= from) {
            afterId = "0";
            edge.clear();
        } else {
            from = last;
            edge.clear();
            hits.stream().filter(hit -> hit.modifiedMs() == last).map(Hit::id).forEach(edge::add);
        }
    }
}
