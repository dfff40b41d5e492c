package io.github.crmsync.hubspot;

import io.github.crmsync.hubspot.ContactSearch.Hit;
import io.github.crmsync.hubspot.ContactSearch.Query;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Walks through all contacts that changed in a window of time, page by page.
 *
 * <p>Only first pages are ever asked for: the next query starts at the last time seen. So neither the search's cap of
 * 10,000 results nor records that move to the end while pages are read (which shifts later pages) can hide a record. When
 * one millisecond fills a whole page, its records are walked through by id.
 */
final class ChangeScan {
    private final ContactSearch search;
    private final long toMs;
    private final int pageSize;
    private long fromMs;
    private boolean tied;
    private String tieAfter;
    private boolean done;
    private Set<Hit> lastPage = Set.of();

    ChangeScan(ContactSearch search, long fromMs, long toMs) {
        this(search, fromMs, toMs, HubSpotApi.SEARCH_PAGE);
    }

    ChangeScan(ContactSearch search, long fromMs, long toMs, int pageSize) {
        this.search = search;
        this.fromMs = fromMs;
        this.toMs = toMs;
        this.pageSize = pageSize;
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
        List<Hit> hits =
                search.search(tied ? new Query(fromMs, fromMs, true, tieAfter) : new Query(fromMs, toMs, false, null));
        List<Hit> fresh = hits.stream().filter(hit -> !lastPage.contains(hit)).toList();
        boolean full = hits.size() >= pageSize;
        if (tied) {
            advanceTie(hits, full);
        } else {
            advance(hits, full);
        }
        return fresh;
    }

    private void advance(List<Hit> hits, boolean full) {
        long last = hits.stream().mapToLong(Hit::modifiedMs).max().orElse(fromMs);
        lastPage = new HashSet<>(hits);
        if (!full) {
            done = true;
        } else if (last > fromMs) {
            fromMs = last;
        } else {
            tied = true;
            tieAfter = null;
        }
    }

    private void advanceTie(List<Hit> hits, boolean full) {
        if (full) {
            tieAfter = Long.toString(hits.stream()
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
