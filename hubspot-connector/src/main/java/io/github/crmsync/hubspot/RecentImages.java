package io.github.crmsync.hubspot;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was sent lately, bounded: so that reading an overlap again sends nothing twice. */
final class RecentImages {
    private static final int LIMIT = 100_000;

    private record Sent(long updatedAt, long fingerprint) {}

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

    /** Whether that version, or a later one, of the record was sent: it need not be read. */
    boolean covers(String id, long updatedAt) {
        Sent last = sent.get(id);
        return last != null && last.updatedAt >= updatedAt;
    }

    /** Notes an image that is about to be sent; false if the very same was sent before. */
    boolean add(String id, long updatedAt, long fingerprint) {
        Sent image = new Sent(updatedAt, fingerprint);
        return !image.equals(sent.put(id, image));
    }

    void forget(String id) {
        sent.remove(id);
    }
}
