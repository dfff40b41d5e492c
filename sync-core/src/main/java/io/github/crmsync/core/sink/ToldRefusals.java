package io.github.crmsync.core.sink;

import io.github.crmsync.core.record.Image;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Refused fields that were seen already: a field is refused with each image of its record, which is worth one record in the
 * dead letter queue until its value or the reason changes. Kept in memory only: after a restart each of them is new once more.
 */
final class ToldRefusals {
    /** Records that are remembered; of more, those that came up longest ago are new again. */
    private static final int MOST = 50_000;

    private final Map<String, Map<String, Integer>> bySource = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Integer>> eldest) {
            return size() > MOST;
        }
    };

    /** Notes a refusal; answers it, marked as known if it says nothing new. */
    LeftOut compare(Image image, LeftOut refusal) {
        boolean anew = add(image, refusal.fields(), refusal.detail());
        return anew ? refusal : new LeftOut(refusal.fields(), refusal.why(), refusal.detail(), true);
    }

    private boolean add(Image image, Set<String> fields, String message) {
        Map<String, Integer> told = bySource.computeIfAbsent(image.id(), id -> new HashMap<>());
        int reason = message == null ? 0 : message.hashCode();
        boolean anew = false;
        for (String field : new TreeSet<>(fields)) {
            Integer now = 31 * reason + Long.hashCode(value(image, field));
            anew |= !now.equals(told.put(field, now));
        }
        return anew;
    }

    /** Forgets the fields of a record that are refused no more. */
    void keep(Image image, Set<String> refused) {
        Map<String, Integer> told = bySource.get(image.id());
        if (told != null) {
            told.keySet().retainAll(refused);
            if (told.isEmpty()) {
                bySource.remove(image.id());
            }
        }
    }

    /** Fingerprint of what the source has in the field. */
    private static long value(Image image, String target) {
        return image.mapping().stream()
                .filter(field -> field.target().equals(target))
                .mapToLong(image::fingerprint)
                .findFirst()
                .orElse(List.of(target).hashCode());
    }
}
