package io.github.crmsync.simulation;

import io.github.crmsync.core.record.Origin;
import java.util.ArrayList;
import java.util.List;

/** Both sources: each sends the newest image of what has changed, sooner or later, now and then twice. */
final class Sources {
    private final World world;
    private final Images images;
    private final boolean reportDeletions;

    Sources(World world, Images images) {
        this.world = world;
        this.images = images;
        this.reportDeletions = !world.choices().chance(0.3);
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
        crm.observed();
        Topic topic = topic(crm);
        topic.add(topic.partitionOf(row.id), images.of(crm, row, origin, topic));
    }

    private Topic topic(Crm crm) {
        return crm.isHubspot() ? world.hubspotTopic : world.dynamicsTopic;
    }
}
