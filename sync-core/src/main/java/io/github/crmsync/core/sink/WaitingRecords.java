package io.github.crmsync.core.sink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
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

    /** Requests of a batch, where some records have to be written apart from others. */
    private static final int SMALL_REQUESTS = 8;

    /**
     * A parked image.
     *
     * @param next when it is tried again
     * @param agreement number of the pair's next agreement, if the image only waits for the winner of a conflict; else null
     */
    private record Parked(long since, long next, Long agreement) {}

    /**
     * A record in a partition. Once partitions are added, it may wait in two: neither image's offset can stand for the other's.
     */
    private record Key(TopicPartition partition, String sourceId) {
        static Key of(Work work) {
            return new Key(work.partition(), work.image().id());
        }
    }

    private final Map<Key, Work> bySource = new LinkedHashMap<>();
    private final Map<Work, Parked> parked = new HashMap<>();
    private final Set<Key> unfinished = new HashSet<>();
    /** Offset of the first image of each record that was not handled, but replaced by the one that waits. */
    private final Map<Key, Long> replaced = new HashMap<>();

    private final Map<TopicPartition, Long> delivered = new HashMap<>();

    /** Takes a delivered image; a newer one of the same record replaces a waiting one, which is returned (else null). */
    Work add(Work work) {
        delivered(work.partition(), work.offset());
        Key key = Key.of(work);
        Work old = bySource.remove(key);
        if (old != null) {
            unfinished.add(key);
            if (Objects.equals(old.log(), work.log())) {
                replaced.putIfAbsent(key, old.offset());
            } else {
                // The topic was made again: the offset is one of a log that is gone.
                replaced.remove(key);
            }
            Parked state = parked.remove(old);
            if (state != null) {
                parked.put(work, new Parked(state.since, 0, null));
            }
        }
        bySource.put(key, work);
        return old;
    }

    /** Notes a record that needs no work. Offsets go back where the topic was made again. */
    void delivered(TopicPartition partition, long offset) {
        delivered.put(partition, offset + 1);
    }

    /**
     * Images whose turn it is, oldest first, and of each record one at the most; those that may be tried with any others come
     * before those that may not.
     *
     * @param agreements number of a pair's next agreement: when it moves, the other sink has carried the value that won
     * @param read how many records an image may be read together with: all of a result share that
     * @param written how many records an image may be written in one request with: of small requests a result has few
     */
    List<Work> due(
            long now,
            int limit,
            ToLongFunction<Work> agreements,
            ToIntFunction<Work> read,
            ToIntFunction<Work> written) {
        List<Work> result = new ArrayList<>();
        List<Work> apart = new ArrayList<>();
        int most = limit;
        double requests = 0;
        // Two images of one record, in two partitions, are decided one after the other.
        Set<String> taken = new HashSet<>();
        for (Work work : bySource.values()) {
            Parked state = parked.get(work);
            boolean due = state == null
                    || state.next <= now
                    || state.agreement != null && state.agreement != agreements.applyAsLong(work);
            double share = 1.0 / written.applyAsInt(work);
            if (due
                    && requests + share <= SMALL_REQUESTS
                    && taken.add(work.image().id())) {
                requests += share;
                int own = read.applyAsInt(work);
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
        return unfinished.stream().map(Key::sourceId).collect(Collectors.toSet());
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

    /** One that is finished, or whose partition has gone, waits no more: nothing would ever clear it away. */
    private void park(Work work, Parked state) {
        if (work.equals(bySource.get(Key.of(work)))) {
            unfinished.add(Key.of(work));
            parked.put(work, state);
        }
    }

    /** Number of images that wait for the winner of a conflict. */
    long conflicts() {
        return parked.values().stream().filter(state -> state.agreement != null).count();
    }

    void done(Work work) {
        parked.remove(work);
        Key key = Key.of(work);
        if (bySource.remove(key, work)) {
            unfinished.remove(key);
            replaced.remove(key);
        }
    }

    void forget(TopicPartition partition) {
        bySource.keySet().removeIf(key -> key.partition.equals(partition));
        parked.keySet().removeIf(work -> work.partition().equals(partition));
        unfinished.removeIf(key -> key.partition.equals(partition));
        replaced.keySet().removeIf(key -> key.partition.equals(partition));
        delivered.remove(partition);
    }

    /** Whether everything delivered was decided: what still waits lost a conflict, and only the other sink can go on. */
    boolean allDecided() {
        return bySource.values().stream().allMatch(this::isDecided);
    }

    /** The same of what stood before this offset in a partition, or was replaced there by something that still waits. */
    boolean allDecidedBefore(TopicPartition partition, long offset) {
        return bySource.values().stream()
                .filter(work -> work.partition().equals(partition) && firstOffset(work) < offset)
                .allMatch(this::isDecided);
    }

    private boolean isDecided(Work work) {
        Parked state = parked.get(work);
        return state != null && state.agreement != null;
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
        return replaced.getOrDefault(Key.of(work), work.offset());
    }
}
