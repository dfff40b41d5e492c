package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Json;
import io.github.crmsync.sandbox.people.ContactPopulation;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Runs the simulator as a program. */
@Command(
        name = "simulator hubspot",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "A local HubSpot portal.")
public final class HubSpotSimulatorMain implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8101", description = "port to listen on, 0 for any free one")
    private int port;

    @Option(names = "--contacts", defaultValue = "0", description = "how many contacts to start with")
    private int contacts;

    @Option(names = "--seed", defaultValue = "1", description = "seed of all random choices")
    private long seed;

    @Option(names = "--latency-ms", defaultValue = "0", description = "added to every answer")
    private long latencyMs;

    @Option(names = "--lag-ms", defaultValue = "5000", description = "longest delay until searches see a write")
    private long lagMs;

    @Option(names = "--list-lag-ms", defaultValue = "0", description = "longest delay until active lists see a write")
    private long listLagMs;

    @Option(names = "--quota", defaultValue = "off", description = "on or off: enforce rate limits")
    private String quota;

    @Option(
            names = "--tier",
            defaultValue = "professional",
            description = "whose limits: free, starter, professional or enterprise")
    private Tier tier;

    @Option(names = "--limit-increases", defaultValue = "0", description = "bought API limit increases, 0 to 2")
    private int limitIncreases;

    @Option(names = "--time-zone", defaultValue = "UTC", description = "at whose midnight the daily limit starts again")
    private ZoneId timeZone;

    @Option(names = "--scopes", split = ",", description = "granted scopes; all if not given")
    private Set<String> scopes = Set.of();

    @Option(
            names = "--refresh-token-idle-days",
            defaultValue = "0",
            description = "days without use after which a refresh token ends, 0 for never")
    private int refreshTokenIdleDays;

    @Option(
            names = "--required",
            split = ",",
            description = "properties that new contacts need, from API version 2026-09 on")
    private Set<String> required = Set.of();

    @Option(
            names = "--required-when",
            split = ",",
            description = "property=value:required, a rule for contacts from API version 2026-09 on")
    private List<PortalRules.Conditional> requiredWhen = List.of();

    @Option(
            names = "--quirk",
            split = ",",
            description = "behaviour that is not certain or differs between portals, see docs/simulators.md")
    private List<Quirk> quirks = List.of();

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new HubSpotSimulatorMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Quirk.class, text -> converted(() -> Quirk.of(text)))
                .registerConverter(
                        PortalRules.Conditional.class, text -> converted(() -> PortalRules.Conditional.of(text)));
    }

    private static <T> T converted(Supplier<T> conversion) {
        try {
            return conversion.get();
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(wrong.getMessage());
        }
    }

    private HubSpotOptions options() {
        return HubSpotOptions.builder()
                .port(port)
                .seed(seed)
                .latencyMs(latencyMs)
                .quota(quota.equals("on"))
                .tier(tier)
                .limitIncreases(limitIncreases)
                .timeZone(timeZone)
                .indexLagMaxMs(lagMs)
                .listLagMaxMs(listLagMs)
                .scopes(scopes)
                .refreshTokenIdleMs(Duration.ofDays(refreshTokenIdleDays).toMillis())
                .rules(new PortalRules(required, requiredWhen))
                .with(quirks.toArray(Quirk[]::new))
                .build();
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        HubSpotOptions options;
        try {
            options = options();
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            return 2;
        }
        try (HubSpotSimulator simulator = new HubSpotSimulator(options)) {
            if (contacts > 0) {
                simulator.load(ContactPopulation.ofHubspot(contacts, seed).hubspotProperties());
            }
            simulator.start();
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("app", "hubspot");
            line.put("url", simulator.url());
            line.put("accessToken", simulator.accessToken());
            System.out.println(Json.text(line));
            new CountDownLatch(1).await();
            return 0;
        } catch (BindException taken) {
            System.err.println("Port " + port + " is already in use; choose another one with --port.");
            return 1;
        }
    }
}
