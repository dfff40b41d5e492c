package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.sink.TargetClient.Evidence;
import io.github.crmsync.core.sink.TargetClient.NewRecord;
import io.github.crmsync.core.sink.TargetClient.RecordChange;
import io.github.crmsync.core.sink.TargetRecord;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.core.sink.WriteOutcome.Written;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the histories of properties tell the sink about its own writes. */
class WriteHistoryTest {
    private static final Set<String> FIELDS = Set.of("firstname", "city");
    private static final Map<String, String> TWO_WAY =
            Map.of("transforms", "merge", "transforms.merge.type", "io.github.crmsync.transforms.ConflictMerge");

    private final Portal portal = Portal.open();
    private final Relay relay = new Relay(portal);
    private HubSpotTarget target = target(TWO_WAY);

    @AfterEach
    void close() {
        target.close();
        relay.close();
        portal.close();
    }

    private HubSpotTarget target(Map<String, String> settings) {
        return target(portal.connection(), settings);
    }

    private HubSpotTarget target(Map<String, String> connection, Map<String, String> settings) {
        Map<String, String> props = new HashMap<>(connection);
        props.put(HubSpotConfig.URL, relay.url());
        props.put("ledger.bootstrap.servers", "none:9092");
        props.putAll(settings);
        return HubSpotTarget.open(new HubSpotSinkConfig(props));
    }

    /** A contact that the sink has created a while ago. */
    private String created() {
        portal.freeze(portal.now() - 60_000);
        Written written = (Written) target.create(List.of(
                        new NewRecord("d1", "a@example.com", Map.of("email", "a@example.com", "firstname", "Ann"))))
                .get(0);
        portal.thaw();
        return written.stored().id();
    }

    /** Somebody's edit that lands between the sink's reading and its write. */
    private void slipsIn(String id, Map<String, String> values) {
        relay.before(request -> {
            if (request.endsWith("/batch/update")) {
                portal.simulator().edit(id, values);
            }
        });
    }

    private WriteOutcome write(String id, Map<String, Object> values) {
        TargetRecord read = target.read(List.of(id), FIELDS).get(id);
        return target.update(List.of(new RecordChange(id, read.etag(), values))).get(0);
    }

    private static Map<String, Object> overwritten(WriteOutcome outcome) {
        return ((Written) outcome).overwritten();
    }

    @Test
    void aValueThatSlippedInBeforeTheWriteIsToldBack() {
        String id = created();
        slipsIn(id, Map.of("firstname", "Users", "city", "Users"));
        assertThat(overwritten(write(id, Map.of("firstname", "Ours"))))
                .containsExactlyEntriesOf(Map.of("firstname", "Users"));
        assertThat(portal.value(id, "firstname")).isEqualTo("Ours");
        assertThat(portal.value(id, "city")).isEqualTo("Users");
    }

    @Test
    void whatTheSinkHadReadIsNoNews() {
        String id = created();
        portal.simulator().edit(id, Map.of("firstname", "Users"));
        assertThat(overwritten(write(id, Map.of("firstname", "Ours")))).isEmpty();
        assertThat(overwritten(write(id, Map.of("firstname", "Ours again")))).isEmpty();
    }

    @Test
    void theSameValueAndAClearThatSlippedInAreNoLoss() {
        String id = created();
        slipsIn(id, Map.of("firstname", "Ours"));
        assertThat(overwritten(write(id, Map.of("firstname", "Ours")))).isEmpty();
        slipsIn(id, Map.of("firstname", ""));
        assertThat(overwritten(write(id, Map.of("firstname", "Ours again")))).isEmpty();
    }

    @Test
    void anEditRightAfterTheWriteIsNotTakenForOneBeforeIt() {
        String id = created();
        relay.before(request -> {
            if (request.endsWith("/batch/read")
                    && relay.requests.stream().anyMatch(earlier -> earlier.endsWith("/batch/update"))) {
                portal.simulator().edit(id, Map.of("firstname", "Users"));
            }
        });
        assertThat(overwritten(write(id, Map.of("firstname", "Ours")))).isEmpty();
        assertThat(portal.value(id, "firstname")).isEqualTo("Users");
    }

