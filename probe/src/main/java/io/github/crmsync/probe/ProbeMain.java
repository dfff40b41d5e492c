package io.github.crmsync.probe;

import io.github.crmsync.probe.dynamics.DynamicsFacts;
import io.github.crmsync.probe.dynamics.DynamicsLogin;
import io.github.crmsync.probe.hubspot.HubSpotFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Checks on a live service what the simulators assume of it. Credentials come from the environment, so that they show in no
 * list of processes.
 */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description =
                "Checks on a live service what the simulators assume of it. Use a developer test account: the probe "
                        + "makes a few dozen records, named crmsync-probe-..., and deletes them in the end.",
        subcommandsRepeatable = false)
public final class ProbeMain {
    private static final String MARKER = "crmsync-probe-";

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "file for everything that was sent and answered, without secrets and personal data")
    private Path json;

    @Option(
            names = "--pace-ms",
            scope = ScopeType.INHERIT,
            defaultValue = "250",
            description = "pause before each request (default: ${DEFAULT-VALUE})")
    private long paceMs;

    @Option(
            names = "--patience-ms",
            scope = ScopeType.INHERIT,
            defaultValue = "30000",
            description =
                    "how long to wait for what the service does later, such as its search index (default: ${DEFAULT-VALUE})")
    private long patienceMs;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ProbeMain()).execute(args));
    }

    @Command(
            name = "hubspot",
            mixinStandardHelpOptions = true,
            description =
                    "Asks a HubSpot account. HUBSPOT_ACCESS_TOKEN: token with the scopes to read and write contacts.")
    int hubspot(
            @Option(names = "--url", defaultValue = "https://api.hubapi.com", description = "default: ${DEFAULT-VALUE}")
                    String url,
            @Option(names = "--api-version", defaultValue = "2026-03", description = "default: ${DEFAULT-VALUE}")
                    String version,
            @Option(
                            names = "--exhaust-limits",
                            description = "use up the burst limit once; other apps of the account keep theirs")
                    boolean exhaust,
            @Option(
                            names = "--leave-traces",
                            description = "also ask what leaves an address on the block list for good")
                    boolean permanent)
            throws IOException {
        String token = required("HUBSPOT_ACCESS_TOKEN");
        Service service = new Service(url, () -> token, Duration.ofMillis(paceMs), marker());
        Cleanup cleanup = new Cleanup();
        HubSpotFacts facts = new HubSpotFacts(
                service, cleanup, new HubSpotFacts.Options(version, Duration.ofMillis(patienceMs), exhaust, permanent));
        return run("hubspot", service, cleanup, facts.all());
    }

    @Command(
            name = "dynamics",
            mixinStandardHelpOptions = true,
            description =
                    "Asks a Dynamics 365 environment. DYNAMICS_TENANT_ID, DYNAMICS_CLIENT_ID and DYNAMICS_CLIENT_SECRET: "
                            + "an application user that may create, write and delete contacts and leads.")
    int dynamics(
            @Option(names = "--url", required = true, description = "such as https://contoso.crm.dynamics.com")
                    String url,
            @Option(
                            names = "--authority",
                            defaultValue = "https://login.microsoftonline.com",
                            description = "default: ${DEFAULT-VALUE}")
                    String authority)
            throws IOException {
        DynamicsLogin login = new DynamicsLogin(
                authority,
                required("DYNAMICS_TENANT_ID"),
                required("DYNAMICS_CLIENT_ID"),
                required("DYNAMICS_CLIENT_SECRET"),
                url);
        Service service = DynamicsFacts.service(url, login, Duration.ofMillis(paceMs), marker());
        Cleanup cleanup = new Cleanup();
        return run("dynamics", service, cleanup, new DynamicsFacts(service, cleanup).all());
    }

    private static String marker() {
        return MARKER + UUID.randomUUID().toString().substring(0, 8);
    }

    private static String required(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new CommandLine.ParameterException(
                    new CommandLine(new ProbeMain()), "Set " + variable + " in the environment");
        }
        return value;
    }

    private int run(String app, Service service, Cleanup cleanup, List<Fact> facts) throws IOException {
        int[] asked = {0};
        Findings findings = new ProbeRun(
                        service,
                        cleanup,
                        fact -> System.err.printf("[%d/%d] %s%n", ++asked[0], facts.size(), fact.question()))
                .ask(app, facts);
        System.out.print(findings.table());
        if (json != null) {
            Files.writeString(json, findings.json());
            System.err.println("Requests and answers: " + json);
        }
        boolean none = findings.findings().stream().allMatch(finding -> finding.reading() == null);
        return none ? 1 : 0;
    }
}
