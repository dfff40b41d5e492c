package io.github.crmsync.hubspot;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was sent lately, bounded: so that reading an overlap again sends nothing twice. */
final class RecentImages {
    private static final int LIMIT = 100_000;

    /** @param settled whether it was read when its millisecond was surely over */
    private record Sent(long updatedAt, long fingerprint, boolean settled) {}

    private final Map<String, Sent> sent;

    RecentImages() {
        this(LIMIT);
    }

    RecentImages(int limit) {
        sent = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Sent> eldest) {
                return size() > limit;
            }
        };
    }

    /**
     * Whether that version, or a later one, of the record was sent: it need not be read. One that was read right after it
     * was made does not count, because a second edit in the same millisecond has the same version.
     */
    boolean covers(String id, long updatedAt) {
        Sent last = sent.get(id);
        return last != null && (last.updatedAt > updatedAt || last.updatedAt == updatedAt && last.settled);
    }

    /** Notes an image that is about to be sent; false if the very same was sent before. */
    boolean add(String id, long updatedAt, long fingerprint, boolean settled) {
        Sent last = sent.put(id, new Sent(updatedAt, fingerprint, settled));
        return last == null || last.updatedAt != updatedAt || last.fingerprint != fingerprint;
    }

    void forget(String id) {
        sent.remove(id);
    }
}
