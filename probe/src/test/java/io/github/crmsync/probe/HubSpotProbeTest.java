package io.github.crmsync.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.probe.hubspot.HubSpotFacts;
import io.github.crmsync.sandbox.hubspot.HubSpotOptions;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import io.github.crmsync.sandbox.hubspot.Quirk;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The probe tells every quirk of the simulated portal, switched on and off. */
class HubSpotProbeTest {
    private static final Duration PATIENCE = Duration.ofMillis(1_500);
    /** Each excludes another one, or what another question needs. */
    private static final Set<Quirk> APART = Set.of(Quirk.KEEP_MERGED_PRIMARY_ID, Quirk.PUNYCODE_ADDRESSES);

    private static Findings probe(HubSpotOptions.Builder options) throws IOException {
        try (HubSpotSimulator simulator =
                new HubSpotSimulator(options.indexLagMaxMs(0).build()).start()) {
            Service service =
                    new Service(simulator.url(), simulator::accessToken, Duration.ZERO, "crmsync-probe-1a2b3c4d");
            Cleanup cleanup = new Cleanup();
            HubSpotFacts facts =
                    new HubSpotFacts(service, cleanup, new HubSpotFacts.Options("2026-03", PATIENCE, true, true));
            Findings findings = new ProbeRun(service, cleanup, fact -> {}).ask("hubspot", facts.all());
            assertThat(findings.left()).isEmpty();
            assertThat(simulator.contacts()).as("contacts left over").isEmpty();
            return findings;
        }
    }

    private static HubSpotOptions.Builder throttling() {
        return HubSpotOptions.builder().quota(true);
    }

    @Test
    void findsAPortalToBeAsSimulated() throws IOException {
        Findings findings = probe(throttling());
        assertThat(findings.findings())
                .allSatisfy(finding -> assertThat(finding.verdict())
                        .as("%s: %s %s", finding.fact().name(), finding.reading(), finding.problem())
                        .isEqualTo(Finding.Verdict.AS_SIMULATED));
    }

    @Test
    void namesTheSwitchOfEveryQuirk() throws IOException {
        Set<String> switches = new TreeSet<>();
        for (Set<Quirk> quirks : Set.of(
                APART,
                Arrays.stream(Quirk.values())
                        .filter(quirk -> !APART.contains(quirk))
                        .collect(Collectors.toSet()))) {
            HubSpotOptions.Builder options = throttling();
            quirks.forEach(options::with);
            probe(options).findings().stream().map(Finding::setting).forEach(switches::add);
        }
        switches.remove("");
        assertThat(switches)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Quirk.values())
                        .map(quirk -> "--quirk " + quirk)
                        .toList());
    }

    @Test
    void recordsNoSecretAndNobodyElsesData() throws IOException {
        try (HubSpotSimulator simulator =
                new HubSpotSimulator(HubSpotOptions.builder().indexLagMaxMs(0).build()).start()) {
            simulator.load(List.of(Map.of("email", "secret.person@example.org", "city", "Rome")));
            Service service =
                    new Service(simulator.url(), simulator::accessToken, Duration.ZERO, "crmsync-probe-1a2b3c4d");
            Cleanup cleanup = new Cleanup();
            HubSpotFacts facts = new HubSpotFacts(
                    service, cleanup, new HubSpotFacts.Options("2026-03", Duration.ZERO, false, false));
            String json = new ProbeRun(service, cleanup, fact -> {})
                    .ask("hubspot", facts.all())
                    .json();
            assertThat(json)
                    .contains("crmsync-probe-1a2b3c4d")
                    .doesNotContain("secret.person")
                    .doesNotContain(simulator.accessToken())
                    .doesNotContain("Bearer")
                    .doesNotContain(simulator.url());
        }
    }
}
