package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/** All lists; keeps the members of active ones as their filters say, some time after contacts change. */
final class ListBook {
    private static final int FIRST_ID = 101;

    private record Pending(long dueMs, long contact) {}

    private final ContactStore store;
    private final ListCondition.Context context;
    private final long maxLagMs;
    private final Random random;
    private final Map<String, ContactList> lists = new LinkedHashMap<>();
    private final PriorityQueue<Pending> pending = new PriorityQueue<>(Comparator.comparingLong(Pending::dueMs));

    ListBook(ContactStore store, PropertyCatalog catalog, HubSpotOptions options) {
        this.store = store;
        context = new ListCondition.Context(catalog, store, this::isMember);
        maxLagMs = options.listLagMaxMs();
        random = new Random(options.seed() + 4);
        store.onChange(this::changed);
    }

    private boolean isMember(String list, Contact contact) {
        ContactList other = lists.get(list);
        return other != null && other.deletedMs == 0 && other.joinedMs.containsKey(contact.id());
    }

    private void changed(ContactStore.Change change) {
        if (change.after() == null) {
            lists.values().forEach(list -> list.leave(change.id()));
        } else if (lists.values().stream().anyMatch(ContactList::isDynamic)) {
            long lag = maxLagMs <= 0 ? 0 : random.nextLong(maxLagMs + 1);
            if (lag == 0) {
                evaluate(change.after());
            } else {
                pending.add(new Pending(store.now() + lag, change.id()));
            }
        }
    }

    private void evaluate(Contact contact) {
        for (ContactList list : lists.values()) {
            if (list.isDynamic() && list.deletedMs == 0) {
                evaluate(list, contact);
            }
        }
    }

    private void evaluate(ContactList list, Contact contact) {
        if (list.isProcessing()) {
            return;
        }
        long now = store.now();
        if (list.condition.test(contact, now)) {
            list.join(contact.id(), now);
        } else {
            list.leave(contact.id());
        }
    }

    private void evaluateAll(ContactList list) {
        store.contacts(false).values().forEach(contact -> evaluate(list, contact));
    }

    /** Brings delayed effects up to the present. */
    void advance() {
        long now = store.now();
        while (!pending.isEmpty() && pending.peek().dueMs() <= now) {
            Contact contact = store.contacts(false).get(pending.poll().contact());
            if (contact != null) {
                evaluate(contact);
            }
        }
        for (ContactList list : lists.values()) {
            if (list.isProcessing() && list.processingUntilMs <= now) {
                list.processingUntilMs = 0;
                evaluateAll(list);
            }
            if (list.isDynamic() && list.deletedMs == 0 && list.condition.drifts()) {
                evaluateAll(list);
            }
        }
    }

    /** Makes a list and, if it has filters, fills it. */
    ContactList create(String name, String type, JsonNode filterBranch) {
        ContactList list = new ContactList(Integer.toString(FIRST_ID + lists.size()), name, type, store.now());
        if (filterBranch != null) {
            filter(list, filterBranch);
        }
        lists.put(list.id, list);
        return list;
    }

    /** Gives a list other filters, and the members that they ask for. */
    void filter(ContactList list, JsonNode filterBranch) {
        list.condition = ListCondition.of(filterBranch, context);
        list.filterBranch = filterBranch;
        list.filtersUpdatedMs = store.now();
        evaluateAll(list);
    }

    /** Lets the service evaluate an active list from scratch, which takes so many ms. */
    void process(String id, long ms) {
        ContactList list = lists.get(id);
        if (list == null || !list.isDynamic()) {
            throw new IllegalArgumentException("no active list: " + id);
        }
        List.copyOf(list.joinedMs.keySet()).forEach(list::leave);
        list.processingUntilMs = store.now() + ms;
    }

    /** A list that is there, or one that was deleted and is kept. */
    ContactList requireEvenDeleted(String id) {
        ContactList list = lists.get(id);
        return list == null ? require(id) : list;
    }

    void restore(ContactList list) {
        list.deletedMs = 0;
        if (list.isDynamic()) {
            evaluateAll(list);
        }
    }

    Collection<ContactList> all() {
        return lists.values();
    }

    /** The list, deleted or not; null when there never was one. */
    ContactList find(String id) {
        return lists.get(id);
    }

    /** The list of that name, in any case; null when there is none. */
    ContactList named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return lists.values().stream()
                .filter(list -> list.deletedMs == 0
                        && list.name.toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst()
                .orElse(null);
    }

    /** Whether filters of a list ask for the property. */
    boolean filtersBy(String property) {
        return lists.values().stream()
                .filter(list -> list.deletedMs == 0 && list.filterBranch != null)
                .anyMatch(list -> list.filterBranch.findValuesAsText("property").contains(property));
    }

    ContactList require(String id) {
        ContactList list = lists.get(id);
        if (list == null || list.deletedMs != 0) {
            throw new ApiException(404, "OBJECT_NOT_FOUND", "List does not exist with ID " + id + ".");
        }
        return list;
    }
}
