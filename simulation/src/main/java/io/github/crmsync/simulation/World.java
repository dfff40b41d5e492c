package io.github.crmsync.simulation;

import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Two apps, two topics, a ledger, the sinks' tasks and a clock: everything of one run. */
final class World implements CrmClient.Observer {
    /** What a phase of a run does next. */
    interface Phase {
        /** Lets users, sources and time do something, then names the task that goes on; null when the phase is over. */
        SinkActor next();

        /** Calls to the outside that the task may make before the next turn. */
        default int turns() {
            return 1;
        }
    }

    private final Scenario scenario;
    private final Choices choices;
    private final Baton baton = new Baton();
    private final Thread main = Thread.currentThread();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final List<String> trace;
    private final Set<String> landed = new HashSet<>();
    private final Set<String> everPassedOn = new HashSet<>();
    /** Keys of the source records behind the sync's writes, in their order. */
    private final List<String> written = new ArrayList<>();
    /** Key of the source record of each intent that was carried out, or tried. */
    private final Map<String, String> sourcesOfIntents = new HashMap<>();

    private final Set<String> uncertain = new HashSet<>();
    /** Which task each partition belongs to, as the group's coordinator sees it. */
    private final Map<TopicPartition, SinkActor> assigned = new LinkedHashMap<>();
    /** Tasks that stand still, and until when. */
    private final Map<SinkActor, Long> frozen = new HashMap<>();

    private final List<Arrival> underWay = new ArrayList<>();
    private long now = 1_000_000;
    private Phase phase;
    private int budget;
    private boolean draining;

    final String defaultApp;
    final Crm hubspot;
    final Crm dynamics;
    final Topic hubspotTopic;
    final Topic dynamicsTopic;
    final List<SinkActor> actors = new ArrayList<>();
    final LedgerLog ledger;
    final Findings findings = new Findings();
    private final Sources sources;
    private final long parkLimit;
    /** Whether a linked record that leaves the filter goes on. */
    final boolean sticky;
    /** Whether the tasks have to refuse to start, and how often they did. */
    private boolean ledgerLost;

    private final Set<SinkActor> refusing = new HashSet<>();

    World(Scenario scenario, Choices choices, boolean hubspotIsDefault, boolean traced) {
        this.scenario = scenario;
        this.choices = choices;
        this.trace = traced ? new ArrayList<>() : null;
        hubspot = new Crm("hubspot", () -> now, scenario.has(Scenario.Feature.FORMS));
        dynamics = new Crm("dynamics", () -> now, scenario.has(Scenario.Feature.FORMS));
        sticky = scenario.has(Scenario.Feature.FILTERS) && choices.next(2) == 1;
        defaultApp = hubspotIsDefault ? "hubspot" : "dynamics";
        hubspotTopic = new Topic("crm.hubspot.contacts", scenario.tasks() * 2 - 1);
        dynamicsTopic = new Topic("crm.dynamics.contacts", scenario.tasks() * 2 - 1);
        ledger = new LedgerLog(new LinkWatch(this));
        sources = new Sources(this, new Images(defaultApp, sticky));
        parkLimit = scenario.onePair() ? Long.MAX_VALUE / 2 : choices.next(2) == 0 ? 2_000 : 50;
        for (int i = 0; i < scenario.tasks(); i++) {
            actors.add(new SinkActor(this, dynamics, hubspotTopic, i));
            actors.add(new SinkActor(this, hubspot, dynamicsTopic, i));
        }
        for (SinkActor actor : actors) {
            actor.firstPartitions().forEach(partition -> assigned.put(partition, actor));
        }
        actors.forEach(actor -> actor.thread().start());
    }

    Scenario scenario() {
        return scenario;
    }

    Choices choices() {
        return choices;
    }

    Baton baton() {
        return baton;
    }

    LedgerLog ledger() {
        return ledger;
    }

    Sources sources() {
        return sources;
    }

    long parkLimit() {
        return parkLimit;
    }

    long now() {
        return now;
    }

