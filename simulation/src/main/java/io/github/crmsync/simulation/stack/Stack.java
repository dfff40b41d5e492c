package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.dynamics.DynamicsSourceConnector;
import io.github.crmsync.dynamics.DynamicsTasks;
import io.github.crmsync.hubspot.HubSpotSourceConnector;
import io.github.crmsync.hubspot.HubSpotTasks;
import io.github.crmsync.sandbox.dynamics.DynamicsOptions;
import io.github.crmsync.sandbox.hubspot.HubSpotOptions;
import io.github.crmsync.simulation.Baton;
import io.github.crmsync.simulation.Choices;
import io.github.crmsync.simulation.Findings;
import io.github.crmsync.simulation.LedgerLog;
import io.github.crmsync.simulation.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.connect.sink.SinkRecord;

/** Two simulated CRMs, the four tasks of a two-way sync, their topics, the ledger and a clock: everything of one run. */
final class Stack implements AutoCloseable {
    /** What happens besides the tasks' own work. */
    interface Phase {
        /** Called before each turn; false ends the phase. */
        boolean step();

        /** Whether the task ends at this call. */
        default boolean crashes(String call) {
            return false;
        }

        /** Longest time in ms between two turns. */
        default int pace() {
            return 2;
        }

        /** Part of the calls of tasks that fail. */
        default double failures() {
            return 0;
        }

        /** Whether offsets are committed at once and batches are large. */
        default boolean calm() {
            return true;
        }
    }

    /** Credentials that no other run has had: the connectors keep tokens and quotas per account. */
    private static final AtomicLong RUNS = new AtomicLong();

    private static final int FIRST_PORT = 1_024;
    private static final int PORT_PAIRS = 30_000;

    private static final int PARTITIONS = 2;

    private final Setup setup;
    private final Choices choices;
    private final Baton baton = new Baton();
    private final Thread main = Thread.currentThread();
    private final Findings findings = new Findings();
    private final List<String> trace;
    private final Watch watch;
    private final LedgerLog ledger;
    private final Wire wire;
    private final HubSpot hubspot;
    private final Dynamics dynamics;
    private final List<SourceActor> sources = new ArrayList<>();
    private final List<SinkActor> sinks = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private final long start = Instant.parse("2026-03-02T08:00:00Z").toEpochMilli();
    private long now = start;
    private Phase phase;
    private int budget = 1;
    private String listId = "";
    private final Oddities oddities;
    private final Operators operators;
    private String oddList = "";

