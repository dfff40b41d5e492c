package io.github.crmsync.core.sink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Images that were delivered and are not finished, and what may be committed meanwhile: never an offset at or after the
 * first unfinished one of its partition.
 */
final class WaitingRecords {
    /**
     * Time between two tries of an image that waits for the winner of a conflict, unless the ledger shows a sign of that
     * before. Each try reads the target.
     */
    private static final long CONFLICT_RETRY_MS = 30_000;

    /**
     * A parked image.
     *
     * @param next when it is tried again
     * @param agreement number of the pair's next agreement, if the image only waits for the winner of a conflict; else null
     */
    private record Parked(long since, long next, Long agreement) {}

    private final Map<String, Work> bySource = new LinkedHashMap<>();
    private final Map<Work, Parked> parked = new HashMap<>();
    private final Set<String> unfinished = new HashSet<>();
    /** Offset of the first image of each source id that was not handled, but replaced by the one that waits. */
    private final Map<String, Long> replaced = new HashMap<>();

    private final Map<TopicPartition, Long> delivered = new HashMap<>();

    /** Takes a delivered image; a newer one of the same record replaces a waiting one, which is returned (else null). */
    Work add(Work work) {
        delivered(work.partition(), work.offset());
        Work old = bySource.remove(work.image().id());
        if (old != null) {
            unfinished.add(work.image().id());
            replaced.putIfAbsent(work.image().id(), old.offset());
            Parked state = parked.remove(old);
            if (state != null) {
                parked.put(work, new Parked(state.since, 0, null));
            }
        }
        bySource.put(work.image().id(), work);
        return old;
    }

    /** Notes a record that needs no work. */
    void delivered(TopicPartition partition, long offset) {
        delivered.merge(partition, offset + 1, Math::max);
    }

    /**
     * Images whose turn it is, oldest first; those that may be tried with any others come before those that may not.
     *
     * @param agreements number of a pair's next agreement: when it moves, the other sink has carried the value that won
     * @param together how many records an image may be tried together with: all of a result share that
     */
    List<Work> due(long now, int limit, ToLongFunction<Work> agreements, ToIntFunction<Work> together) {
        List<Work> result = new ArrayList<>();
        List<Work> apart = new ArrayList<>();
        int most = limit;
        for (Work work : bySource.values()) {
            Parked state = parked.get(work);
            if (state == null
                    || state.next <= now
                    || state.agreement != null && state.agreement != agreements.applyAsLong(work)) {
                int own = together.applyAsInt(work);
                if (own >= limit) {
                    result.add(work);
                    if (result.size() == limit) {
                        break;
                    }
                } else if (apart.isEmpty() || own == most && apart.size() < most) {
                    most = own;
                    apart.add(work);
                }
            }
        }
        return result.isEmpty() ? apart : result;
    }

    /** Ids of records of which an image was parked, or replaced before it was handled. */
    Set<String> unfinished() {
        return unfinished;
    }

    /** Whether the image, or one that it replaced, was parked before. */
    boolean isParked(Work work) {
        return parked.containsKey(work);
    }

    /** Parks an image that waits for another sink's open intent, or for the app to answer. */
    void park(Work work, long now, long backoff) {
        Parked state = parked.get(work);
        park(work, new Parked(state == null ? now : state.since, now + backoff, null));
    }

    /**
     * Parks an image that waits until the other sink has carried the value that won a conflict.
     *
     * @return since when it has been parked
     */
    long parkConflict(Work work, long now, long agreement) {
        Parked state = parked.get(work);
        long since = state == null ? now : state.since;
        park(work, new Parked(since, now + CONFLICT_RETRY_MS, agreement));
        return since;
    }

    private void park(Work work, Parked state) {
        unfinished.add(work.image().id());
        parked.put(work, state);
    }

    /** Number of images that wait for the winner of a conflict. */
    long conflicts() {
        return parked.values().stream().filter(state -> state.agreement != null).count();
    }

    void done(Work work) {
        parked.remove(work);
        if (bySource.remove(work.image().id(), work)) {
            unfinished.remove(work.image().id());
            replaced.remove(work.image().id());
        }
    }

    void forget(TopicPartition partition) {
        bySource.values().removeIf(work -> work.partition().equals(partition));
        parked.keySet().removeIf(work -> work.partition().equals(partition));
        replaced.keySet().retainAll(bySource.keySet());
        delivered.remove(partition);
    }

    /** Whether everything delivered was decided: what still waits lost a conflict, and only the other sink can go on. */
    boolean allDecided() {
        return bySource.values().stream().map(parked::get).allMatch(state -> state != null && state.agreement != null);
    }

    int size() {
        return bySource.size();
    }

    Map<TopicPartition, OffsetAndMetadata> committable() {
        Map<TopicPartition, Long> offsets = new HashMap<>(delivered);
        bySource.values().forEach(work -> offsets.merge(work.partition(), firstOffset(work), Math::min));
        Map<TopicPartition, OffsetAndMetadata> result = new HashMap<>();
        offsets.forEach((partition, offset) -> result.put(partition, new OffsetAndMetadata(offset)));
        return result;
    }

    /** A task that starts anew has to see again what was replaced: it could not tell otherwise that an image was left out. */
    private long firstOffset(Work work) {
        return replaced.getOrDefault(work.image().id(), work.offset());
    }
}
