package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deletions and merges that no feed of HubSpot reports, found by comparing the linked contacts with HubSpot. */
class SourceDeletionsTest {
    private static final long DAY_MS = 86_400_000;
    private static final Map<String, String> OFTEN = Map.of(HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS, "1000");

    private final Portal portal = Portal.open();

    @AfterEach
    void close() {
        portal.close();
    }

    private SourceRun source(Map<String, String> settings, List<String> linked) {
        return new SourceRun(portal, settings, null, linked);
    }

    @Test
    void aContactThatWasDeletedForPrivacyReasonsIsATombstone() {
        List<String> ids = portal.simulator().load(Portal.people(250));
        try (SourceRun source = source(OFTEN, ids).snapshot()) {
            source.forget();
            long before = portal.now();
            portal.purge(ids.get(3));
            portal.purge(ids.get(240));
            source.until(() -> source.ids().contains(ids.get(240) + "-"));
            assertThat(source.ids()).contains(ids.get(3) + "-").doesNotContain(ids.get(4) + "-");
            assertThat(SourceRun.header(source.last(ids.get(3)), SyncHeaders.VERSION))
                    .hasValueSatisfying(version ->
                            // HubSpot's clock is known to a second.
                            assertThat(Long.parseLong(version)).isGreaterThan(before - 1_001));
            assertThat(SourceRun.header(source.last(ids.get(3)), SyncHeaders.MOVED_TO))
                    .isEmpty();
        }
    }

    @Test
    void aStartWithALostOffsetFindsWhatWasDeletedMeanwhile() {
        portal.freeze(portal.now() - DAY_MS);
        List<String> ids = portal.simulator().load(Portal.people(150));
        portal.purge(ids.get(3));
        portal.archive(ids.get(140));
        portal.thaw();
        Map<String, String> usual = Map.of(HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS, Long.toString(DAY_MS));
        try (SourceRun source = source(usual, ids).snapshot()) {
            source.until(() -> source.ids().contains(ids.get(140) + "-"));
            assertThat(source.ids().stream().filter(id -> id.endsWith("-")))
                    .containsExactlyInAnyOrder(ids.get(3) + "-", ids.get(140) + "-");
        }
    }

    @Test
    void aFirstStartComparesNothing() {
        portal.simulator().load(Portal.people(3), portal.now() - DAY_MS, 1);
        Map<String, String> usual = Map.of(HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS, Long.toString(DAY_MS));
        List<String> linked = new ArrayList<>();
        try (SourceRun source = source(usual, linked).snapshot()) {
            portal.forgetCalls();
            source.rounds(3);
            assertThat(portal.calls("/batch/read")).isZero();
        }
    }

    @Test
    void anArchivedContactThatTheArchiveWasNotAskedForIsATombstone() {
        long longAgo = portal.now() - DAY_MS;
        portal.freeze(longAgo);
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        portal.archive(id);
        portal.thaw();
        try (SourceRun source = source(OFTEN, List.of(id)).snapshot()) {
            source.until(() -> source.ids().contains(id + "-"));
            assertThat(SourceRun.header(source.last(id), SyncHeaders.VERSION)).contains(Long.toString(longAgo));
        }
    }

    @Test
    void aContactThatWasMergedUnseenMovesToItsSurvivor() {
        String one = portal.create(Portal.person("a@example.com", "Ann"));
        portal.freeze(portal.now() - DAY_MS);
        String survivor = portal.merge(one, portal.create(Portal.person("b@example.com", "Bea")));
        portal.thaw();
        Map<String, String> settings = new HashMap<>(OFTEN);
        settings.put(HubSpotSourceConfig.SNAPSHOT, "false");
        try (SourceRun source = source(settings, List.of(one))) {
            source.until(() -> source.ids().contains(survivor));
            assertThat(source.ids()).startsWith(one + "-", survivor);
            assertThat(SourceRun.header(source.last(one), SyncHeaders.MOVED_TO)).contains(survivor);
            assertThat(SourceRun.value(source.last(survivor), "firstname")).isEqualTo("Ann");
        }
    }

