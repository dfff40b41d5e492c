package io.github.crmsync.sandbox.hubspot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The primary store. Callers hold the store's monitor over a whole request. */
final class ContactStore {
    private static final long FIRST_ID = 171_596_044_000L;
    private static final long SECOND_BUMP_AFTER_MS = 700;

    private record Bump(long dueMs, long id) {}

    /** What became of a contact; {@code after} is null when it is no longer there. */
    record Change(long id, Contact after) {}

    private final HubSpotOptions options;
    private final PropertyCatalog catalog;
    private final SearchIndex index;
    private final NavigableMap<Long, Contact> live = new TreeMap<>();
    private final NavigableMap<Long, Contact> archived = new TreeMap<>();
    private final Map<String, Long> byEmail = new HashMap<>();
    private final Map<String, Map<String, Long>> byUnique = new HashMap<>();
    private final Map<Long, Long> mergedInto = new HashMap<>();
    private final PropertyHistory history = new PropertyHistory();
    private final Set<String> blockedEmails = new HashSet<>();
    private final Deque<Bump> bumps = new ArrayDeque<>();
    private final Random random;
    private long nextId = FIRST_ID;
    private long versions;
    private String actor = Tokens.App.PRIVATE.id();
    private Consumer<Change> listener = change -> {};

    ContactStore(HubSpotOptions options, PropertyCatalog catalog) {
        this.options = options;
        this.catalog = catalog;
        index = new SearchIndex(options.indexLagMaxMs(), options.seed());
        random = new Random(options.seed() + 1);
    }

    /** Brings delayed effects up to the present. */
    void tick() {
        long now = now();
        while (!bumps.isEmpty() && bumps.peek().dueMs() <= now) {
            Bump bump = bumps.poll();
            Contact contact = live.get(bump.id());
            if (contact != null) {
                Contact bumped = contact.changed(++versions, bump.dueMs(), Map.of());
                live.put(bump.id(), bumped);
                index.changed(bumped, bump.dueMs());
                listener.accept(new Change(bumped.id(), bumped));
            }
        }
        index.advance(now);
    }

    /** Names the app that writes from now on. */
    void actAs(String appId) {
        actor = appId;
    }

    /** Lets somebody know of every contact that changes. */
    void onChange(Consumer<Change> newListener) {
        listener = newListener;
    }

    long now() {
        return options.clock().millis();
    }

    SearchIndex index() {
        return index;
    }

    NavigableMap<Long, Contact> contacts(boolean inArchive) {
        return inArchive ? archived : live;
    }

    /** The live contact an id stands for, following merges; null when there is none. */
    Contact byId(long id) {
        long current = id;
        while (mergedInto.containsKey(current)) {
            current = mergedInto.get(current);
        }
        return live.get(current);
    }

    Contact archivedById(long id) {
        return archived.get(id);
    }

    /** The owner of a primary or additional address; null when nobody has it. */
    Contact byEmail(String email) {
        Long id = byEmail.get(email.strip().toLowerCase(Locale.ROOT));
        return id == null ? null : live.get(id);
    }

    Contact byUnique(String property, String value) {
        Long id = byUnique.getOrDefault(property, Map.of()).get(value);
        return id == null ? null : live.get(id);
    }

    boolean blocked(String email) {
        return blockedEmails.contains(email);
    }