    void pass(long ms) {
        long until = now + ms;
        for (Arrival next = nextArrival(until); next != null; next = nextArrival(until)) {
            underWay.remove(next);
            now = Math.max(now, next.at);
            next.effect.run();
        }
        now = until;
    }

    /** A request that arrives after its sender has given it up. */
    private record Arrival(long at, Runnable effect) {}

    private Arrival nextArrival(long until) {
        return underWay.stream()
                .filter(arrival -> arrival.at <= until)
                .min(Comparator.comparingLong(Arrival::at))
                .orElse(null);
    }

    @Override
    public void later(long ms, Runnable effect) {
        underWay.add(new Arrival(now + ms, effect));
    }

    Crm other(Crm crm) {
        return crm == hubspot ? dynamics : hubspot;
    }

    private Crm crm(String app) {
        return app.equals(hubspot.app) ? hubspot : dynamics;
    }

    /** The app that a task reads its images from. */
    Crm source(SinkActor actor) {
        return actor.isHubspot() ? dynamics : hubspot;
    }

    int syncWrites() {
        return hubspot.syncWrites + dynamics.syncWrites;
    }

    // --- who runs

    /** Runs tasks, users and sources until the phase is over. */
    void run(Phase next) {
        phase = next;
        draining = next instanceof Phases.Drain;
        if (draining) {
            frozen.clear();
        }
        SinkActor first = next.next();
        if (first != null) {
            budget = next.turns();
            baton.pass(first.thread());
            baton.await();
        }
    }

    boolean draining() {
        return draining;
    }

    /** Called by the running task at each of its calls to the outside. */
    void turn(SinkActor me) {
        if (--budget > 0) {
            return;
        }
        SinkActor next = phase.next();
        Thread to = next == null ? main : next.thread();
        budget = next == null ? 1 : phase.turns();
        if (to != me.thread()) {
            baton.pass(to);
            baton.await();
        }
    }

    void finished() {
        baton.pass(main);
    }

    /** Ends all tasks. */
    void end() {
        for (SinkActor actor : actors) {
            actor.end();
            baton.pass(actor.thread());
            baton.await();
        }
    }

    // --- who holds what

