package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Note;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What those who run the connectors do in one of sixteen runs: a setting that both sinks must share is saved in one of them, and
 * in the other some time later; in the end the sync is pointed to another organization, with the ledger that it has. Drawn
 * from a stream of their own, so that the other runs stay as they are.
 */
final class Operators implements AutoCloseable {
    private static final int ONE_IN = 16;
    private static final int WHICH = 3;
    private static final long LONGEST_MS = 60_000;
    /** Write deadline of the sinks, and what may be under way at its end. */
    private static final long SETTLED_MS = 10_000;

    private static final int ELSEWHERE = 61_100;
    private static final int PORTS = 4_000;
    private static final long RESTART_MS = 20_000;

    private static final String SETTINGS = "sync/settings";
    private static final List<String> NOT_SETTINGS = List.of("connector", "consumer.group", "since");

    private final Stack stack;
    private final boolean on;
    private final Random random;
    private final Map<SinkActor, Map<String, String>> saved = new HashMap<>();
    /** The sink that is to follow; null while both agree. */
    private SinkActor second;

    private Map<String, String> change;
    private long secondAt;
    /** Since when the ledger says that both differ; 0 if they agree. */
    private long differSince;
    /** An organization that the ledger knows nothing of; null before the sync is pointed to it. */
    private Dynamics elsewhere;

    Operators(Stack stack, Setup setup) {
        this.stack = stack;
        on = setup.twoWay() && Math.floorMod(setup.seed(), ONE_IN) == WHICH;
        random = new Random(setup.seed());
    }

    /** Settings that were saved for a sink, on top of those it began with. */
    Map<String, String> saved(SinkActor sink) {
        return saved.getOrDefault(sink, Map.of());
    }

    /** Called now and then while people work. */
    void step() {
        if (!on) {
            return;
        }
        compare();
        if (second != null) {
            if (stack.now() >= secondAt) {
                end();
            }
        } else if (random.nextInt(40) == 0) {
            change = anotherWay();
            SinkActor first = stack.sinks().get(random.nextInt(2));
            second = stack.sinks().stream()
                    .filter(sink -> sink != first)
                    .findFirst()
                    .orElseThrow();
            secondAt = stack.now() + 1 + random.nextLong(LONGEST_MS);
            save(first);
        }
    }

    /** Both agree again before the sync has to come to rest. */
    void end() {
        if (second != null) {
            save(second);
            second = null;
        }
    }

    private void save(SinkActor sink) {
        stack.log(() -> "--- saved for " + sink + ": " + change);
        stack.findings().situation("shared setting saved");
        Map<String, String> all = new HashMap<>(saved(sink));
        all.putAll(change);
        saved.put(sink, all);
        sink.crash();
    }

    /** In other words, or for a field that nobody edits: what wins stays the same, so that one oracle is enough. */
    private Map<String, String> anotherWay() {
        String rules = "transforms.merge.field.rules";
        String remove = "transforms.map.mapping.remove";
        Field field = Field.TEXTS.get(random.nextInt(Field.TEXTS.size()));
        return switch (random.nextInt(3)) {
            case 0 ->
                Map.of(
                        rules,
                        field.property + "~" + field.column + "="
                                + stack.setup().defaultApp());
            case 1 -> Map.of(rules, "");
            default -> Map.of(remove, random.nextBoolean() ? "zip" : "");
        };
    }

    /** Another organization gets the ledger of this one, as when a staging environment's topics are copied. */
    boolean carry() {
        if (!on) {
            return false;
        }
        try {
            elsewhere =
                    stack.organization(ELSEWHERE + Math.floorMod(stack.setup().seed(), PORTS), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        change = elsewhere.connection();
        SinkActor sink = stack.sinks().stream()
                .filter(actor -> actor.app().equals("dynamics"))
                .findFirst()
                .orElseThrow();
        save(sink);
        App hubspot = stack.hubspot();
        hubspot.create(Map.of(Field.EMAIL, "new@example.org", Field.LAST, "New"));
        List.copyOf(hubspot.records().keySet()).forEach(id -> hubspot.change(id, Map.of(Field.JOB, "Somewhere else")));
        return true;
    }

    /** Where requests go that go to neither app of the run. */
    Dynamics elsewhere() {
        return elsewhere;
    }

    /** The sink for another organization has to stop. */
    boolean explains(Actor actor, Throwable failure) {
        if (elsewhere != null && String.valueOf(failure.getMessage()).contains("belongs to")) {
            stack.findings().situation("refused another organization");
            actor.rest(RESTART_MS);
            return true;
        }
        return false;
    }

    @Override
    public void close() {
        if (elsewhere != null) {
            elsewhere.close();
        }
    }

    private void compare() {
        Map<String, Map<String, String>> settings = new HashMap<>();
        for (Note note : stack.ledger().notes()) {
            if (note.sourceId().equals(SETTINGS) && note.note() != null) {
                Map<String, String> values = new HashMap<>(note.note());
                values.keySet().removeAll(NOT_SETTINGS);
                settings.put(note.owner(), values);
            }
        }
        boolean differ = settings.values().stream().distinct().count() > 1;
        if (!differ) {
            differSince = 0;
        } else if (differSince == 0) {
            differSince = stack.now();
            stack.findings().situation("sinks differ");
        }
    }

    /** A task sends an app something that it is to write. */
    void writes(App app, Actor actor, String request) {
        if (!on) {
            return;
        }
        if (app == elsewhere) {
            stack.findings().violation("I22 " + actor + " writes with the ledger of another organization: " + request);
        }
        compare();
        if (differSince > 0 && stack.now() - differSince > SETTLED_MS) {
            stack.findings().violation("I21 " + actor + " writes while the settings of both sinks differ: " + request);
        }
    }
}
