package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.sandbox.hubspot.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The source while HubSpot throttles, fails, and breaks off its answers. */
class SourceFaultsTest {
    private final Portal portal = Portal.open();

    @AfterEach
    void close() {
        portal.close();
    }

    static List<Map<String, ?>> faults() {
        List<Map<String, ?>> faults = new ArrayList<>();
        for (int status : new int[] {423, 429, 477, 500, 502, 503, 504, 521, 522, 523, 524}) {
            faults.add(Map.of("status", status));
        }
        faults.add(Map.of("status", 429, "retryAfter", 1));
        faults.add(Map.of("status", 477, "retryAfter", 1));
        faults.add(Map.of("kind", "reset-before"));
        faults.add(Map.of("kind", "reset-after"));
        faults.add(Map.of("kind", "cut"));
        return faults;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void noFaultLosesOrRepeatsAContact(Map<String, ?> fault) {
        List<String> ids = portal.simulator().load(Portal.people(150));
        for (String call : List.of("GET .*/contacts$", "/search$", "/batch/read$")) {
            Map<String, Object> rule = new java.util.HashMap<>(fault);
            rule.put("match", call);
            portal.fault(rule);
        }
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            assertThat(source.ids()).containsExactlyElementsOf(ids);
            source.forget();
            portal.updateAll(ids, "firstname", "Changed");
            source.until(() -> source.delivered().size() >= ids.size()).rounds(2);
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void aContactThatHubSpotCannotReadHoldsUpNobody() {
        List<String> ids = new ArrayList<>(portal.simulator().load(Portal.people(150)));
        String unreadable = ids.remove(70);
        portal.fault(Map.of("poison", Map.of("id", unreadable)));
        try (SourceRun source = new SourceRun(portal).snapshot()) {
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);

            source.forget();
            portal.updateAll(ids, "firstname", "Changed");
            portal.simulator().edit(unreadable, Map.of("firstname", "Unseen"));
            source.until(() -> source.delivered().size() >= ids.size()).rounds(2);
            assertThat(source.ids()).containsExactlyInAnyOrderElementsOf(ids);
            long asked = portal.answers(500);
            source.rounds(3);
            assertThat(portal.answers(500)).as("it is left alone for a while").isEqualTo(asked);
        }
    }

    @Test
    void aPortalThatFailsOnEverythingSetsNobodyAside() {
        List<String> ids = portal.simulator().load(Portal.people(150));
        portal.fault(Map.of("match", "/contacts", "status", 500, "times", 40));
        try (SourceRun source = new SourceRun(portal)) {
            source.until(() -> portal.answers(500) == 40).snapshot();
            assertThat(source.ids()).containsExactlyElementsOf(ids);
        }
    }

    @Test
    void aPortalThatIsBeingMovedIsLeftAloneForAsLongAsItAsks() {
        portal.fault(Map.of("match", "/contacts$", "status", 477, "retryAfter", 3600, "times", 100));
        try (SourceRun source = new SourceRun(portal)) {
            source.until(() -> portal.answers(477) > 0);
            for (int i = 0; i < 3; i++) {
                source.poll();
            }
            assertThat(portal.answers(477)).isEqualTo(1);
        }
    }

    @Test
    void withTheQuotaOnTheDefaultBudgetsAreNeverExceeded() {
        portal.close();
        try (Portal strict = Portal.open(options -> options.quota(true))) {
            List<String> ids = strict.simulator().load(Portal.people(500));
            Map<String, String> defaults = Map.of(HubSpotConfig.RATE_BURST, "170", HubSpotConfig.RATE_SEARCH, "4");
            try (SourceRun source = new SourceRun(strict, defaults, null).snapshot()) {
                source.forget();
                for (String id : ids) {
                    strict.simulator().edit(id, Map.of("firstname", "Changed"));
                }
                source.until(() -> source.delivered().size() >= ids.size()).rounds(4);
                assertThat(strict.answers(429)).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FREE, 10000", "PROFESSIONAL, 19500"})
    void aBudgetAboveTheLimitThatHubSpotNamesIsNotUsed(Tier tier, int contacts) {
        portal.close();
        try (Portal strict = Portal.open(options -> options.quota(true).tier(tier))) {
            strict.simulator().load(Portal.people(contacts));
            // A hundred to a call: more calls than the portal allows in ten seconds.
            Map<String, String> generous = Map.of(HubSpotConfig.RATE_BURST, "10000");
            try (SourceRun source = new SourceRun(strict, generous, null).snapshot()) {
                assertThat(source.delivered()).hasSize(contacts);
                assertThat(strict.answers(429)).isZero();
            }
        }
    }

    @Test
    void aSourceAndASinkOfOneWorkerShareTheBudget() {
        portal.close();
        try (Portal strict = Portal.open(options -> options.quota(true))) {
            strict.simulator().load(Portal.people(10_000));
            Map<String, String> defaults = Map.of(HubSpotConfig.RATE_BURST, "170", HubSpotConfig.RATE_SEARCH, "4");
            try (SourceRun source = new SourceRun(strict, defaults, null);
                    SinkRun sink = new SinkRun(strict, defaults)) {
                for (int i = 0; i < 70; i++) {
                    // One call of the source and two of the sink: each within the limit, both together not.
                    source.poll();
                    sink.process(sink.image("d" + i, Map.of("email", "d" + i + "@example.com")));
                }
                assertThat(strict.answers(429)).isZero();
                assertThat(strict.contactCalls()).isGreaterThan(190);
            }
        }
    }
}