    List<TopicPartition> assigned(SinkActor actor) {
        return assigned.entrySet().stream()
                .filter(entry -> entry.getValue() == actor)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Some partitions of one task go to another one of the same sink; the loser does not know yet, and may stand still. */
    void rebalance() {
        SinkActor loser = choices.of(actors);
        SinkActor winner = choices.of(actors);
        List<TopicPartition> moving = assigned(loser).stream()
                .filter(partition -> choices.next(4) > 0)
                .toList();
        if (loser == winner || loser.isHubspot() != winner.isHubspot() || moving.isEmpty()) {
            return;
        }
        moving.forEach(partition -> assigned.put(partition, winner));
        loser.revoke(moving);
        findings.situation("rebalance");
        if (sources.inSnapshot()) {
            findings.situation("partitions move before the marks");
        }
        log(() -> moving + " go from " + loser + " to " + winner);
        if (choices.chance(0.7)) {
            frozen.put(loser, now + choices.next(600));
        }
    }

    /** A topic is deleted, with whatever nobody has read, and made again. */
    void makeTopicAgain() {
        Topic topic = choices.next(2) == 0 ? hubspotTopic : dynamicsTopic;
        int count = 1 + choices.next(4);
        List<TopicPartition> before = assigned.keySet().stream()
                .filter(partition -> partition.topic().equals(topic.name))
                .toList();
        topic.makeAgain(count);
        committed.keySet().removeAll(before);
        List<SinkActor> readers =
                actors.stream().filter(actor -> actor.topic() == topic).toList();
        readers.forEach(SinkActor::startOver);
        if (choices.next(2) == 0 || count != before.size()) {
            readers.forEach(actor -> actor.revoke(assigned(actor)));
            findings.situation("topic made again, with a rebalance");
        } else {
            findings.situation("topic made again, without a rebalance");
        }
        before.stream().filter(partition -> partition.partition() >= count).forEach(assigned::remove);
        for (int i = before.size(); i < count; i++) {
            assigned.put(new TopicPartition(topic.name, i), choices.of(readers));
        }
        // Notices of deletions that nobody has read are found missing, by looking for what is linked.
        Crm crm = topic == hubspotTopic ? hubspot : dynamics;
        crm.changed.addAll(crm.deleted.keySet());
        log(() -> "--- " + topic.name + " is made again with " + count + " partitions");
    }

    /** A topic gets one more partition: records go elsewhere from now on. */
    void addPartition() {
        Topic topic = choices.next(2) == 0 ? hubspotTopic : dynamicsTopic;
        if (topic.partitions() > 5) {
            return;
        }
        List<SinkActor> readers =
                actors.stream().filter(actor -> actor.topic() == topic).toList();
        assigned.put(new TopicPartition(topic.name, topic.partitions()), choices.of(readers));
        topic.addPartition();
        findings.situation("partition added");
        if (!readers.stream().allMatch(SinkActor::settled)) {
            findings.situation("partition added while records wait");
        }
        log(() -> "--- " + topic.name + " has " + topic.partitions() + " partitions");
    }

    boolean frozen(SinkActor actor) {
        return frozen.getOrDefault(actor, 0L) > now;
    }

    // --- offsets

    long committed(TopicPartition partition) {
        return committed.getOrDefault(partition, 0L);
    }

    Map<TopicPartition, Long> committed(List<TopicPartition> partitions) {
        Map<TopicPartition, Long> result = new LinkedHashMap<>();
        partitions.forEach(partition -> result.put(partition, committed(partition)));
        return result;
    }

    /** The coordinator takes no offset from a task that has lost the partition. */
    void commit(SinkActor actor, Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            if (actor.current() && assigned.get(partition) == actor && actor.hasReached(partition, offset.offset())) {
                committed.put(partition, offset.offset());
            }
        });
    }

    /** Both topics from their beginning, with new tasks. */
    void replay() {
        committed.clear();
        actors.forEach(SinkActor::crash);
    }

    // --- what happened

    void compact() {
        ledger.compact(scenario.has(Scenario.Feature.TOPICS) ? 20 + choices.next(40) : 0);
        hubspotTopic.compact();
        dynamicsTopic.compact();
        findings.situation("compaction");
        log(() -> "topics and ledger are compacted");
    }

    /** An operator has deleted the ledger. */
    void loseLedger() {
        ledger.lose();
        ledgerLost = true;
        refusing.clear();
        actors.forEach(SinkActor::crash);
        log(() -> "--- the ledger is lost");
    }

    /** The operator has the tasks match everything anew. */
    void ledgerGivenUp() {
        ledgerLost = false;
        // Old images would be matched as they were: the topics begin anew as well.
        hubspotTopic.compact();
        dynamicsTopic.compact();
        replay();
    }

    Set<SinkActor> refusing() {
        return refusing;
    }

    /** Whether the ledger says that the first import into HubSpot is complete. */
    boolean imported() {
        return ledger.index().get(new LedgerEntry.Key("hubspot", "first-import")) != null;
    }

    /** Number of requests of which a task has not seen the end. */
    int uncertain() {
        return uncertain.size();
    }

    void failed(SinkActor actor, Throwable e) {
        if (ledgerLost && e.getMessage().contains("the ledger was lost")) {
            refusing.add(actor);
            findings.situation("lost ledger refused");
        } else {
            failed(e);
        }
    }

    void failed(Throwable e) {
        StackTraceElement[] stack = e.getStackTrace();
        findings.violation("task failed: " + e + (stack.length > 0 ? " at " + stack[0] : ""));
    }

    void log(Supplier<String> event) {
        if (trace != null) {
            trace.add(event.get());
        }
    }

    List<String> trace() {
        return trace == null ? List.of() : trace;
    }

    @Override
    public String operation(String app, String sourceId, String targetId) {
        LedgerEntry entry = ledger.index().open().stream()
                .map(Stored::entry)
                .filter(open -> open.owner().equals(app))
                .filter(open -> sourceId != null ? open.sourceId().equals(sourceId) : targetId.equals(open.targetId()))
                .findFirst()
                .orElse(null);
        if (entry == null) {
            return "no intent";
        }
        sourcesOfIntents.put(entry.intent().id(), Sources.key(other(crm(app)), entry.sourceId()));
        return entry.intent().id();
    }

    /** Keys of the source records behind the sync's writes, in their order. */
    List<String> written() {
        return written;
    }

    /** A task has crashed: of what it was doing, nobody has seen the end. */
    void crashed(SinkActor actor) {
        ledger.index().open().stream()
                .map(Stored::entry)
                .filter(entry -> entry.owner().equals(actor.app()))
                .forEach(entry -> uncertain.add(entry.intent().id()));
    }

    /** A task has taken a partition over: of what another one was doing there, nobody has seen the end. */
    void taken(TopicPartition partition) {
        ledger.index().open().stream()
                .map(stored -> stored.entry().intent())
                .filter(intent ->
                        intent.topic().equals(partition.topic()) && intent.partition() == partition.partition())
                .forEach(intent -> uncertain.add(intent.id()));
    }

    @Override
    public void answerLost(String operation) {
        uncertain.add(operation);
        findings.situation("answer lost");
    }

    boolean isUncertain(String operation) {
        return uncertain.contains(operation);
    }

    @Override
    public void situation(String name) {
        findings.situation(name);
    }

    @Override
    public void overwroteUnread(String app, String id, String field) {
        findings.excuse(app, id, field, "W1");
    }

    @Override
    public void violation(String what) {
        findings.violation(what);
    }

    @Override
    public void landed(String operation) {
        landed.add(operation);
        written.add(sourcesOfIntents.getOrDefault(operation, operation));
    }

    boolean hasLanded(String operation) {
        return landed.contains(operation);
    }

    /** Whether one of the two has a link with another record by now: the first partner was deleted. */
    boolean passedOn(LedgerEntry link) {
        return ledger.index().touching(link.hubspotId(), link.dynamicsId()).stream()
                .map(Stored::entry)
                .anyMatch(other -> other.isLink()
                        && other.life() > link.life()
                        && (other.hubspotId().equals(link.hubspotId())
                                != other.dynamicsId().equals(link.dynamicsId())));
    }

    /** Notes that a link has passed on to another record. */
    void passesOn(LedgerEntry former, LedgerEntry after) {
        for (LedgerEntry link : List.of(former, after)) {
            everPassedOn.add("hubspot" + link.hubspotId());
            everPassedOn.add("dynamics" + link.dynamicsId());
        }
    }

    /** As {@link #passedOn()}, whatever the ledger has kept of it. */
    boolean everPassedOn(String key) {
        return everPassedOn.contains(key);
    }

    /** Keys of records that had a link which has passed on, or that have taken one over. */
    Set<String> passedOn() {
        Set<String> keys = new HashSet<>();
        for (Stored stored : ledger.index().all()) {
            LedgerEntry entry = stored.entry();
            if (entry.isLink() && passedOn(entry)) {
                keys.add("hubspot" + entry.hubspotId());
                keys.add("dynamics" + entry.dynamicsId());
            }
        }
        return keys;
    }

    /** Links as the ledger has them, HubSpot id to Dynamics id. */
    Map<String, String> links() {
        Map<String, String> links = new TreeMap<>();
        for (Stored stored : ledger.index().all()) {
            LedgerEntry entry = stored.entry();
            if (entry.isLink() && passedOn(entry)) {
                continue;
            }
            if (entry.isLink() && entry.hubspotId() != null && entry.dynamicsId() != null) {
                links.put(entry.hubspotId(), entry.dynamicsId());
            } else if (entry.isLink()) {
                findings.violation("I13 a link without a partner");
            }
        }
        return links;
    }
}
