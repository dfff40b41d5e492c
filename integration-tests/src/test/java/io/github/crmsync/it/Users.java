package io.github.crmsync.it;

import io.github.crmsync.sandbox.run.Crms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * People who create, edit and delete in both apps, by a seed, and what has to come of it: a value that nobody replaced
 * knowingly, in both apps, and no record that nobody made.
 */
final class Users {
    /** HubSpot property and Dynamics column. */
    private static final List<Map.Entry<String, String>> FIELDS = List.of(
            Map.entry("jobtitle", "jobtitle"),
            Map.entry("city", "address1_city"),
            Map.entry("phone", "telephone1"),
            Map.entry("fax", "fax"),
            Map.entry("firstname", "firstname"));

    /** Some columns of Dynamics take no more characters than that. */
    private static final int LONGEST = 50;

    private static final int DELETIONS = 4;
    private static final int CREATIONS = 12;
    private static final int PERCENT = 100;

    private record Cell(String email, Map.Entry<String, String> field) {}

    private final HubSpot hubspot;
    private final Dynamics dynamics;
    private final Set<String> deleted = new HashSet<>();
    /** Last value of each app's users, of the cells that were edited since the last agreement. */
    private final Map<Cell, Map<String, String>> edits = new LinkedHashMap<>();

    private Map<String, String> contacts = Map.of();
    private Map<String, String> rows = Map.of();
    private int expectedContacts;
    private int expectedRows;
    private int serial;

    Users(Crms crms) {
        hubspot = new HubSpot(crms.hubspotFacts());
        dynamics = new Dynamics(crms.dynamicsFacts());
    }

    /** People whose record is gone on one side. */
    Set<String> deleted() {
        return deleted;
    }

    /** Begins anew from two sides that agree. */
    void agreed(Crms.View view) {
        edits.clear();
        contacts = new TreeMap<>(view.hubspotIds());
        rows = new TreeMap<>(view.dynamicsIds());
        contacts.keySet().retainAll(rows.keySet());
        contacts.keySet().removeAll(deleted);
        contacts.remove("");
        // Where one app refuses the other's value, an edit of the refusing side has nowhere to go.
        contacts.keySet().removeIf(email -> FIELDS.stream().anyMatch(field -> refused(view, email, field)));
        expectedContacts = view.hubspotCount();
        expectedRows = view.dynamicsCount();
    }

    private static boolean refused(Crms.View view, String email, Map.Entry<String, String> field) {
        String value = view.hubspot().get(email).get(field.getKey());
        return value != null
                && value.length() > LONGEST
                && !value.equals(view.dynamics().get(email).get(field.getValue()));
    }

    /** A number of edits with pauses between them; ends exceptionally if an app refuses one. */
    CompletableFuture<Void> work(long seed, int count, int longestPauseMs) {
        Random random = new Random(seed);
        List<String> emails = new ArrayList<>(contacts.keySet());
        return CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
                act(random, emails);
                pause(random.nextInt(longestPauseMs));
            }
        });
    }

    /** One edit of another person in each app. */
    void editBothSides() {
        List<String> emails = List.copyOf(contacts.keySet());
        serial++;
        edit(emails.get(0), FIELDS.get(0), true);
        edit(emails.get(1), FIELDS.get(0), false);
    }

    private static void pause(int ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void act(Random random, List<String> emails) {
        String email = emails.get(random.nextInt(emails.size()));
        Map.Entry<String, String> field = FIELDS.get(random.nextInt(FIELDS.size()));
        boolean inHubSpot = random.nextBoolean();
        int kind = random.nextInt(PERCENT);
        serial++;
        if (kind < DELETIONS) {
            if (!edited(email)) {
                delete(email, inHubSpot);
            }
        } else if (kind < DELETIONS + CREATIONS) {
            create("new" + serial + "@example.org", inHubSpot);
        } else if (!deleted.contains(email)) {
            edit(email, field, inHubSpot);
        }
    }

    private boolean edited(String email) {
        return deleted.contains(email)
                || edits.keySet().stream().anyMatch(cell -> cell.email().equals(email));
    }

    private void delete(String email, boolean inHubSpot) {
        deleted.add(email);
        if (inHubSpot) {
            hubspot.archive(contacts.get(email));
            expectedContacts--;
        } else {
            dynamics.delete(rows.get(email));
            expectedRows--;
        }
    }

    private void create(String email, boolean inHubSpot) {
        String name = "Name " + serial;
        if (inHubSpot) {
            hubspot.create(Map.of("email", email, "firstname", name));
        } else {
            dynamics.create(Map.of("emailaddress1", email, "firstname", name, "lastname", name));
        }
        expectedContacts++;
        expectedRows++;
    }

    private void edit(String email, Map.Entry<String, String> field, boolean inHubSpot) {
        String value = "Value " + serial;
        edits.computeIfAbsent(new Cell(email, field), cell -> new HashMap<>())
                .put(inHubSpot ? "hubspot" : "dynamics", value);
        if (inHubSpot) {
            hubspot.update(contacts.get(email), Map.of(field.getKey(), value));
        } else {
            dynamics.update(rows.get(email), Map.of(field.getValue(), value));
        }
    }

    /** What is not as it has to be in the end; the same list twice in a row means that nothing is on its way. */
    List<String> complaints(Crms.View view) {
        Set<String> complaints = new LinkedHashSet<>(view.differences());
        if (view.hubspotCount() != expectedContacts || view.dynamicsCount() != expectedRows) {
            complaints.add("there are %d contacts and %d rows instead of %d and %d"
                    .formatted(view.hubspotCount(), view.dynamicsCount(), expectedContacts, expectedRows));
        }
        edits.forEach((cell, values) -> {
            String left = view.hubspot().getOrDefault(cell.email, Map.of()).get(cell.field.getKey());
            String right = view.dynamics().getOrDefault(cell.email, Map.of()).get(cell.field.getValue());
            if (!values.containsValue(left) || !values.containsValue(right)) {
                complaints.add("%s of %s was last set to %s, and is %s and %s"
                        .formatted(cell.field.getKey(), cell.email, values, left, right));
            }
        });
        return List.copyOf(complaints);
    }
}
