package io.github.crmsync.simulation;

import io.github.crmsync.core.record.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Both sources: each sends the newest image of what has changed, sooner or later, now and then twice. */
final class Sources {
    private final World world;
    private final Images images;
    private final boolean reportDeletions;
    /** Keys of records that were deleted without a notice. */
    private final Set<String> hidden = new HashSet<>();
    /** The app whose first reading has not ended; null for none. */
    private Crm inSnapshot;

    Sources(World world, Images images) {
        this.world = world;
        this.images = images;
        // Without notice of deletions a full replay cannot tell a restored record from one that is gone (window W8).
        this.reportDeletions = !world.choices().chance(0.3) || world.scenario().restores();
    }

    static String key(Crm crm, String id) {
        return crm.app + ":" + id;
    }

    /** Whether the record was deleted without a notice. */
    boolean hidDeletion(String key) {
        return hidden.contains(key);
    }

    /** The first reading of an app begins: what is sent until {@link #endSnapshot} belongs to it. */
    void beginSnapshot(Crm crm) {
        inSnapshot = crm;
    }

    /** The first reading ends with a mark in every partition that the source knows of. */
    void endSnapshot() {
        if (inSnapshot != null) {
            poll(inSnapshot, 1);
            Topic topic = topic(inSnapshot);
            int known = 1 + world.choices().next(topic.partitions());
            for (int i = 0; i < known; i++) {
                topic.add(i, Images.mark(inSnapshot, topic, i, known));
            }
            world.findings.situation(
                    known < topic.partitions() ? "not every partition is marked" : "every partition is marked");
            inSnapshot = null;
        }
    }

    boolean inSnapshot() {
        return inSnapshot != null;
    }

    /** Sends each changed record with this probability. */
    void poll(Crm crm, double probability) {
        for (String id : List.copyOf(crm.changed)) {
            if (crm.rows.containsKey(id)) {
                if (world.choices().chance(probability)) {
                    send(crm, crm.rows.get(id), Origin.LIVE);
                    crm.changed.remove(id);
                    if (world.choices().chance(0.1)) {
                        send(crm, crm.rows.get(id), Origin.LIVE);
                    }
                }
            } else if (!reportDeletions || world.scenario().onePair()) {
                crm.changed.remove(id);
                hidden.add(key(crm, id));
            } else if (world.choices().chance(probability)) {
                Topic topic = topic(crm);
                topic.add(topic.partitionOf(id), images.deletion(crm, crm.deleted.get(id), topic));
                crm.changed.remove(id);
            }
        }
    }

    /** Sends the newest image of every record. */
    void sweep(Crm crm) {
        for (Crm.Row row : new ArrayList<>(crm.rows.values())) {
            send(crm, row, Origin.SWEEP);
            crm.changed.remove(row.id);
        }
        poll(crm, 1);
    }

    private void send(Crm crm, Crm.Row row, Origin origin) {
        Topic topic = topic(crm);
        Origin why = crm == inSnapshot ? Origin.SNAPSHOT : origin;
        topic.add(topic.partitionOf(row.id), images.of(crm, row, why, topic));
    }

    private Topic topic(Crm crm) {
        return crm.isHubspot() ? world.hubspotTopic : world.dynamicsTopic;
    }
}
