package io.github.crmsync.core.sink;

import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.ledger.Note;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides anew on the newest image of every record, once, after a filter, a mapping or a rule of this sink was changed: the
 * topic is read again from its beginning, without a call to the source's app.
 *
 * <p>The ledger says for each partition with which settings it was evaluated, and since when that is not complete: after a
 * crash it begins again. Offsets are not committed meanwhile. Older images of a record are passed over: under the new settings
 * they might be decided otherwise, and bring back what is long gone.
 */
public final class Reevaluation {
    private static final Logger LOG = LoggerFactory.getLogger(Reevaluation.class);
    private static final String NAME = Note.PREFIX + "evaluated/";
    private static final String SETTINGS = "settings";
    private static final String COMPLETE = "complete";

    /** Where the images are. */
    public interface Images {
        /** Offsets of the newest image of every record, in order; null if the topic is still being read. */
        long[] newest(TopicPartition partition);
    }

    /**
     * One partition on its way.
     *
     * @param newest offsets of the newest images
     * @param handled offset before which every image was handled with the former settings
     */
    private record Run(long[] newest, long handled) {
        long last() {
            return newest[newest.length - 1];
        }
    }

    private final Ledger ledger;
    private final String app;
    private final String settings;
    private final Images images;
    private final Supplier<Map<TopicPartition, Long>> committed;
    private final Set<TopicPartition> known = new HashSet<>();
    private final Map<TopicPartition, Run> running = new HashMap<>();

    /**
     * @param app app that the sink writes to
     * @param settings fingerprint of all settings that a decision depends on
     * @param committed what the sink's group has committed
     */
    Reevaluation(
            Ledger ledger, String app, String settings, Images images, Supplier<Map<TopicPartition, Long>> committed) {
        this.ledger = ledger;
        this.app = app;
        this.settings = settings;
        this.images = images;
        this.committed = committed;
    }

    /** Partitions that are to be read again, and from which offset. */
    Map<TopicPartition, Long> begin(Collection<TopicPartition> assigned) {
        Map<TopicPartition, Long> rewound = new HashMap<>();
        List<Note> notes = new ArrayList<>();
        Map<TopicPartition, Long> handled = null;
        for (TopicPartition partition : assigned) {
            if (known.contains(partition) || running.containsKey(partition)) {
                continue;
            }
            Map<String, String> before = noted(partition);
            if (before == null) {
                notes.add(note(partition, true));
                known.add(partition);
            } else if (settings.equals(before.get(SETTINGS)) && "true".equals(before.get(COMPLETE))) {
                known.add(partition);
            } else {
                handled = handled == null ? committed.get() : handled;
                long upTo = handled.getOrDefault(partition, 0L);
                long[] newest = upTo == 0 ? new long[0] : images.newest(partition);
                if (newest == null) {
                    continue;
                }
                boolean nothing = newest.length == 0 || newest[0] >= upTo;
                notes.add(note(partition, nothing));
                if (nothing) {
                    known.add(partition);
                } else {
                    running.put(partition, new Run(newest, upTo));
                    rewound.put(partition, newest[0]);
                }
            }
        }
        if (!notes.isEmpty()) {
            ledger.note(notes);
        }
        rewound.forEach((partition, from) -> LOG.info(
                "Filter, mapping or rules have changed: the {} records of {} are decided on anew",
                running.get(partition).newest.length,
                partition));
        return rewound;
    }

    /** Whether the image was handled before and a newer one of its record follows. */
    boolean passesOver(TopicPartition partition, long offset) {
        Run run = running.get(partition);
        return run != null && offset < run.handled && Arrays.binarySearch(run.newest, offset) < 0;
    }

    /** Whether the image was decided on before with other settings. */
    boolean covers(Work work) {
        Run run = running.get(work.partition());
        return run != null && work.offset() < run.handled;
    }

    /** Keeps back the offsets of partitions that are on their way. */
    void hold(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.keySet().removeAll(running.keySet());
    }

    /**
     * Notes what is complete.
     *
     * @param done offset before which everything delivered is finished
     */
    void settle(Map<TopicPartition, OffsetAndMetadata> done) {
        if (running.isEmpty()) {
            return;
        }
        List<TopicPartition> complete = running.entrySet().stream()
                .filter(entry -> done.containsKey(entry.getKey())
                        && done.get(entry.getKey()).offset() > entry.getValue().last())
                .map(Map.Entry::getKey)
                .toList();
        if (!complete.isEmpty()) {
            ledger.note(
                    complete.stream().map(partition -> note(partition, true)).toList());
            complete.forEach(running::remove);
            known.addAll(complete);
            LOG.info("All records of {} have been decided on anew", complete);
        }
    }

    void forget(Collection<TopicPartition> partitions) {
        known.removeAll(partitions);
        running.keySet().removeAll(partitions);
    }

    private Map<String, String> noted(TopicPartition partition) {
        return ledger.notes().stream()
                .map(Ledger.StoredNote::note)
                .filter(note -> note.owner().equals(app) && note.sourceId().equals(name(partition)))
                .map(Note::note)
                .findFirst()
                .orElse(null);
    }

    private Note note(TopicPartition partition, boolean complete) {
        return new Note(app, name(partition), Map.of(SETTINGS, settings, COMPLETE, Boolean.toString(complete)));
    }

    private static String name(TopicPartition partition) {
        return NAME + partition.topic() + "/" + partition.partition();
    }
}