    /** Puts a contact in place without any trace of a request: visible to searches at once. */
    Contact load(Map<String, String> properties, long atMs) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.putIfAbsent("lifecyclestage", "lead");
        all.put("hs_object_source", "IMPORT");
        all.put("hs_object_source_label", "IMPORT");
        all.computeIfPresent("email", (name, email) -> email.toLowerCase(Locale.ROOT));
        Contact contact = new Contact(takeId(), ++versions, atMs, atMs, 0, PropertyBag.EMPTY.with(all));
        live.put(contact.id(), contact);
        register(contact);
        index.addNow(contact);
        listener.accept(new Change(contact.id(), contact));
        return contact;
    }

    Contact create(Map<String, String> properties) {
        long now = now();
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.putIfAbsent("lifecyclestage", "lead");
        if ("lead".equals(all.get("lifecyclestage"))) {
            all.put("hs_lifecyclestage_lead_date", Long.toString(now));
        }
        all.put("hs_object_source", "INTEGRATION");
        all.put("hs_object_source_id", actor);
        all.put("hs_object_source_label", "INTEGRATION");
        Contact contact = new Contact(takeId(), ++versions, now, now, 0, PropertyBag.EMPTY.with(all));
        written(contact, now);
        return contact;
    }

    Contact update(Contact before, Map<String, String> changes) {
        return update(before, changes, "INTEGRATION", actor);
    }

    /** A calculated property has another value by itself: the modification time stays. */
    void recalculate(long id, Map<String, String> values) {
        Contact before = byId(id);
        unregister(before);
        Contact after = new Contact(
                before.id(),
                before.version(),
                before.createdMs(),
                before.modifiedMs(),
                before.archivedMs(),
                before.bag().with(values));
        live.put(after.id(), after);
        register(after);
    }

    /** A user's edit in the app; an id that was merged away stands for the survivor. */
    void edit(long id, Map<String, String> changes) {
        tick();
        update(byId(id), changes, "CRM_UI", "userId:1");
    }

    private Contact update(Contact before, Map<String, String> changes, String sourceType, String sourceId) {
        long now = now();
        Map<String, String> all = new LinkedHashMap<>(changes);
        String email = changes.get("email");
        String oldEmail = before.bag().get("email");
        if (email != null
                && !email.isEmpty()
                && oldEmail != null
                && before.emails().indexOf(email) > 0) {
            Set<String> additional = new LinkedHashSet<>(before.emails());
            additional.remove(email);
            all.put("hs_additional_emails", String.join(";", additional));
        }
        history.remember(before, all, now, sourceType, sourceId);
        Contact after = before.changed(++versions, now, all);
        unregister(before);
        written(after, now);
        return after;
    }

    private void written(Contact contact, long now) {
        live.put(contact.id(), contact);
        register(contact);
        index.changed(contact, now);
        listener.accept(new Change(contact.id(), contact));
        if (options.has(Quirk.SECOND_BUMP)) {
            bumps.add(new Bump(now + SECOND_BUMP_AFTER_MS, contact.id()));
        }
    }

    void archive(Contact contact) {
        long now = now();
        unregister(contact);
        live.remove(contact.id());
        Contact gone = contact.archivedAt(++versions, now);
        archived.put(gone.id(), gone);
        index.changed(gone, now);
        listener.accept(new Change(gone.id(), null));
    }

    boolean restore(long id) {
        tick();
        Contact gone = archived.remove(id);
        if (gone == null) {
            throw new IllegalArgumentException("not in the archive: " + id);
        }
        if (gone.emails().stream().anyMatch(email -> byEmail(email) != null)) {
            archived.put(id, gone);
            return false;
        }
        long now = now();
        written(new Contact(id, ++versions, gone.createdMs(), now, 0, gone.bag()), now);
        return true;
    }

    void purge(Contact contact) {
        unregister(contact);
        live.remove(contact.id());
        archived.remove(contact.id());
        history.forget(contact.id());
        index.removed(contact.id(), ++versions, now());
        listener.accept(new Change(contact.id(), null));
    }

    void block(String email) {
        blockedEmails.add(email);
    }

    Contact merge(Contact primary, Contact secondary) {
        long now = now();
        Map<String, String> all = secondary.bag().toMap();
        all.putAll(primary.bag().toMap());
        Set<String> emails = new LinkedHashSet<>(primary.emails());
        emails.addAll(secondary.emails());
        List<String> ordered = new ArrayList<>(emails);
        if (!ordered.isEmpty()) {
            all.put("email", ordered.get(0));
            all.put("hs_additional_emails", String.join(";", ordered.subList(1, ordered.size())));
        }
        all.put("lifecyclestage", furthest(primary.get("lifecyclestage"), secondary.get("lifecyclestage")));
        Set<String> swallowed = new LinkedHashSet<>();
        addIds(swallowed, primary.get("hs_merged_object_ids"));
        addIds(swallowed, secondary.get("hs_merged_object_ids"));
        if (!options.has(Quirk.KEEP_MERGED_PRIMARY_ID)) {
            swallowed.add(Long.toString(primary.id()));
        }
        swallowed.add(Long.toString(secondary.id()));
        all.put("hs_merged_object_ids", String.join(";", swallowed));
        // The older property knows this merge only, not those that came before.
        all.put("hs_calculated_merged_vids", primary.id() + ":" + now + ";" + secondary.id() + ":" + now);
        long id = options.has(Quirk.KEEP_MERGED_PRIMARY_ID) ? primary.id() : takeId();
        history.move(primary.id(), id);
        for (Contact old : List.of(primary, secondary)) {
            unregister(old);
            live.remove(old.id());
            if (old.id() != id) {
                index.removed(old.id(), ++versions, now);
                mergedInto.put(old.id(), id);
                listener.accept(new Change(old.id(), null));
            }
        }
        Contact survivor = new Contact(
                id,
                ++versions,
                Math.min(primary.createdMs(), secondary.createdMs()),
                now,
                0,
                PropertyBag.EMPTY.with(all));
        written(survivor, now);
        return survivor;
    }

    private String furthest(String one, String other) {
        List<String> funnel = catalog.find("lifecyclestage").funnel();
        return funnel.indexOf(one) >= funnel.indexOf(other) ? one : other;
    }

    private static void addIds(Set<String> ids, String joined) {
        if (joined != null) {
            ids.addAll(List.of(joined.split(";")));
        }
    }

    PropertyHistory history() {
        return history;
    }

    private void register(Contact contact) {
        contact.emails().forEach(email -> byEmail.put(email, contact.id()));
        for (String name : catalog.uniqueNames()) {
            String value = contact.get(name);
            if (value != null) {
                byUnique.computeIfAbsent(name, key -> new HashMap<>()).put(value, contact.id());
            }
        }
    }

    private void unregister(Contact contact) {
        contact.emails().forEach(email -> byEmail.remove(email, contact.id()));
        byUnique.forEach((name, owners) -> {
            String value = contact.get(name);
            if (value != null) {
                owners.remove(value, contact.id());
            }
        });
    }

    private long takeId() {
        nextId += 1 + random.nextInt(7);
        return nextId;
    }
}
