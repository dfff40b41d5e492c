package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.ServiceFailedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads contacts for the passes of the source. One that HubSpot fails on (HTTP 500) while it answers otherwise holds up nobody:
 * it is set aside, and read again after growing pauses, at last by the next sweep. Used by one thread.
 */
final class ImageReader {
    private static final Logger LOG = LoggerFactory.getLogger(ImageReader.class);
    /** Parts that a failing call is split into. */
    private static final int PARTS = 4;

    private static final long FIRST_PAUSE_MS = 60_000;
    private static final int DOUBLINGS = 6;
    /** About half a day. */
    private static final int TRIES = 15;
    /** All that a page of a list needs to hold for {@link #read}. */
    private static final List<String> ID = List.of("hs_object_id");

    /**
     * What a call has brought.
     *
     * @param unread ids of those that HubSpot fails on: nothing is known of them
     */
    record Reading(List<Contact> contacts, Set<String> unread) {}

    private final SourceState state;
    private final Map<String, Integer> tries = new HashMap<>();

    ImageReader(SourceState state) {
        this.state = state;
    }

    /** Up to 100 whole contacts, those that exist. */
    List<Contact> read(Collection<String> ids) {
        return read(ids, state.wanted()).contacts();
    }

    /** Up to 100 contacts with some of their properties. */
    Reading read(Collection<String> ids, Collection<String> properties) {
        try {
            Reading whole = new Reading(state.feed.batchRead(ids, properties, null), Set.of());
            tries.keySet().removeAll(ids);
            return whole;
        } catch (ServiceFailedException e) {
            // Where this fails, too, none of the contacts is to blame.
            state.feed.listContacts(null, ID);
            Reading parts = new Reading(new ArrayList<>(), new HashSet<>());
            apart(List.copyOf(ids), properties, e, parts);
            return parts;
        }
    }

    /** A page of whole contacts in the order of their ids. */
    HubSpotApi.Page page(String after) {
        try {
            return state.feed.listContacts(after, state.wanted());
        } catch (ServiceFailedException e) {
            HubSpotApi.Page ids = state.feed.listContacts(after, ID);
            List<String> found = ids.contacts().stream().map(Contact::id).toList();
            return new HubSpotApi.Page(found.isEmpty() ? List.of() : read(found), ids.next());
        }
    }

    /** Whether a contact was set aside and waits to be read again. */
    boolean isSetAside(String id) {
        return tries.containsKey(id) && state.isSentAgain(id);
    }

    private void apart(List<String> ids, Collection<String> properties, ServiceFailedException failure, Reading parts) {
        if (ids.size() == 1) {
            parts.unread().add(ids.get(0));
            setAside(ids.get(0), failure);
            return;
        }
        int size = (ids.size() + PARTS - 1) / PARTS;
        for (int from = 0; from < ids.size(); from += size) {
            List<String> part = ids.subList(from, Math.min(ids.size(), from + size));
            try {
                parts.contacts().addAll(state.feed.batchRead(part, properties, null));
                tries.keySet().removeAll(part);
            } catch (ServiceFailedException e) {
                apart(part, properties, e, parts);
            }
        }
    }

    private void setAside(String id, ServiceFailedException failure) {
        int failed = tries.merge(id, 1, Integer::sum);
        if (failed < TRIES) {
            long pause = FIRST_PAUSE_MS << Math.min(failed - 1, DOUBLINGS);
            LOG.warn(
                    "HubSpot cannot read contact {}, which is read again in {} s; the others go on: {}",
                    id,
                    pause / 1000,
                    failure.getMessage());
            state.sendAgain(id, state.clock.getAsLong() + pause);
        } else {
            tries.remove(id);
            LOG.error("HubSpot could not read contact {} {} times. The next sweep tries again", id, TRIES, failure);
        }
    }
}
