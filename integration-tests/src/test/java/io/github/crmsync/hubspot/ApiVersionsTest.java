package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.sandbox.hubspot.PortalRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The versions of the API, by the requests that reach the portal. */
class ApiVersionsTest {
    private final Portal portal = Portal.open();
    private final Relay relay = new Relay(portal);

    @AfterEach
    void close() {
        relay.close();
        portal.close();
    }

    private Map<String, String> settings(String version) {
        Map<String, String> settings = new HashMap<>();
        settings.put(HubSpotConfig.URL, relay.url());
        settings.put(HubSpotConfig.API_VERSION, version);
        return settings;
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03", "2026-09", "v3"})
    void everyCallGoesToTheAddressesOfTheVersion(String version) {
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        String list = portal.createList("One", id);
        Map<String, String> settings = settings(version);
        settings.put(HubSpotSourceConfig.LIST_IDS, list);
        settings.put(HubSpotSourceConfig.DELETION_CHECK_INTERVAL_MS, "1000");
        try (SourceRun source = new SourceRun(portal, settings, null, List.of(id, "12345")).snapshot()) {
            source.until(() -> source.ids().contains("12345-")
                    && relay.requests.stream().anyMatch(request -> request.endsWith("/search")));
        }
        try (SinkRun sink = new SinkRun(portal, settings(version))) {
            sink.process(sink.image("d1", Map.of("email", "b@example.com", "city", "Rome")));
            assertThat(sink.process(sink.image("d1", Map.of("email", "b@example.com", "city", "Oslo")))
                            .kind())
                    .isEqualTo(Kind.UPDATED);
        }
        boolean dated = !version.equals("v3");
        String contacts = dated ? "/crm/objects/" + version + "/contacts" : "/crm/v3/objects/contacts";
        String properties = dated ? "/crm/properties/" + version + "/contacts" : "/crm/v3/properties/contacts";
        String lists = dated ? "/crm/lists/" + version : "/crm/v3/lists";
        assertThat(new TreeSet<>(relay.requests))
                .containsExactlyInAnyOrder(
                        "GET /account-info/" + version + "/details",
                        "GET " + properties,
                        "POST " + properties,
                        "GET " + lists + "/" + list,
                        "GET " + lists + "/" + list + "/memberships",
                        "GET " + contacts,
                        "GET " + contacts + "/12345",
                        "POST " + contacts + "/search",
                        "POST " + contacts + "/batch/read",
                        "POST " + contacts + "/batch/create",
                        "POST " + contacts + "/batch/update");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03", "2026-09", "v3"})
    void tokensComeFromTheAddressOfTheVersion(String version) {
        Map<String, String> settings = new HashMap<>(portal.oauthConnection("granted"));
        settings.putAll(settings(version));
        relay.instead(request -> request.contains("/oauth/")
                ? new Relay.Answer(
                        request,
                        200,
                        Map.of(),
                        "{\"access_token\":\"" + portal.simulator().accessToken()
                                + "\",\"refresh_token\":\"granted\",\"expires_in\":1800,\"token_type\":\"bearer\"}")
                : null);
        portal.create(Portal.person("a@example.com", "Ann"));
        settings.put(HubSpotConfig.ACCESS_TOKEN, "");
        try (SourceRun source = new SourceRun(portal, settings, null).snapshot()) {
            assertThat(source.delivered()).hasSize(1);
        }
        assertThat(relay.requests.stream().filter(request -> request.contains("/oauth/")))
                .containsOnly("POST /oauth/" + version + "/token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03", "2026-09"})
    void aRecordThatLacksWhatThePortalRequiresFailsAloneInVersionsThatAsk(String version) {
        boolean asks = version.equals("2026-09");
        try (Portal strict = Portal.open(options -> options.rules(new PortalRules(Set.of("city"), List.of())));
                SinkRun sink = new SinkRun(strict, Map.of(HubSpotConfig.API_VERSION, version))) {
            Map<String, Outcome> outcomes = sink.process(List.of(
                    sink.image("d1", Map.of("email", "a@example.com")),
                    sink.image("d2", Map.of("email", "b@example.com", "city", "Rome")),
                    sink.image("d3", Map.of("email", "c@example.com", "city", "Oslo"))));

            assertThat(outcomes.get("d1").kind()).isEqualTo(asks ? Kind.FAILED : Kind.CREATED);
            assertThat(outcomes.get("d2").kind()).isEqualTo(Kind.CREATED);
            assertThat(outcomes.get("d3").kind()).isEqualTo(Kind.CREATED);
            if (asks) {
                assertThat(outcomes.get("d1").detail()).contains("city");
            }
        }
    }
}