    Stack(Setup setup, Choices choices, boolean traced) {
        this.setup = setup;
        this.choices = choices;
        this.trace = traced ? new ArrayList<>() : null;
        this.wire = new Wire(setup.schemas());
        long run = RUNS.incrementAndGet();
        // Addresses without sockets, of its own: a JVM's tasks share a budget for each address.
        int port = FIRST_PORT + (int) (run % PORT_PAIRS) * 2;
        try {
            hubspot = new HubSpot(HubSpotOptions.builder()
                    .port(-port)
                    .seed(setup.seed())
                    .clock(() -> Instant.ofEpochMilli(now))
                    .indexLagMaxMs(setup.lagMs())
                    .listLagMaxMs(setup.lagMs())
                    .accessToken("pat-na1-" + run)
                    .secondBump(setup.secondBump())
                    .keepMergedPrimaryId(setup.keepMergedId())
                    .with(Oddities.quirks(setup))
                    .build());
            dynamics = organization(port + 1, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        watch = new Watch(this);
        ledger = new LedgerLog(watch);
        if (setup.listed() && setup.into("dynamics")) {
            listId = hubspot.list();
        }
        oddities = new Oddities(this, setup);
        operators = new Operators(this, setup);
        if (oddities.on()) {
            oddList = hubspot.listOfAll();
        }
        Topic fromHubspot = new Topic("crm.hubspot.contacts", PARTITIONS);
        Topic fromDynamics = new Topic("crm.dynamics." + setup.table() + "s", PARTITIONS);
        Map<String, String> atHubspot =
                Map.of("hubspot.url", hubspot.url(), "hubspot.access.token", hubspot.accessToken());
        Map<String, String> atDynamics = dynamics.connection();
        if (setup.into("dynamics")) {
            sources.add(new SourceActor(
                    this,
                    "hubspot-source",
                    fromHubspot,
                    settings("hubspot-source", atHubspot, setup.hubspotSource(oddities.on() ? oddList : listId)),
                    new HubSpotSourceConnector(),
                    actor -> HubSpotTasks.source(actor, () -> linked("hubspot"))));
            sinks.add(new SinkActor(
                    this,
                    "dynamics-sink",
                    "dynamics",
                    fromHubspot,
                    saved -> example("dynamics-sink", atDynamics, setup.sink(), saved),
                    actor -> DynamicsTasks.sink(actor, actor)));
        }
        if (setup.into("hubspot")) {
            sources.add(new SourceActor(
                    this,
                    "dynamics-source",
                    fromDynamics,
                    settings("dynamics-source", atDynamics, setup.dynamicsSource()),
                    new DynamicsSourceConnector(),
                    actor -> DynamicsTasks.source(actor, () -> linked("dynamics"))));
            sinks.add(new SinkActor(
                    this,
                    "hubspot-sink",
                    "hubspot",
                    fromDynamics,
                    saved -> example("hubspot-sink", atHubspot, setup.sink(), saved),
                    actor -> HubSpotTasks.sink(actor, actor)));
        }
        actors.addAll(sources);
        actors.addAll(sinks);
        actors.forEach(actor -> actor.thread().start());
    }

    /** An organization of its own, with its own credentials. */
    Dynamics organization(int port, int number) throws IOException {
        return new Dynamics(
                DynamicsOptions.builder()
                        .port(-port)
                        .seed(setup.seed())
                        .organizationId(new UUID(7, number))
                        .clientSecret("secret~" + RUNS.get() + "~" + port)
                        .tokenLifetime(Duration.ofMinutes(20))
                        .clock(() -> Instant.ofEpochMilli(now))
                        .build(),
                setup.table());
    }

    private Example example(
            String connector, Map<String, String> connection, Map<String, String> more, Map<String, String> saved) {
        Map<String, String> all = new HashMap<>(more);
        all.putAll(connection);
        all.put("topic.creation.default.partitions", Integer.toString(PARTITIONS));
        if (connector.endsWith("sink")) {
            all.put("transforms.merge.default.app", setup.defaultApp());
        }
        all.putAll(saved);
        return new Example(setup.sync().folder, connector, all);
    }

    private Supplier<Map<String, String>> settings(
            String connector, Map<String, String> connection, Map<String, String> more) {
        return example(connector, connection, more, Map.of())::settings;
    }

    private Set<String> linked(String app) {
        Set<String> ids = new LinkedHashSet<>();
        for (Stored stored : ledger.index().all()) {
            LedgerEntry entry = stored.entry();
            String id = app.equals("hubspot") ? entry.hubspotId() : entry.dynamicsId();
            if (entry.state() == LedgerEntry.State.LINKED && id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    Setup setup() {
        return setup;
    }

    Choices choices() {
        return choices;
    }

    Baton baton() {
        return baton;
    }

    Findings findings() {
        return findings;
    }

    Watch watch() {
        return watch;
    }

    LedgerLog ledger() {
        return ledger;
    }

    Wire wire() {
        return wire;
    }

    HubSpot hubspot() {
        return hubspot;
    }

    Dynamics dynamics() {
        return dynamics;
    }

    String listId() {
        return listId;
    }

    Oddities oddities() {
        return oddities;
    }

    Operators operators() {
        return operators;
    }

    /** The list of everybody in runs with oddities; empty in others. */
    String oddList() {
        return oddList;
    }

    List<Actor> actors() {
        return actors;
    }

    List<SourceActor> sources() {
        return sources;
    }

    List<SinkActor> sinks() {
        return sinks;
    }

    App app(URI uri) {
        if (uri.toString().startsWith(hubspot.url())) {
            return hubspot;
        }
        return uri.toString().startsWith(dynamics.url()) ? dynamics : operators.elsewhere();
    }

    /** The source of a one-way sync; null in a two-way one. */
    App readOnly() {
        return setup.twoWay() ? null : setup.into("hubspot") ? dynamics : hubspot;
    }

    App other(App app) {
        return app == hubspot ? dynamics : hubspot;
    }

    long now() {
        return now;
    }

    void passes(long ms) {
        now += ms;
    }

    boolean crashes(String call) {
        return phase.crashes(call);
    }

    double failures() {
        return phase.failures();
    }

    boolean calm() {
        return phase.calm();
    }

    // --- who runs

    /** Runs tasks, and whatever the phase brings, until the phase is over. */
    void run(Phase next) {
        phase = next;
        Actor first = pick();
        if (first != null) {
            baton.pass(first.thread());
            baton.await();
        }
    }

    /** Called by the running task at each of its calls to the outside. */
    void turn(Actor me) {
        if (--budget > 0 && me.sleepsUntil() <= now) {
            return;
        }
        Actor next = pick();
        Thread to = next == null ? main : next.thread();
        if (to != me.thread()) {
            baton.pass(to);
            baton.await();
        }
    }

    /** The task that goes on; time passes until there is one. */
    private Actor pick() {
        now += choices.next(phase.pace() + 1);
        if (!phase.step()) {
            budget = 1;
            return null;
        }
        List<Actor> awake =
                actors.stream().filter(actor -> actor.sleepsUntil() <= now).toList();
        if (awake.isEmpty()) {
            Actor first = actors.stream()
                    .min(java.util.Comparator.comparingLong(Actor::sleepsUntil))
                    .orElseThrow();
            now = first.sleepsUntil();
            awake = List.of(first);
        }
        budget = phase.calm() ? 1_000 : 1 + choices.next(3);
        return choices.of(awake);
    }

    void finished() {
        baton.pass(main);
    }

    void appended(Topic topic, SinkRecord record) {
        if (topic.name().equals("crm.hubspot.contacts")) {
            oddities.sent(record);
        }
        sinks.stream().filter(sink -> sink.topic() == topic).forEach(Actor::wake);
        log(() -> topic.name() + " gets " + record.key() + (record.value() == null ? " (deleted)" : ""));
    }

    // --- what happened

    void failed(Actor actor, Throwable e) {
        if (oddities.explains(actor, e) || operators.explains(actor, e)) {
            log(() -> actor + " stops: " + e.getMessage());
            return;
        }
        StackTraceElement[] stack = e.getStackTrace();
        log(() -> {
            java.io.StringWriter text = new java.io.StringWriter();
            e.printStackTrace(new java.io.PrintWriter(text));
            return text.toString();
        });
        findings.violation("task " + actor + " failed: " + e + (stack.length > 0 ? " at " + stack[0] : ""));
    }

    void log(Supplier<String> event) {
        if (trace != null) {
            trace.add(String.format("%9.3f %s", (now - start) / 1000.0, event.get()));
        }
    }

    List<String> trace() {
        return trace == null ? List.of() : trace;
    }

    @Override
    public void close() {
        for (Actor actor : actors) {
            actor.end();
            baton.pass(actor.thread());
            baton.await();
        }
        hubspot.close();
        dynamics.close();
        operators.close();
    }
}
