package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Fingerprints;
import io.github.crmsync.core.record.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Records of one step: images that were not sent before, and tombstones. Only the last record carries the offset after the
 * step: a restart in between makes the step again.
 */
final class Delivery {
    /** An image that was read sooner after its modification may yet change within the same millisecond. */
    private static final long SETTLED_MS = 1_000;
    /**
     * After a merge the survivor is sent twice: its first image may overtake the tombstone that moves the link, because they
     * may be in different partitions.
     */
    private static final long SECOND_IMAGE_MS = 10_000;

    private final SourceState state;
    private final List<Function<SourceOffset, SourceRecord>> makers = new ArrayList<>();

    Delivery(SourceState state) {
        this.state = state;
    }

    /**
     * Adds contacts as they were read.
     *
     * @param readAt HubSpot's time before the reading
     * @param mergedSince survivors that were modified earlier bring no tombstones of what they swallowed
     */
    Delivery images(List<Contact> contacts, Origin origin, long readAt, long mergedSince) {
        for (Contact contact : contacts) {
            boolean settled = contact.updatedAt() < readAt - SETTLED_MS;
            boolean fresh = state.recent.add(
                    contact.id(),
                    contact.updatedAt(),
                    state.records.imageFingerprint(contact, scope(contact)),
                    settled);
            if (!fresh && origin == Origin.LIVE) {
                continue;
            }
            if (contact.updatedAt() >= mergedSince) {
                merged(contact, origin);
            }
            image(contact, origin);
        }
        return this;
    }

    /** Adds the end mark of a complete reading to every partition. */
    Delivery snapshotEnds() {
        int partitions = state.config.partitions();
        for (int i = 0; i < partitions; i++) {
            int partition = i;
            makers.add(at -> state.records.snapshotEnd(partition, partitions, at));
        }
        return this;
    }

    private void image(Contact contact, Origin origin) {
        String excluded = scope(contact);
        makers.add(at -> state.records.image(contact, origin, excluded, at));
    }

    private String scope(Contact contact) {
        return state.scope.includes(contact.id()) ? null : ListScope.OUTSIDE;
    }

    /** Tombstones of those that the contact has swallowed go out before its image: they move the links to it. */
    private void merged(Contact survivor, Origin origin) {
        boolean told = false;
        for (String id : survivor.mergedIds()) {
            if (state.recentDeletions.add(id, 0, Fingerprints.of(survivor.id()), true)) {
                tombstone(id, survivor.updatedAt(), survivor.id());
                told = true;
            }
        }
        if (told && origin != Origin.SNAPSHOT) {
            state.sendAgain(survivor.id(), state.clock.getAsLong() + SECOND_IMAGE_MS);
        }
    }

    /** Adds the end of a link whose contact lives on in another one, and that one, whether or not it was sent before. */
    Delivery moved(String id, Contact survivor) {
        state.recentDeletions.add(id, 0, Fingerprints.of(survivor.id()), true);
        tombstone(id, survivor.updatedAt(), survivor.id());
        image(survivor, Origin.LIVE);
        state.sendAgain(survivor.id(), state.clock.getAsLong() + SECOND_IMAGE_MS);
        return this;
    }

    /** @param movedTo id of the contact that took this one's place; null for none */
    Delivery tombstone(String id, long version, String movedTo) {
        state.recent.forget(id);
        makers.add(at -> state.records.tombstone(id, version, movedTo, at));
        return this;
    }

    /** Adds what is no contact. */
    Delivery add(Function<SourceOffset, SourceRecord> maker) {
        makers.add(maker);
        return this;
    }

    /** Makes the records; the last one closes the step and moves the offset to where the state is now. */
    List<SourceRecord> from(SourceOffset before) {
        List<SourceRecord> result = new ArrayList<>(makers.size());
        for (int i = 0; i < makers.size(); i++) {
            result.add(makers.get(i).apply(i == makers.size() - 1 ? state.offset : before));
        }
        return result;
    }
}
