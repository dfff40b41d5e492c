package io.github.crmsync.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.probe.Finding.Verdict;
import io.github.crmsync.probe.dynamics.DynamicsFacts;
import io.github.crmsync.probe.dynamics.DynamicsLogin;
import io.github.crmsync.sandbox.dynamics.DynamicsOptions;
import io.github.crmsync.sandbox.dynamics.DynamicsSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The probe tells every switch of the simulated environment that a client can see, in both positions. */
class DynamicsProbeTest {
    /** The simulator takes no made-up token for an expired one; a table without change tracking is not the default. */
    private static final Set<String> NOT_ALWAYS = Set.of("expiredTokenStatus", "untrackedReadFails");

    private static Findings probe(DynamicsSimulator simulator) {
        DynamicsLogin login = new DynamicsLogin(
                simulator.url(),
                simulator.options().tenantId(),
                simulator.options().clientId(),
                simulator.options().clientSecret(),
                simulator.url());
        Service service = DynamicsFacts.service(simulator.url(), login, Duration.ZERO, "crmsync-probe-1a2b3c4d");
        Cleanup cleanup = new Cleanup();
        return new ProbeRun(service, cleanup, fact -> {}).ask("dynamics", new DynamicsFacts(service, cleanup).all());
    }

    private static DynamicsSimulator simulator(String... faults) throws IOException, InterruptedException {
        DynamicsSimulator simulator = new DynamicsSimulator(DynamicsOptions.defaults()).start();
        for (String fault : faults) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.url() + "/_sandbox/faults"))
                    .POST(BodyPublishers.ofString(fault))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .statusCode())
                    .as(fault)
                    .isLessThan(300);
        }
        return simulator;
    }

    @Test
    void findsAnEnvironmentToBeAsSimulated() throws Exception {
        try (DynamicsSimulator simulator = simulator()) {
            Findings findings = probe(simulator);
            assertThat(findings.left()).isEmpty();
            assertThat(findings.findings())
                    .filteredOn(finding -> !NOT_ALWAYS.contains(finding.fact().name()))
                    .allSatisfy(finding -> assertThat(finding.verdict())
                            .as("%s: %s %s", finding.fact().name(), finding.reading(), finding.problem())
                            .isEqualTo(Verdict.AS_SIMULATED));
        }
    }

    @Test
    void tellsATableWithoutChangeTracking() throws Exception {
        String off = "{\"changeTracking\": {\"table\": \"lead\", \"on\": false}}";
        try (DynamicsSimulator simulator = simulator(off)) {
            assertThat(probe(simulator).of("untrackedReadFails").orElseThrow().verdict())
                    .isEqualTo(Verdict.AS_SIMULATED);
        }
        try (DynamicsSimulator simulator = simulator(off, "{\"switches\": {\"untrackedReadFails\": true}}")) {
            assertThat(probe(simulator).of("untrackedReadFails").orElseThrow().verdict())
                    .isEqualTo(Verdict.SWITCH);
        }
    }

    @Test
    void namesTheSwitchThatWasSet() throws Exception {
        Map<String, String> settings = Map.of(
                "rejectReadOnlyColumns", "false",
                "entityIdOnUpdate", "false",
                "emptyConditionalCodes", "true",
                "closedLeadsReadOnly", "false",
                "wildcardsInEquality", "true",
                "quietDeltaLink", "false",
                "changeSetErrorNested", "true",
                "bulkMessages", "false",
                "duplicateDetectionStatus", "500");
        List<String> faults = settings.entrySet().stream()
                .map(setting -> "{\"switches\": {\"" + setting.getKey() + "\": " + setting.getValue() + "}}")
                .toList();
        try (DynamicsSimulator simulator = simulator(faults.toArray(String[]::new))) {
            Findings findings = probe(simulator);
            Set<String> named = findings.findings().stream()
                    .map(Finding::setting)
                    .filter(setting -> !setting.isEmpty())
                    .collect(Collectors.toSet());
            assertThat(named).containsExactlyInAnyOrderElementsOf(faults);
        }
    }

    @Test
    void tellsThatNoDuplicateDetectionRuleIsInForce() throws Exception {
        String off = "{\"switches\": {\"duplicateDetection\": false}}";
        try (DynamicsSimulator simulator = simulator(off)) {
            assertThat(probe(simulator)
                            .of("duplicateDetectionStatus")
                            .orElseThrow()
                            .setting())
                    .isEqualTo(off);
        }
    }

    @Test
    void recordsNoSecret() throws Exception {
        try (DynamicsSimulator simulator = simulator()) {
            assertThat(probe(simulator).json())
                    .doesNotContain(simulator.options().clientSecret())
                    .doesNotContain("Bearer")
                    .doesNotContain(simulator.url());
        }
    }
}
