package io.github.crmsync.hubspot;

import io.github.crmsync.hubspot.SourceOffset.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for linked contacts that no longer exist and that no feed has reported: deleted for privacy reasons, gone from the
 * archive, merged unseen. A restart begins a check anew, which does no harm.
 */
final class DeletionCheck implements Pass {
    private static final Logger LOG = LoggerFactory.getLogger(DeletionCheck.class);
    private static final long RETRY_MS = 600_000;
    /**
     * As many at once that are gone without a trace: rather the credentials of another portal than deletions, where the token
     * cannot see which portal it belongs to.
     */
    private static final int TOO_MANY = 20;

    private final SourceState state;
    private final LinkedContacts linked;
    private final long interval;
    private final Set<String> ids = new LinkedHashSet<>();
    private LinkedContacts.Ids stream;
    private boolean ended;
    private long began;
    private long nextStep;

    /** @param linked null for no check */
    DeletionCheck(SourceState state, LinkedContacts linked) {
        this.state = state;
        this.linked = linked;
        interval = state.setting(HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS);
    }

    /**
     * Whether any contact is linked, so that a source that begins has perhaps lost its offset; assumed where the ledger cannot
     * be read now.
     */
    boolean knowsLinks() {
        if (linked == null || interval == 0) {
            return false;
        }
        try (LinkedContacts.Ids known = linked.open()) {
            return !known.next().isEmpty();
        } catch (RetriableException e) {
            LOG.warn("Whether contacts are linked is not known yet: {}", e.getMessage());
            return true;
        }
    }

    @Override
    public long due() {
        if (linked == null || interval == 0) {
            return NEVER;
        }
        if (stream != null) {
            return nextStep;
        }
        long wait = state.offset.get(Mark.CHECKED) + interval - state.feed.now();
        return Math.max(nextStep, state.clock.getAsLong() + wait);
    }

    @Override
    public List<SourceRecord> step(long now) {
        nextStep = now + state.patienceMs();
        if (!fill(now)) {
            return List.of();
        }
        SourceOffset before = state.offset;
        List<String> part = ids.stream().limit(HubSpotApi.BATCH).toList();
        Delivery delivery = part.isEmpty() ? new Delivery(state) : check(part);
        if (delivery == null) {
            LOG.warn(
                    "None of {} linked contacts exists in HubSpot, and none was archived or merged. This is not taken"
                            + " for deletions: check that the credentials belong to the portal of this sync. The check is"
                            + " over",
                    part.size());
            return end(new Delivery(state), before);
        }
        part.forEach(ids::remove);
        return ended && ids.isEmpty() ? end(delivery, before) : delivery.from(before);
    }

    private List<SourceRecord> end(Delivery delivery, SourceOffset before) {
        close();
        state.offset = before.with(Mark.CHECKED, began);
        return delivery.from(before);
    }

    /** Collects ids for a call; false if the ledger cannot be read now. */
    private boolean fill(long now) {
        try {
            if (stream == null) {
                began = state.feed.now();
                stream = linked.open();
            }
            while (!ended && ids.size() < HubSpotApi.BATCH) {
                Set<String> more = stream.next();
                ended = more.isEmpty();
                ids.addAll(more);
            }
            return true;
        } catch (RetriableException e) {
            LOG.warn("The check for deleted contacts begins anew in {} s: {}", RETRY_MS / 1000, e.getMessage());
            close();
            nextStep = now + RETRY_MS;
            return false;
        }
    }

    /** Null if the answers are not to be believed. */
    private Delivery check(List<String> part) {
        long readAt = state.feed.now();
        Map<String, Contact> survivors = new HashMap<>();
        Set<String> absent = new LinkedHashSet<>(part);
        ImageReader.Reading read = state.images.read(part, List.of(Contact.MODIFIED, Contact.MERGED_IDS));
        absent.removeAll(read.unread());
        read.contacts().forEach(contact -> absent.remove(contact.id()));
        for (Contact contact : read.contacts()) {
            for (String merged : contact.mergedIds()) {
                if (absent.remove(merged)) {
                    survivors.put(merged, contact);
                }
            }
        }
        Delivery delivery = new Delivery(state);
        if (!absent.isEmpty()) {
            for (Contact archived : state.feed.readArchived(absent)) {
                if (absent.remove(archived.id())) {
                    delivery.tombstone(archived.id(), Math.max(archived.deletedAt(), archived.updatedAt()), null);
                }
            }
        }
        List<String> gone = new ArrayList<>();
        for (String id : absent) {
            // An id that was merged away answers under its survivor's.
            Contact found = state.feed.find(id);
            if (found == null) {
                gone.add(id);
            } else if (!found.id().equals(id)) {
                survivors.put(id, found);
            }
        }
        if (gone.size() == part.size()
                && gone.size() >= TOO_MANY
                && state.offset.portal().isEmpty()) {
            return null;
        }
        gone.forEach(id -> delivery.tombstone(id, readAt, null));
        moved(survivors, delivery);
        return delivery;
    }

    private void moved(Map<String, Contact> survivors, Delivery delivery) {
        if (survivors.isEmpty()) {
            return;
        }
        Set<String> wanted = new LinkedHashSet<>();
        survivors.values().forEach(contact -> wanted.add(contact.id()));
        Map<String, Contact> whole = new HashMap<>();
        state.images.read(wanted).forEach(contact -> whole.put(contact.id(), contact));
        survivors.forEach((id, survivor) -> {
            if (whole.containsKey(survivor.id())) {
                delivery.moved(id, whole.get(survivor.id()));
            }
        });
    }

    @Override
    public void close() {
        ids.clear();
        ended = false;
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
