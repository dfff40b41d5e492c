package io.github.crmsync.hubspot;

import io.github.crmsync.hubspot.ContactSearch.Found;
import io.github.crmsync.hubspot.ContactSearch.Hit;
import io.github.crmsync.hubspot.ContactSearch.Query;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Walks through all contacts that changed in a window of time, page by page.
 *
 * <p>Only first pages are ever asked for: the next query starts at the last time seen. So neither the search's cap of
 * 10,000 results nor records that move to the end while pages are read (which shifts later pages) can hide a record. When
 * one millisecond fills a whole page, its records are walked through by id.
 */
final class ChangeScan {
    /** A query has room for a few conditions only. */
    private static final int MOST_KNOWN = 3;

    private final ContactSearch search;
    private final long toMs;
    private long fromMs;
    private boolean tied;
    private String tieAfter;
    private boolean done;
    private Set<Hit> lastPage = Set.of();
    private Set<String> known = Set.of();

    ChangeScan(ContactSearch search, long fromMs, long toMs) {
        this.search = search;
        this.fromMs = fromMs;
        this.toMs = toMs;
        this.done = fromMs > toMs;
    }

    boolean done() {
        return done;
    }

    /** All changes up to this time have been returned. */
    long completeUpTo() {
        return done ? toMs : fromMs - 1;
    }

    /** The next hits; may be empty before the scan is done. */
    List<Hit> next() {
        if (done) {
            return List.of();
        }
        Found found = search.search(
                tied
                        ? new Query(fromMs, fromMs, true, tieAfter, Set.of())
                        : new Query(fromMs, toMs, false, null, known));
        List<Hit> fresh =
                found.hits().stream().filter(hit -> !lastPage.contains(hit)).toList();
        if (tied) {
            advanceTie(found);
        } else {
            advance(found);
        }
        return fresh;
    }

    private void advance(Found found) {
        if (!found.more()) {
            done = true;
            return;
        }
        long last = reached(found.hits());
        lastPage = new HashSet<>(found.hits());
        known = Set.of();
        if (last > fromMs) {
            fromMs = last;
            Set<String> seen = found.hits().stream()
                    .filter(hit -> hit.modifiedMs() == last)
                    .map(Hit::id)
                    .collect(Collectors.toSet());
            if (seen.size() <= MOST_KNOWN) {
                known = seen;
            }
        } else {
            tied = true;
            tieAfter = null;
        }
    }

    /**
     * Time of the last hit that stands in its place: one that changed while the page was made may show its new time at its
     * old place, and going on from there would skip what lies between.
     */
    private long reached(List<Hit> hits) {
        for (int i = hits.size() - 1; i >= 0; i--) {
            if (hits.get(i).modifiedMs() <= toMs) {
                return Math.max(fromMs, hits.get(i).modifiedMs());
            }
        }
        return fromMs;
    }

    private void advanceTie(Found found) {
        if (found.more()) {
            tieAfter = Long.toString(found.hits().stream()
                    .mapToLong(hit -> Long.parseLong(hit.id()))
                    .max()
                    .orElseThrow());
            return;
        }
        tied = false;
        lastPage = Set.of();
        fromMs++;
        done = fromMs > toMs;
    }
}
