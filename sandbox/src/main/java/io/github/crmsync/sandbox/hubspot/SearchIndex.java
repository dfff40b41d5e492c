package io.github.crmsync.sandbox.hubspot;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.ToLongFunction;

/** What searches see: versions of contacts that show up only some time after they were written. */
final class SearchIndex {
    /** Numbers by which the index is sorted. */
    enum Key {
        ID(Contact::id),
        MODIFIED(Contact::modifiedMs),
        CREATED(Contact::createdMs),
        /** A hash, so that a contact is found by its address without looking at all. */
        EMAIL(contact -> hash(contact.bag().get("email")));

        private final ToLongFunction<Contact> value;

        Key(ToLongFunction<Contact> value) {
            this.value = value;
        }

        long of(Contact contact) {
            return value.applyAsLong(contact);
        }

        static long hash(String email) {
            return email == null ? Long.MIN_VALUE : email.hashCode();
        }

        /** The key that a property stands for; null when there is none. */
        static Key of(String property) {
            return switch (property) {
                case "hs_object_id" -> ID;
                case "lastmodifieddate" -> MODIFIED;
                case "createdate" -> CREATED;
                case "email" -> EMAIL;
                default -> null;
            };
        }

        Comparator<Contact> order() {
            return Comparator.comparingLong(value).thenComparingLong(Contact::id);
        }
    }

    /** A run of contacts, sorted by one key: those at the positions from, inclusive, to, exclusive. */
    record Range(Key key, int from, int to) {
        int size() {
            return Math.max(0, to - from);
        }
    }

    private record Pending(long visibleAtMs, long version, long id, Contact contact) {}

    private final Map<Key, BlockIndex<Contact>> sorted = new EnumMap<>(Key.class);
    private final Map<Long, Long> removedAtVersion = new HashMap<>();
    private final PriorityQueue<Pending> pending =
            new PriorityQueue<>(Comparator.comparingLong(Pending::visibleAtMs).thenComparingLong(Pending::version));
    private final long maxLagMs;
    private final Random random;

    SearchIndex(long maxLagMs, long seed) {
        this.maxLagMs = maxLagMs;
        random = new Random(seed);
        for (Key key : Key.values()) {
            sorted.put(key, new BlockIndex<>(key.order()));
        }
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
        Contact seen = sorted.get(Key.ID).find(other -> Long.compare(other.id(), id));
        long seenVersion = seen == null ? removedAtVersion.getOrDefault(id, -1L) : seen.version();
        if (seenVersion >= version) {
            return;
        }
        if (seen != null) {
            sorted.values().forEach(index -> index.remove(seen));
        }
        if (contact == null) {
            removedAtVersion.put(id, version);
        } else {
            sorted.values().forEach(index -> index.add(contact));
        }
    }

    /** The contacts whose key lies in the closed range. */
    Range range(Key key, long low, long high) {
        if (low > high) {
            return new Range(key, 0, 0);
        }
        BlockIndex<Contact> index = sorted.get(key);
        int from = low == Long.MIN_VALUE ? 0 : index.rank(contact -> Long.compare(key.of(contact), low));
        int to = high == Long.MAX_VALUE ? index.size() : index.rank(contact -> key.of(contact) <= high ? -1 : 1);
        return new Range(key, from, to);
    }

    /** The contacts of a range, by ascending key. */
    List<Contact> contacts(Range range) {
        return sorted.get(range.key()).view(range.from(), range.to());
    }
}
