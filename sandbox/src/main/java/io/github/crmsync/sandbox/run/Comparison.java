package io.github.crmsync.sandbox.run;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether two CRMs agree, judged from their records alone: records are paired by e-mail address, without any link that
 * the connectors keep, and each pair is compared field by field.
 */
final class Comparison {
    private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@.]+(\\.[^\\s@.]+)+");
    private static final int SAMPLE = 20;

    /** Which sides must have what the other one has. */
    enum Direction {
        TWO_WAY,
        HUBSPOT_TO_DYNAMICS,
        DYNAMICS_TO_HUBSPOT;

        boolean intoDynamics() {
            return this != DYNAMICS_TO_HUBSPOT;
        }

        boolean intoHubSpot() {
            return this != HUBSPOT_TO_DYNAMICS;
        }
    }

    /**
     * @param tooLong texts that the Dynamics column cannot hold; a declared difference
     * @param missing records without their counterpart
     * @param different pairs that do not agree
     * @param examples the first differences, by record id and field name, never by value
     */
    record Result(
            int hubspot,
            int dynamics,
            int linked,
            int noEmail,
            int duplicates,
            int tooLong,
            int missing,
            int different,
            List<String> examples) {
        boolean converged() {
            return missing == 0 && different == 0;
        }
    }

    private final List<FieldPair> fields;
    private final Direction direction;
    private final List<String> examples = new ArrayList<>();
    private int noEmail;
    private int duplicates;
    private int linked;
    private int tooLong;
    private int missing;
    private int different;

    private Comparison(List<FieldPair> fields, Direction direction) {
        this.fields = fields;
        this.direction = direction;
    }

    static Result compare(
            List<CrmRecord> hubspot, List<CrmRecord> dynamics, List<FieldPair> fields, Direction direction) {
        return new Comparison(fields, direction).run(hubspot, dynamics);
    }

    private Result run(List<CrmRecord> hubspot, List<CrmRecord> dynamics) {
        Map<String, List<CrmRecord>> left = byEmail(hubspot, FieldPair.EMAIL.hubspot());
        Map<String, List<CrmRecord>> right = byEmail(dynamics, FieldPair.EMAIL.dynamics());
        left.forEach((email, contacts) -> judge(contacts, right.getOrDefault(email, List.of())));
        right.forEach((email, rows) -> {
            if (!left.containsKey(email)) {
                onlyInDynamics(rows);
            }
        });
        return new Result(
                hubspot.size(),
                dynamics.size(),
                linked,
                noEmail,
                duplicates,
                tooLong,
                missing,
                different,
                List.copyOf(examples));
    }

    private Map<String, List<CrmRecord>> byEmail(List<CrmRecord> records, String emailField) {
        Map<String, List<CrmRecord>> groups = new LinkedHashMap<>();
        for (CrmRecord record : records) {
            String email = normal(FieldPair.EMAIL, record.fields().get(emailField));
            if (EMAIL.matcher(email).matches()) {
                groups.computeIfAbsent(email, e -> new ArrayList<>()).add(record);
            } else {
                noEmail++;
            }
        }
        groups.values().forEach(group -> group.sort(Comparator.comparing(CrmRecord::created)));
        return groups;
    }

    /** HubSpot keeps addresses unique, so a second contact with one address is a difference. */
    private void judge(List<CrmRecord> contacts, List<CrmRecord> rows) {
        CrmRecord contact = contacts.get(0);
        contacts.stream().skip(1).forEach(twin -> differs(twin.id(), "a second HubSpot contact with this e-mail"));
        if (rows.isEmpty()) {
            if (direction.intoDynamics()) {
                missing++;
                example("HubSpot contact " + contact.id() + " has no counterpart");
            }
            return;
        }
        linked++;
        duplicates += rows.size() - 1;
        // Of several rows with one address the sync keeps the one it linked first, which only the rows' values tell.
        if (rows.stream().noneMatch(row -> firstDifference(contact, row).isEmpty())) {
            differs(contact.id(), firstDifference(contact, rows.get(0)).orElseThrow());
            return;
        }
        rows.stream()
                .filter(row -> firstDifference(contact, row).isEmpty())
                .findFirst()
                .ifPresent(row -> tooLong += countTooLong(contact));
    }

    private void onlyInDynamics(List<CrmRecord> rows) {
        duplicates += rows.size() - 1;
        if (direction.intoHubSpot()) {
            missing++;
            example("Dynamics record " + rows.get(0).id() + " has no counterpart");
        }
    }

    private Optional<String> firstDifference(CrmRecord contact, CrmRecord row) {
        return fields.stream()
                .filter(field -> !agree(field, left(field, contact), right(field, row)))
                .map(field -> field.hubspot() + "~" + field.dynamics())
                .findFirst();
    }

    private boolean agree(FieldPair field, String hubspot, String dynamics) {
        return hubspot.equals(dynamics)
                || isTooLong(field, hubspot)
                || (direction == Direction.HUBSPOT_TO_DYNAMICS && hubspot.isEmpty())
                || (direction == Direction.DYNAMICS_TO_HUBSPOT && dynamics.isEmpty());
    }

    private int countTooLong(CrmRecord contact) {
        return (int) fields.stream()
                .filter(field -> isTooLong(field, left(field, contact)))
                .count();
    }

    private static boolean isTooLong(FieldPair field, String hubspot) {
        return hubspot.length() > field.limit();
    }

    private static String left(FieldPair field, CrmRecord contact) {
        return normal(field, contact.fields().get(field.hubspot()));
    }

    private static String right(FieldPair field, CrmRecord row) {
        return normal(field, row.fields().get(field.dynamics()));
    }

    private static String normal(FieldPair field, String value) {
        if (value == null) {
            return "";
        }
        String text = Normalizer.normalize(value.strip(), Normalizer.Form.NFC);
        return field.equals(FieldPair.EMAIL) ? text.toLowerCase(Locale.ROOT) : text;
    }

    private void differs(String id, String what) {
        different++;
        example("HubSpot contact " + id + " differs: " + what);
    }

    private void example(String text) {
        if (examples.size() < SAMPLE) {
            examples.add(text);
        }
    }
}
