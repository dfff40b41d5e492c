package io.github.crmsync.hubspot;

import java.util.List;
import java.util.Set;

/** The search for changed contacts: an index that lags behind, with unstable order among equal times. */
@FunctionalInterface
interface ContactSearch {
    /** First page of the hits, at most {@link HubSpotApi#SEARCH_PAGE} of them. */
    Found search(Query query);

    /**
     * Contacts whose modification time lies in a closed interval of ms.
     *
     * @param byId sorted by id instead of modification time
     * @param afterId only ids above it; null for all
     * @param known ids that are left out where they were modified at {@code fromMs} exactly; a few at most
     */
    record Query(long fromMs, long toMs, boolean byId, String afterId, Set<String> known) {}

    /** A hit; the time is what the index knows. */
    record Hit(String id, long modifiedMs) {}

    /**
     * A page of hits.
     *
     * @param more whether the query has further ones
     */
    record Found(List<Hit> hits, boolean more) {}
}
