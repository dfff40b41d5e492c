package io.github.crmsync.hubspot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One create or update as it goes over the wire.
 *
 * @param id record id of an update; null for a creation
 * @param email address to recognise it by, in the form of {@link io.github.crmsync.core.record.Emails}, or null
 * @param linkKey value of the link property of a creation, or null
 * @param properties texts to write; empty ones clear
 */
record ContactWrite(String id, String email, String linkKey, Map<String, String> properties) {
    /**
     * Cuts writes into batches for HubSpot, as places in the list: no id, address or link value occurs twice in one batch,
     * because that makes HubSpot refuse the whole batch. Batches of one round may run side by side, rounds run in order.
     */
    static List<List<List<Integer>>> rounds(List<ContactWrite> writes, int size) {
        List<List<Integer>> rounds = new ArrayList<>();
        Map<String, Integer> next = new HashMap<>();
        for (int i = 0; i < writes.size(); i++) {
            List<String> keys = writes.get(i).uniqueKeys();
            int round = keys.stream()
                    .mapToInt(key -> next.getOrDefault(key, 0))
                    .max()
                    .orElse(0);
            keys.forEach(key -> next.put(key, round + 1));
            while (rounds.size() <= round) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(i);
        }
        return rounds.stream().map(round -> Lists.cut(round, size)).toList();
    }

    private List<String> uniqueKeys() {
        return Stream.of(
                        id == null ? null : "id:" + id,
                        email == null ? null : "email:" + email,
                        linkKey == null ? null : "link:" + linkKey)
                .filter(Objects::nonNull)
                .toList();
    }
}