    @Test
    void aContactThatIsStillThereIsReadAndNothingIsSent() {
        List<String> ids = portal.simulator().load(Portal.people(3));
        try (SourceRun source = source(OFTEN, ids).snapshot()) {
            source.forget();
            portal.forgetCalls();
            source.until(() -> portal.calls("/batch/read") >= 2);
            assertThat(source.delivered()).isEmpty();
        }
    }

    @Test
    void aRestartDoesNotRepeatACheckBeforeItIsDue() {
        List<String> ids = portal.simulator().load(Portal.people(3), portal.now() - DAY_MS, 1);
        Map<String, ?> offset;
        try (SourceRun source = source(OFTEN, ids).snapshot()) {
            portal.purge(ids.get(0));
            source.until(() -> source.ids().contains(ids.get(0) + "-"));
            offset = source.offset();
            assertThat((Long) offset.get("checked")).isGreaterThan(portal.now() - 60_000);
        }
        portal.forgetCalls();
        Map<String, String> daily = Map.of(HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS, Long.toString(DAY_MS));
        try (SourceRun source = new SourceRun(portal, daily, offset, ids)) {
            source.rounds(3);
            assertThat(portal.calls("/batch/read")).isZero();
        }
    }

    @Test
    void aCheckThatFailsInTheMiddleLosesNothing() {
        List<String> ids = portal.simulator().load(Portal.people(250));
        try (SourceRun source = source(OFTEN, ids).snapshot()) {
            portal.fault(Map.of("match", "batch/read", "status", 500, "times", 2));
            portal.purge(ids.get(0));
            source.until(() -> source.ids().contains(ids.get(0) + "-"));
        }
    }

    @Test
    void whereThePortalIsUnknownAbsenceOfAllIsNotTakenForDeletion() {
        portal.fault(Map.of("match", "account-info", "status", 403, "times", 100));
        String present = portal.create(Portal.person("a@example.com", "Ann"));
        List<String> foreign = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            foreign.add(Integer.toString(1_000 + i));
        }
        try (SourceRun source = source(OFTEN, foreign).snapshot()) {
            source.forget();
            portal.forgetCalls();
            source.until(() -> portal.calls("/batch/read") >= 3);
            portal.update(present, Map.of("firstname", "Bea"));
            source.until(() -> source.ids().contains(present));
            assertThat(source.ids()).containsOnly(present);
        }
    }

    @Test
    void withAnIntervalOfZeroNothingIsChecked() {
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        Map<String, String> never = Map.of(HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS, "0");
        try (SourceRun source = source(never, List.of(id)).snapshot()) {
            portal.purge(id);
            source.forget();
            portal.forgetCalls();
            source.rounds(3);
            assertThat(portal.calls("/batch/read")).isZero();
            assertThat(source.delivered()).isEmpty();
        }
    }

    @Test
    void aPageOfSomethingInBetweenIsNotTakenForAnAbsentContact() {
        Map<String, String> settings = new HashMap<>(OFTEN);
        try (Relay relay = new Relay(portal)) {
            settings.put(HubSpotConfig.URL, relay.url());
            settings.put(HttpSettings.RETRY_MAX_WAIT_MS, "0");
            relay.instead(request -> request.endsWith("/contacts/12345")
                    ? new Relay.Answer(request, 404, Map.of(), "<html>no such page</html>")
                    : null);
            try (SourceRun source = source(settings, List.of("12345"))) {
                assertThatThrownBy(() -> source.until(() -> source.ids().contains("12345-")))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("something other than HubSpot's API has answered")
                        .hasMessageContaining(HubSpotConfig.URL);
                assertThat(source.ids()).isEmpty();
            }
        }
    }
}
