package io.github.crmsync.hubspot;

import java.util.List;

/** The search for changed contacts: an index that lags behind, with unstable order among equal times. */
@FunctionalInterface
interface ContactSearch {
    /** First page of the hits, at most {@link HubSpotApi#SEARCH_PAGE} of them. */
    List<Hit> search(Query query);

    /**
     * Contacts whose modification time lies in a closed interval of ms.
     *
     * @param byId sorted by id instead of modification time
     * @param afterId only ids above it; null for all
     */
    record Query(long fromMs, long toMs, boolean byId, String afterId) {}

    /** A hit; the time is what the index knows. */
    record Hit(String id, long modifiedMs) {}
}
