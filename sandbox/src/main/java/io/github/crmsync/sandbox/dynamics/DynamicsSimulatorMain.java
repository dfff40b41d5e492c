package io.github.crmsync.sandbox.dynamics;

import io.github.crmsync.sandbox.people.ContactPopulation;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the simulator until the process is stopped. */
@Command(name = "dynamics-simulator", mixinStandardHelpOptions = true)
public final class DynamicsSimulatorMain implements Callable<Integer> {
    private static final int LEAD_MOBILE_LENGTH = 20;

    enum Switch {
        on,
        off
    }

    enum Fill {
        contact,
        lead,
        both
    }

    @Option(names = "--port", required = true, description = "Port to listen on, 0 for a free one")
    private int port;

    @Option(names = "--contacts", description = "Number of people to fill in", defaultValue = "0")
    private int contacts;

    @Option(names = "--seed", defaultValue = "1")
    private long seed;

    @Option(names = "--latency-ms", defaultValue = "0")
    private long latencyMs;

    @Option(names = "--quota", defaultValue = "off", description = "${COMPLETION-CANDIDATES}")
    private Switch quota;

    @Option(names = "--certificate", description = "X.509 certificate for logins with a signed assertion")
    private Path certificate;

    @Option(names = "--token-seconds", description = "Lifetime of access tokens", defaultValue = "3600")
    private long tokenSeconds;

    @Option(names = "--servers", description = "Web servers with limits of their own", defaultValue = "1")
    private int servers;

    @Option(names = "--table", defaultValue = "contact", description = "Table to fill: ${COMPLETION-CANDIDATES}")
    private Fill table;

    public static void main(String[] args) {
        System.exit(new CommandLine(new DynamicsSimulatorMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        DynamicsOptions.Builder options = DynamicsOptions.builder()
                .port(port)
                .latencyMs(latencyMs)
                .quota(quota == Switch.on)
                .tokenLifetime(Duration.ofSeconds(tokenSeconds))
                .servers(servers);
        if (certificate != null) {
            try (InputStream file = Files.newInputStream(certificate)) {
                options.certificate((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(file));
            }
        }
        DynamicsSimulator simulator;
        try {
            simulator = new DynamicsSimulator(options.build());
        } catch (BindException e) {
            System.err.println("Port " + port + " is already in use.");
            return 1;
        }
        fill(simulator);
        simulator.start();
        announce(simulator);
        new CountDownLatch(1).await();
        return 0;
    }

    private void fill(DynamicsSimulator simulator) {
        if (contacts == 0) {
            return;
        }
        List<Map<String, Object>> people = ContactPopulation.of(contacts, seed).dynamicsColumns();
        if (table != Fill.lead) {
            simulator.fill("contact", people);
        }
        if (table != Fill.contact) {
            List<Map<String, Object>> leads = new ArrayList<>();
            people.forEach(person -> leads.add(lead(person)));
            simulator.fill("lead", leads);
        }
    }

    private static Map<String, Object> lead(Map<String, Object> person) {
        Table table = Table.load("lead");
        Map<String, Object> lead = new LinkedHashMap<>();
        person.forEach((name, value) -> {
            Column column = table.find(name);
            boolean fits = column != null
                    && (column.maxLength() == 0 || value.toString().length() <= column.maxLength());
            boolean choice = column != null && column.type().isOption();
            if (fits && !choice) {
                lead.put(name, value);
            }
        });
        Object company = person.get("company");
        if (company != null) {
            lead.put("companyname", company);
        }
        if (lead.get("mobilephone") instanceof String mobile && mobile.length() > LEAD_MOBILE_LENGTH) {
            lead.remove("mobilephone");
        }
        lead.put("subject", "Interest of " + person.getOrDefault("lastname", "unknown"));
        return lead;
    }

    private static void announce(DynamicsSimulator simulator) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("app", "dynamics");
        line.put("url", simulator.url());
        line.put("tokenUrl", simulator.tokenUrl());
        line.put("tenantId", simulator.options().tenantId());
        line.put("clientId", simulator.options().clientId());
        line.put("clientSecret", simulator.options().clientSecret());
        System.out.println(Json.MAPPER.writeValueAsString(line));
        System.out.flush();
    }
}
