package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Json;
import io.github.crmsync.sandbox.people.ContactPopulation;
import java.io.IOException;
import java.net.BindException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the simulator as a program. */
@Command(name = "hubspot-simulator", mixinStandardHelpOptions = true, description = "A local HubSpot portal.")
public final class HubSpotSimulatorMain implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8101", description = "port to listen on, 0 for any free one")
    private int port;

    @Option(names = "--contacts", defaultValue = "0", description = "how many contacts to start with")
    private int contacts;

    @Option(names = "--seed", defaultValue = "1", description = "seed of all random choices")
    private long seed;

    @Option(names = "--latency-ms", defaultValue = "0", description = "added to every answer")
    private long latencyMs;

    @Option(names = "--quota", defaultValue = "off", description = "on or off: enforce rate limits")
    private String quota;

    @Option(names = "--lag-ms", defaultValue = "5000", description = "longest delay until searches see a write")
    private long lagMs;

    public static void main(String[] args) {
        System.exit(new CommandLine(new HubSpotSimulatorMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        HubSpotOptions options = HubSpotOptions.builder()
                .port(port)
                .seed(seed)
                .latencyMs(latencyMs)
                .quota(quota.equals("on"))
                .indexLagMaxMs(lagMs)
                .build();
        try (HubSpotSimulator simulator = new HubSpotSimulator(options)) {
            if (contacts > 0) {
                simulator.load(ContactPopulation.of(contacts, seed).hubspotProperties());
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