    @Test
    void ofManyUpdatesEachIsToldItsOwn() {
        List<String> ids = portal.simulator().load(Portal.people(120), portal.now() - 60_000, 1);
        // The two batches are sent side by side: whichever is first, both wait until the edits are made, once.
        AtomicBoolean edited = new AtomicBoolean();
        relay.before(request -> {
            synchronized (edited) {
                if (request.endsWith("/batch/update") && !edited.getAndSet(true)) {
                    portal.simulator().edit(ids.get(7), Map.of("city", "Users"));
                    portal.simulator().edit(ids.get(119), Map.of("city", "Others"));
                }
            }
        });
        Map<String, TargetRecord> read = target.read(ids, FIELDS);
        List<RecordChange> changes = new ArrayList<>();
        ids.forEach(id -> changes.add(new RecordChange(id, read.get(id).etag(), Map.of("city", "Ours"))));
        List<WriteOutcome> outcomes = target.update(changes);
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(overwritten(outcomes.get(i)))
                    .isEqualTo(i == 7 ? Map.of("city", "Users") : i == 119 ? Map.of("city", "Others") : Map.of());
        }
    }

    @Test
    void historiesThatCannotBeReadLeaveTheWriteDone() {
        String id = created();
        TargetRecord read = target.read(List.of(id), FIELDS).get(id);
        portal.fault(Map.of("match", "batch/read", "status", 500, "times", 1));
        assertThat(target.update(List.of(new RecordChange(id, read.etag(), Map.of("firstname", "Ours"))))
                        .get(0))
                .isInstanceOf(Written.class);
        portal.forgetFaults();
        assertThat(portal.value(id, "firstname")).isEqualTo("Ours");
    }

    @Test
    void aOneWaySinkAndOneThatIsToldSoReadNoHistory() {
        String id = created();
        for (Map<String, String> settings : List.of(
                Map.<String, String>of(),
                Map.of(
                        "transforms", "merge",
                        "transforms.merge.type", "io.github.crmsync.transforms.ConflictMerge",
                        "transforms.merge.direction", "one-way"),
                with(TWO_WAY, HubSpotSinkConfig.HISTORY_CHECK, "false"))) {
            target.close();
            target = target(settings);
            TargetRecord read = target.read(List.of(id), FIELDS).get(id);
            portal.forgetCalls();
            target.update(List.of(new RecordChange(id, read.etag(), Map.of("firstname", "Ours" + settings.size()))));
            assertThat(portal.contactCalls()).isEqualTo(1);
        }
    }

    private static Map<String, String> with(Map<String, String> settings, String name, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(name, value);
        return more;
    }

    private Optional<Evidence> evidence(String id, long version) {
        return target.evidence(id, version, Map.of("firstname", target.fingerprint("firstname", "Ours")));
    }

    @Test
    void whetherAWriteWithoutAnAnswerWasCarriedOutIsKnownThoughTheFieldWasEditedSince() {
        String id = created();
        long version = target.read(List.of(id), FIELDS).get(id).version();
        portal.simulator().edit(id, Map.of("firstname", "Users"));
        assertThat(evidence(id, version)).contains(new Evidence(false, Map.of()));
        slipsIn(id, Map.of("firstname", "Slipped in"));
        target.update(List.of(new RecordChange(id, null, Map.of("firstname", "Ours"))));
        relay.before(request -> {});
        assertThat(evidence(id, version)).contains(new Evidence(true, Map.of("firstname", "Slipped in")));
        portal.simulator().edit(id, Map.of("firstname", "Users again"));
        assertThat(evidence(id, version)).get().returns(true, Evidence::landed);
    }

    @Test
    void whatSlippedInIsNotGivenBackOverAnEditThatCameAfterTheWrite() {
        String id = created();
        long version = target.read(List.of(id), FIELDS).get(id).version();
        slipsIn(id, Map.of("firstname", "Slipped in"));
        target.update(List.of(new RecordChange(id, null, Map.of("firstname", "Ours"))));
        portal.simulator().edit(id, Map.of("firstname", "Users again"));
        assertThat(evidence(id, version)).contains(new Evidence(true, Map.of()));
    }

    @Test
    void onAContactThatWasThereBeforeItsLinkTheSinkKnowsItsWriteByTheValue() {
        knowsItsWriteByTheValue();
    }

    @Test
    void withoutALinkPropertyTheSinkKnowsItsWriteByTheValue() {
        target.close();
        target = target(Map.of(HubSpotConfig.LINK_PROPERTY, ""));
        knowsItsWriteByTheValue();
    }

    @Test
    void theLinkOfAContactThatWasMergedIntoAnotherProgramsHidesNoWrite() {
        String id;
        Map<String, String> unlinked = Map.of(HubSpotConfig.LINK_PROPERTY, "");
        try (HubSpotTarget program = target(portal.oauthConnection(HubSpotSimulator.REFRESH_TOKEN), unlinked)) {
            NewRecord record =
                    new NewRecord("none", "b@example.com", Map.of("email", "b@example.com", "firstname", "Bea"));
            Written written = (Written) program.create(List.of(record)).get(0);
            id = portal.merge(written.stored().id(), created());
        }
        assertThat(portal.value(id, "dynamics_contact_id")).isEqualTo("d1");
        long version = target.read(List.of(id), FIELDS).get(id).version();
        slipsIn(id, Map.of("firstname", "Slipped in"));
        target.update(List.of(new RecordChange(id, null, Map.of("firstname", "Ours"))));
        assertThat(evidence(id, version)).contains(new Evidence(true, Map.of("firstname", "Slipped in")));
    }

    @Test
    void whoeverTypesIntoTheLinkPropertyIsNotTakenForTheSink() {
        String id = portal.simulator()
                .load(Portal.people(1), portal.now() - 60_000, 1)
                .get(0);
        target.ensureLinkProperty();
        portal.simulator().edit(id, Map.of("dynamics_contact_id", "typed"));
        long version = target.read(List.of(id), FIELDS).get(id).version();
        portal.simulator().edit(id, Map.of("firstname", "Users"));
        assertThat(evidence(id, version)).isEmpty();
    }

    private void knowsItsWriteByTheValue() {
        String id = portal.simulator()
                .load(Portal.people(1), portal.now() - 60_000, 1)
                .get(0);
        long version = target.read(List.of(id), FIELDS).get(id).version();
        assertThat(evidence(id, version)).isEmpty();
        slipsIn(id, Map.of("firstname", "Slipped in"));
        target.update(List.of(new RecordChange(id, null, Map.of("firstname", "Theirs"))));
        assertThat(evidence(id, version)).isEmpty();
        target.update(List.of(new RecordChange(id, null, Map.of("firstname", "Ours"))));
        assertThat(evidence(id, version)).contains(new Evidence(true, Map.of("firstname", "Slipped in")));
    }

    @Test
    void whatSlippedInBeforeAWriteGoesBackWhereHubSpotIsTheDefaultApp() {
        try (SinkRun sink = new SinkRun(portal, with(TWO_WAY, HubSpotConfig.URL, relay.url()))) {
            sink.policy = new MergePolicy("hubspot", true, Map.of(), Set.of());
            String id = sink.process(sink.image("d1", Map.of("email", "a@example.com", "firstname", "Ann")))
                    .targetId();
            slipsIn(id, Map.of("firstname", "Users"));
            sink.process(sink.image("d1", Map.of("email", "a@example.com", "firstname", "Ours")));
            assertThat(portal.value(id, "firstname")).isEqualTo("Users");
        }
    }
}
