package io.github.crmsync.scenario;

import io.github.crmsync.core.ledger.Ledger.Stored;
import io.github.crmsync.core.ledger.LedgerEntry;
import io.github.crmsync.dynamics.DynamicsTasks;
import io.github.crmsync.hubspot.HubSpotTasks;
import io.github.crmsync.sandbox.dynamics.DynamicsOptions;
import io.github.crmsync.sandbox.dynamics.DynamicsSimulator;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.hubspot.HubSpotOptions;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import io.github.crmsync.sandbox.hubspot.Tier;
import io.github.crmsync.simulation.Crash;
import io.github.crmsync.simulation.LedgerLog;
import io.github.crmsync.simulation.Topic;
import io.github.crmsync.simulation.stack.Wire;
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
import java.util.concurrent.atomic.AtomicLong;
import org.opentest4j.AssertionFailedError;

/**
 * Both simulated CRMs, topics, ledgers and a clock that runs only when something happens: everything around the connectors of a
 * scenario.
 */
final class World implements AutoCloseable {
    /** Credentials that no other world has: the connectors keep tokens and quotas per account. */
    private static final AtomicLong WORLDS = new AtomicLong();

    private static final Duration ROUND = Duration.ofSeconds(1);
    /** So long must everything have been quiet: feeds that come from time to time have come by then. */
    private static final Duration QUIET = Duration.ofSeconds(45);

    private static final Duration MOST = Duration.ofHours(3);

    /** A write that a sync has sent to an app. */
    record Write(String app, String path) {}

    private final HubSpotSimulator hubspotSimulator;
    private final DynamicsSimulator dynamicsSimulator;
    private final Wire wire = new Wire(true);
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, LedgerLog> ledgers = new HashMap<>();
    private final List<Connector> connectors = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private long now = Instant.parse("2026-03-02T08:00:00Z").toEpochMilli();
    private int crashAfterWrites = -1;

    /** HubSpot's contacts, and Dynamics' contacts and leads. */
    final HubSpotContacts hubspot;

    final DynamicsTable contacts;
    final DynamicsTable leads;

    World() {
        this(HubSpotOptions.builder());
    }

