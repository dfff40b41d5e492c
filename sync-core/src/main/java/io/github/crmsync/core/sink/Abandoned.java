package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Intent;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.TopicInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions that nobody consumes any more, but from whose images an intent is open: their topic was deleted, made again with
 * fewer partitions, or left out of the sink's settings. Somebody has to find out what became of the intent.
 */
final class Abandoned {
    private static final long LOOK_AGAIN_MS = 60_000;
    /** Where Kafka does not tell which partitions there are, a live holder has closed its intents long before. */
    private static final long SURELY_MS = 900_000;

    private final Ledger ledger;
    private final String owner;
    private final Set<String> topics;
    private final LongSupplier clock;
    /** By intent: since when it has been open, as far as this task has seen. */
    private final Map<String, Long> since = new HashMap<>();

    private Long lookedAt;

    /**
     * @param topics that the sink subscribes to; empty if it subscribes to a pattern
     * @param clock in ms; only goes forward
     */
    Abandoned(Ledger ledger, String owner, Set<String> topics, LongSupplier clock) {
        this.ledger = ledger;
        this.owner = owner;
        this.topics = topics;
        this.clock = clock;
    }

    /**
     * Looks for them, once a minute, if this task is the one to do so.
     *
     * @param assignment what this task has
     */
    Set<TopicPartition> of(Set<TopicPartition> assignment) {
        long now = clock.getAsLong();
        // One task is enough: a task may have no partition at all, but one of them has the first.
        if (assignment.stream().noneMatch(partition -> partition.partition() == 0)
                || lookedAt != null && now - lookedAt < LOOK_AGAIN_MS) {
            return Set.of();
        }
        lookedAt = now;
        Map<String, Long> still = new HashMap<>();
        Map<String, Optional<TopicInfo>> known = new HashMap<>();
        Set<TopicPartition> abandoned = new HashSet<>();
        for (Ledger.Stored stored : ledger.open()) {
            Intent intent = stored.entry().intent();
            if (stored.entry().owner().equals(owner)
                    && !stored.entry().isUnreadable()
                    && !assignment.contains(intent.images())) {
                long seen = since.getOrDefault(intent.id(), now);
                still.put(intent.id(), seen);
                if (isAbandoned(intent, assignment, known, now - seen)) {
                    abandoned.add(intent.images());
                }
            }
        }
        since.clear();
        since.putAll(still);
        return abandoned;
    }

    private boolean isAbandoned(
            Intent intent, Set<TopicPartition> assignment, Map<String, Optional<TopicInfo>> known, long open) {
        if (!topics.isEmpty() && !topics.contains(intent.topic())) {
            return true;
        }
        // A cluster that does not have this task's own topics tells nothing of the others.
        String own = assignment.iterator().next().topic();
        Optional<TopicInfo> mine = known.computeIfAbsent(own, ledger::topic);
        Optional<TopicInfo> its = known.computeIfAbsent(intent.topic(), ledger::topic);
        boolean told = mine.isPresent()
                && mine.get().partitions() > 0
                && its.isPresent()
                && its.get().partitions() != TopicInfo.UNKNOWN;
        return told ? intent.partition() >= its.get().partitions() : open >= SURELY_MS;
    }
}
