package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.Work;
import io.github.crmsync.sandbox.hubspot.Quirk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that HubSpot, or what stands before it, gives now and then. */
class OddAnswersTest {
    private Portal portal = Portal.open();

    @AfterEach
    void close() {
        portal.close();
    }

    private void reopen(Quirk... quirks) {
        portal.close();
        portal = Portal.open(options -> options.with(quirks));
    }

    private static Map<String, String> lists(String... ids) {
        return Map.of(
                HubSpotSourceConfig.LIST_IDS,
                String.join(",", ids),
                HubSpotSourceConfig.LIST_CHECK_INTERVAL_MS,
                "1000");
    }

    private Map<String, List<String>> errors(Map<String, String> settings) {
        Map<String, String> props = new HashMap<>(portal.connection());
        props.putAll(settings);
        SourceConnector connector = new HubSpotSourceConnector();
        Map<String, List<String>> errors = new HashMap<>();
        connector.validate(props).configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .forEach(value -> errors.put(value.name(), value.errorMessages()));
        return errors;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeletedListStopsTheSourceWhetherItKeepsItsMembersOrNot(boolean empty) {
        reopen(empty ? new Quirk[] {Quirk.EMPTY_DELETED_LISTS} : new Quirk[] {});
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        String list = portal.createList("One", id);
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal, lists(list), null).snapshot()) {
            offset = source.offset();
            source.forget();
            portal.call("DELETE", "/crm/lists/2026-03/" + list, null);
            assertThatThrownBy(() -> source.rounds(100))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("List " + list + " has been deleted")
                    .hasMessageContaining(HubSpotSourceConfig.LIST_IDS);
            assertThat(source.delivered()).isEmpty();
        }
        try (SourceRun source = new SourceRun(portal, lists(list), offset)) {
            assertThatThrownBy(() -> source.rounds(1)).hasMessageContaining(HubSpotSourceConfig.LIST_IDS);
            assertThat(source.delivered()).isEmpty();
        }
        assertThat(errors(lists(list)))
                .containsOnlyKeys(HubSpotSourceConfig.LIST_IDS)
                .containsEntry(
                        HubSpotSourceConfig.LIST_IDS,
                        List.of("list.ids: List " + list + " has been deleted in HubSpot"));
    }

    @Test
    void nobodyLeavesAnActiveListWhileItIsEvaluated() {
        String ann = portal.create(Portal.person("a@example.com", "Ann"));
        String bo = portal.create(Portal.person("b@example.com", "Bo"));
        portal.update(ann, Map.of("city", "Rome"));
        String list = portal.createActiveList("Romans", "city", "Rome");
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal, lists(list), null).snapshot()) {
            source.forget();
            portal.simulator().process(list, 600_000);
            portal.update(bo, Map.of("firstname", "Bob"));
            long looks = portal.calls("/memberships") + 3;
            source.until(() -> source.ids().contains(bo) && portal.calls("/memberships") >= looks);
            assertThat(source.ids()).doesNotContain(ann);
            offset = source.offset();
        }
        try (SourceRun source = new SourceRun(portal, lists(list), offset)) {
            long looks = portal.calls("/memberships") + 3;
            source.until(() -> portal.calls("/memberships") >= looks);
            assertThat(source.delivered()).isEmpty();
            portal.update(ann, Map.of("city", "Oslo"));
            portal.advance(600_000);
            source.until(() -> source.ids().contains(ann));
            assertThat(SourceRun.header(source.last(ann), SyncHeaders.EXCLUDED)).contains("list");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void emptySearchPagesHideNoChange(int pages) {
        long hour = 3_600_000;
        List<String> ids = portal.simulator().load(Portal.people(3), portal.now() - hour, 1);
        Map<String, ?> offset = Map.of("v", 1, "phase", "incremental", "cursor", portal.now() - 2 * hour);
        portal.fault(Map.of("emptySearchPages", pages));
        try (SourceRun source = new SourceRun(portal, Map.of(), offset)) {
            source.until(() -> source.ids().containsAll(ids));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pat-eu1-11111111-2222-3333-4444-555555555555", "pat-11111111"})
    void aTokenThatTheEdgeCannotRouteIsAnErrorOnItsSetting(String token) {
        assertThat(errors(Map.of(HubSpotConfig.ACCESS_TOKEN, token)))
                .containsOnlyKeys(HubSpotConfig.ACCESS_TOKEN)
                .hasEntrySatisfying(
                        HubSpotConfig.ACCESS_TOKEN,
                        messages -> assertThat(messages)
                                .singleElement()
                                .asString()
                                .contains("HTTP 530")
                                .contains("another region")
                                .doesNotContain(token));
        Map<String, String> settings = Map.of(HubSpotConfig.ACCESS_TOKEN, token, HttpSettings.RETRY_MAX_WAIT_MS, "0");
        try (SourceRun source = new SourceRun(portal, settings, null)) {
            assertThatThrownBy(source::snapshot).isInstanceOf(HubSpotErrors.Unauthorized.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void aPageOfTheEdgeStopsNothingAndDeletesNothing(int status) {
        List<String> ids = portal.simulator().load(Portal.people(2));
        try (SourceRun source = new SourceRun(portal, Map.of(), null)) {
            portal.fault(Map.of("kind", "page", "status", status, "times", 2));
            source.snapshot();
            source.forget();
            portal.fault(Map.of("kind", "page", "match", "/batch/read", "status", status));
            portal.fault(Map.of("kind", "page", "match", "/search", "status", status));
            portal.update(ids.get(0), Map.of("firstname", "Changed"));
            source.until(() -> source.ids().contains(ids.get(0)));
            assertThat(source.ids()).containsOnly(ids.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void aPageOfTheEdgeIsNotTakenForAbsentContactsByTheSink(int status) {
        portal.simulator().load(Portal.people(3));
        try (SinkRun sink = new SinkRun(portal)) {
            List<Work> works = sink.people(3, "city", "Rome");
            sink.target.ensureLinkProperty();
            portal.fault(Map.of("kind", "page", "match", "/batch/read", "status", status));
            assertThatThrownBy(() -> sink.process(works))
                    .isInstanceOf(org.apache.kafka.connect.errors.RetriableException.class);
            portal.fault(Map.of("kind", "page", "match", "/batch/update", "status", status));
            sink.process(works);
            assertThat(sink.process(works).values()).extracting(Outcome::kind).isSubsetOf(Kind.UPDATED, Kind.UNCHANGED);
            assertThat(portal.values("city").values()).containsOnly("Rome");
            assertThat(portal.size()).isEqualTo(3);
        }
    }

    @Test
    void onePassing401OfAValidTokenIsWaitedFor() {
        portal.simulator().load(Portal.people(2));
        portal.fault(Map.of("match", "/contacts", "status", 401));
        try (SourceRun source = new SourceRun(portal)) {
            assertThat(source.snapshot().ids()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Quirk.class,
            names = {"OMIT_TRACE_IDS"})
    void aBatchWhoseAnswerNamesNoTraceIdsHasTheSameOutcomes(Quirk quirk) {
        reopen(quirk);
        try (SinkRun sink = new SinkRun(portal)) {
            List<Work> works = new ArrayList<>(sink.people(5, "city", "Rome"));
            works.add(sink.image("bad", Map.of("email", "not an address")));
            works.add(sink.image("worse", Map.of("email", "neither")));
            Map<String, Outcome> outcomes = sink.process(works);
            assertThat(outcomes.remove("bad").kind()).isEqualTo(Kind.FAILED);
            assertThat(outcomes.remove("worse").kind()).isEqualTo(Kind.FAILED);
            assertThat(outcomes.values()).extracting(Outcome::kind).containsOnly(Kind.CREATED);
            assertThat(portal.size()).isEqualTo(5);
        }
    }

    @Test
    void onlyWhatHubSpotCallsNotFoundIsGone() {
        List<String> ids = portal.simulator().load(Portal.people(3));
        AtomicInteger left = new AtomicInteger(2);
        try (Relay relay = new Relay(portal);
                SinkRun sink = new SinkRun(portal, Map.of(HubSpotConfig.URL, relay.url()))) {
            sink.target.ensureLinkProperty();
            relay.change(answer -> answer.request().endsWith("/batch/read") && left.getAndDecrement() > 0
                    ? answer.instead(207, open(left.get(), ids))
                    : answer);
            assertThat(sink.target.read(ids, java.util.Set.of("firstname"))).containsOnlyKeys(ids);
        }
    }

    private static String open(int round, List<String> ids) {
        return round == 1
                ? "{\"status\":\"COMPLETE\",\"results\":[],\"numErrors\":1,\"errors\":[{\"status\":\"error\","
                        + "\"category\":\"INTERNAL_ERROR\",\"message\":\"m\",\"context\":{\"ids\":[\"" + ids.get(0)
                        + "\"]}}]}"
                : "{\"status\":\"CANCELED\",\"results\":[]}";
    }

    @Test
    void aReadThatHubSpotNeverCompletesDeletesNothing() {
        List<String> ids = portal.simulator().load(Portal.people(3));
        try (Relay relay = new Relay(portal);
                SourceRun source = new SourceRun(portal, Map.of(HubSpotConfig.URL, relay.url()), null, ids)) {
            source.snapshot();
            source.forget();
            AtomicInteger reads = new AtomicInteger();
            relay.change(answer -> answer.request().endsWith("/batch/read") && reads.incrementAndGet() < 12
                    ? answer.instead(207, "{\"status\":\"PENDING\",\"results\":[]}")
                    : answer);
            portal.update(ids.get(2), Map.of("firstname", "Changed"));
            source.until(() -> source.ids().contains(ids.get(2)));
            assertThat(source.ids()).containsOnly(ids.get(2));
        }
    }

    @Test
    void aMatchByASecondaryAddressReplacesNoPrimaryOne() {
        String one = portal.create(Portal.person("primary@example.com", "Ann"));
        String survivor = portal.merge(one, portal.create(Portal.person("second@example.com", "Bea")));
        for (MergePolicy policy : List.of(MergePolicy.oneWay("dynamics"))) {
            try (SinkRun sink = new SinkRun(portal)) {
                sink.policy = policy;
                Map<String, Object> second = new HashMap<>(Portal.person("second@example.com", "Bea"));
                Map<String, Object> primary = new HashMap<>(Portal.person("primary@example.com", "Ann"));
                Outcome first = sink.process(sink.image("d2", second));
                Outcome other = sink.process(sink.image("d1", primary));
                assertThat(first.targetId()).isEqualTo(survivor);
                assertThat(other.kind()).isEqualTo(Kind.DUPLICATE);
                second.put("city", "Rome");
                sink.process(sink.image("d2", second));
                assertThat(portal.value(survivor, "city")).isEqualTo("Rome");
                assertThat(portal.value(survivor, "email")).isEqualTo("primary@example.com");
                second.put("email", "new@example.com");
                sink.process(sink.image("d2", second));
                assertThat(portal.value(survivor, "email")).isEqualTo("new@example.com");
            }
        }
    }

    @Test
    void aCalculatedPropertyIsReadAgainByTheNextSweep() {
        portal.createProperty(Map.of("name", "score", "type", "number", "fieldType", "number"));
        List<String> ids = portal.simulator().load(Portal.people(2), portal.now() - 86_400_000, 1);
        Map<String, String> settings = new HashMap<>(Map.of(HubSpotSourceConfig.PROPERTIES, "email,score"));
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal, settings, null).snapshot().rounds(1)) {
            offset = source.offset();
            source.forget();
            portal.simulator().recalculate(ids.get(1), Map.of("score", "7"));
            assertThat(source.rounds(2).ids()).isEmpty();
        }
        settings.put(HubSpotSourceConfig.SWEEP_INTERVAL_MS, "1000");
        try (SourceRun source = new SourceRun(portal, settings, offset)) {
            source.until(() -> source.ids().contains(ids.get(1)));
            assertThat(SourceRun.header(source.last(ids.get(1)), SyncHeaders.ORIGIN))
                    .contains("sweep");
        }
    }
}