    private World(HubSpotOptions.Builder options) {
        String number = Long.toString(WORLDS.incrementAndGet());
        try {
            hubspotSimulator = new HubSpotSimulator(options.clock(() -> Instant.ofEpochMilli(now))
                    .accessToken("pat-na1-scenario-" + number)
                    .build());
            dynamicsSimulator = new DynamicsSimulator(DynamicsOptions.builder()
                    .clientSecret("scenario~" + number)
                    .clock(() -> Instant.ofEpochMilli(now))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hubspot = new HubSpotContacts(hubspotSimulator);
        Service dynamics = DynamicsTable.service(dynamicsSimulator);
        contacts = new DynamicsTable(dynamicsSimulator, dynamics, "contact");
        leads = new DynamicsTable(dynamicsSimulator, dynamics, "lead");
    }

    /** A world with a HubSpot portal that costs nothing, and keeps to its limits. */
    static World withFreePortal() {
        return new World(HubSpotOptions.builder().tier(Tier.FREE).quota(true));
    }

    /** A world in which a merge of two HubSpot contacts leaves the id of the one that was merged into. */
    static World withPrimaryIdsKept() {
        return new World(HubSpotOptions.builder().keepMergedPrimaryId(true));
    }

    /** A world in which HubSpot's searches show a change only after some time. */
    static World withSearchLag(Duration most) {
        return new World(HubSpotOptions.builder().indexLagMaxMs(most.toMillis()));
    }

    // --- connectors

    /** The connectors of an example; more than one sync in a world need names of their own. */
    Sync sync(String example) {
        return new Sync(this, example, "");
    }

    Sync sync(String example, String prefix) {
        return new Sync(this, example, prefix);
    }

    Source source(String example, String file, String name) {
        Line line = new Line(this);
        String app = file.startsWith("hubspot") ? "hubspot" : "dynamics";
        Source[] made = new Source[1];
        made[0] = new Source(this, example, file, name, () -> {
            String sync = made[0].configuration().settings().get("sync.name");
            return app.equals("hubspot")
                    ? HubSpotTasks.source(line, () -> linked(sync, app))
                    : DynamicsTasks.source(line, () -> linked(sync, app));
        });
        connectors.add(made[0]);
        return made[0];
    }

    Sink sink(String example, String file, String name) {
        Line line = new Line(this);
        Sink sink = file.startsWith("hubspot")
                ? new Sink(this, example, file, name, outside -> HubSpotTasks.sink(line, outside))
                : new Sink(this, example, file, name, outside -> DynamicsTasks.sink(line, outside));
        connectors.add(sink);
        return sink;
    }

    /** Whether a connector of this name runs. */
    boolean runs(String name) {
        return connectors.stream().anyMatch(connector -> connector.name.equals(name) && connector.isOn());
    }

    Map<String, String> connection() {
        DynamicsOptions options = dynamicsSimulator.options();
        Map<String, String> settings = new HashMap<>();
        settings.put("hubspot.url", hubspotSimulator.url());
        settings.put("hubspot.access.token", hubspotSimulator.accessToken());
        settings.put("dynamics.url", dynamicsSimulator.url());
        settings.put("dynamics.authority.url", dynamicsSimulator.url());
        settings.put("dynamics.tenant.id", options.tenantId());
        settings.put("dynamics.client.id", options.clientId());
        settings.put("dynamics.client.secret", options.clientSecret());
        return settings;
    }

    private Set<String> linked(String sync, String app) {
        Set<String> ids = new LinkedHashSet<>();
        for (Stored stored : ledger(sync).index().all()) {
            LedgerEntry entry = stored.entry();
            String id = app.equals("hubspot") ? entry.hubspotId() : entry.dynamicsId();
            if (entry.state() == LedgerEntry.State.LINKED && id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    // --- time

    long now() {
        return now;
    }

    void pass(Duration time) {
        now += time.toMillis();
    }

    /** Lets the connectors work until nothing happens any more. */
    void settle() {
        long start = now;
        long quietSince = now;
        while (now - quietSince < QUIET.toMillis() || !connectors.stream().allMatch(Connector::idle)) {
            pass(ROUND);
            int before = writes.size();
            boolean any = false;
            for (Connector connector : List.copyOf(connectors)) {
                any |= connector.step();
            }
            if (any || writes.size() > before) {
                quietSince = now;
            }
            connectors.stream().filter(c -> c.failure() != null && !c.mayFail()).forEach(connector -> {
                throw new AssertionFailedError(connector.name + " has failed: " + connector.failure());
            });
            if (now - start > MOST.toMillis()) {
                throw new AssertionFailedError("the sync does not come to rest");
            }
        }
    }

    /** Lets the connectors work once, in their order. */
    void step() {
        pass(ROUND);
        connectors.forEach(Connector::step);
    }

    /** Time passes with the connectors at work, long enough for every source to repeat all records. */
    void aDayPasses() {
        pass(Duration.ofHours(25));
        settle();
    }

    // --- the network and Kafka

    Response call(URI uri, Request request, boolean write) throws IOException {
        boolean toHubspot = uri.toString().startsWith(hubspotSimulator.url());
        Response response = toHubspot ? hubspotSimulator.call(request) : dynamicsSimulator.call(request);
        if (write) {
            writes.add(new Write(toHubspot ? "hubspot" : "dynamics", request.rawPath()));
            if (crashAfterWrites > 0 && --crashAfterWrites == 0) {
                throw new Crash();
            }
        }
        return response;
    }

    /** The task whose write comes next but some others ends before it learns of the answer. */
    void crashAfterWrites(int count) {
        crashAfterWrites = count;
    }

    /** Calls that may have changed records. */
    List<Write> writes() {
        return writes.stream()
                .filter(write -> !write.path.contains("/properties/"))
                .toList();
    }

    /** Calls that may have changed anything, the definitions of properties included. */
    List<Write> allWrites() {
        return writes;
    }

    long writesTo(String app) {
        return writes.stream().filter(write -> write.app.equals(app)).count();
    }

    Wire wire() {
        return wire;
    }

    Map<String, Topic> topics() {
        return topics;
    }

    Topic topic(String name, int partitions) {
        return topics.computeIfAbsent(name, n -> new Topic(n, partitions));
    }

    LedgerLog ledger(String sync) {
        return ledgers.computeIfAbsent(sync, name -> new LedgerLog((before, after) -> {}));
    }

    @Override
    public void close() {
        hubspotSimulator.close();
        dynamicsSimulator.close();
    }
}
