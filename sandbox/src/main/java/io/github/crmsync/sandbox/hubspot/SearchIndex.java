package io.github.crmsync.sandbox.hubspot;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/** What searches see: versions of contacts that show up only some time after they were written. */
final class SearchIndex {
    /** Order of modification; the id separates equal instants. */
    record Moment(long modifiedMs, long id) implements Comparable<Moment> {
        @Override
        public int compareTo(Moment other) {
            int byTime = Long.compare(modifiedMs, other.modifiedMs);
            return byTime != 0 ? byTime : Long.compare(id, other.id);
        }
    }

    private record Pending(long visibleAtMs, long version, long id, Contact contact) {}

    private final NavigableMap<Long, Contact> byId = new TreeMap<>();
    private final NavigableMap<Moment, Contact> byMoment = new TreeMap<>();
    private final Map<Long, Long> removedAtVersion = new HashMap<>();
    private final PriorityQueue<Pending> pending =
            new PriorityQueue<>(Comparator.comparingLong(Pending::visibleAtMs).thenComparingLong(Pending::version));
    private final long maxLagMs;
    private final Random random;

    SearchIndex(long maxLagMs, long seed) {
        this.maxLagMs = maxLagMs;
        random = new Random(seed);
    }

    void addNow(Contact contact) {
        apply(contact.id(), contact.version(), contact);
    }

    void changed(Contact contact, long nowMs) {
        later(contact.id(), contact.version(), contact.archived() ? null : contact, nowMs);
    }

    void removed(long id, long version, long nowMs) {
        later(id, version, null, nowMs);
    }

    private void later(long id, long version, Contact contact, long nowMs) {
        long lag = maxLagMs <= 0 ? 0 : random.nextLong(maxLagMs + 1);
        if (lag == 0) {
            apply(id, version, contact);
        } else {
            pending.add(new Pending(nowMs + lag, version, id, contact));
        }
    }

    /** Makes everything visible whose time has come. */
    void advance(long nowMs) {
        while (!pending.isEmpty() && pending.peek().visibleAtMs() <= nowMs) {
            Pending due = pending.poll();
            apply(due.id(), due.version(), due.contact());
        }
    }

    private void apply(long id, long version, Contact contact) {
        Contact seen = byId.get(id);
        long seenVersion = seen == null ? removedAtVersion.getOrDefault(id, -1L) : seen.version();
        if (seenVersion >= version) {
            return;
        }
        if (seen != null) {
            byMoment.remove(new Moment(seen.modifiedMs(), id));
        }
        if (contact == null) {
            byId.remove(id);
            removedAtVersion.put(id, version);
        } else {
            byId.put(id, contact);
            byMoment.put(new Moment(contact.modifiedMs(), id), contact);
        }
    }

    /** Contacts with an id in the closed range, by ascending id. */
    Collection<Contact> byId(long from, long to) {
        return from > to
                ? java.util.List.of()
                : byId.subMap(from, true, to, true).values();
    }

    /** Contacts last modified in the closed range, oldest change first. */
    Collection<Contact> byModification(long fromMs, long toMs) {
        if (fromMs > toMs) {
            return java.util.List.of();
        }
        return byMoment.subMap(new Moment(fromMs, Long.MIN_VALUE), true, new Moment(toMs, Long.MAX_VALUE), true)
                .values();
    }
}
