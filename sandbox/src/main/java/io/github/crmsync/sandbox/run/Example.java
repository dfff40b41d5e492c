package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The connector configurations of one folder of {@code config-examples}, by connector name. */
record Example(String name, Map<String, ObjectNode> connectors) {
    private static final String SUFFIX = ".json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long DEFAULT_POLL_MS = 5_000;

    static Example read(Path examples, String name) {
        Path folder = examples.resolve(name).normalize();
        if (!folder.getParent().equals(examples.normalize()) || !Files.isDirectory(folder)) {
            throw new SandboxException(
                    "No example '%s'; there are: %s".formatted(name, String.join(", ", names(examples))));
        }
        Map<String, ObjectNode> connectors = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
                String fileName = file.getFileName().toString();
                connectors.put(fileName.substring(0, fileName.length() - SUFFIX.length()), (ObjectNode)
                        JSON.readTree(file.toFile()));
            }
        } catch (IOException e) {
            throw new SandboxException("Cannot read " + folder + ": " + e.getMessage(), e);
        }
        return new Example(name, connectors);
    }

    static List<String> names(Path examples) {
        try (Stream<Path> folders = Files.list(examples)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new SandboxException("Cannot read " + examples, e);
        }
    }

    Comparison.Direction direction() {
        boolean intoHubSpot = has("HubSpotSinkConnector");
        boolean intoDynamics = has("DynamicsSinkConnector");
        if (intoHubSpot && intoDynamics) {
            return Comparison.Direction.TWO_WAY;
        }
        return intoDynamics ? Comparison.Direction.HUBSPOT_TO_DYNAMICS : Comparison.Direction.DYNAMICS_TO_HUBSPOT;
    }

    private boolean has(String connectorClass) {
        return connectors.values().stream()
                .anyMatch(config -> connectorClass(config).endsWith(connectorClass));
    }

    /** The Dynamics table that takes part: contact or lead. */
    String table() {
        return connectors.values().stream()
                .map(config -> config.path("dynamics.table").asText())
                .filter(table -> !table.isEmpty())
                .findFirst()
                .orElse("contact");
    }

    void pollEvery(long millis) {
        sources().forEach(config -> config.put("poll.interval.ms", Long.toString(millis)));
    }

    private Stream<ObjectNode> sources() {
        return connectors.values().stream()
                .filter(config -> connectorClass(config).endsWith("SourceConnector"));
    }

    /** The longest time between two polls of a source. */
    long pollIntervalMs() {
        return sources()
                .mapToLong(config -> config.path("poll.interval.ms").asLong(DEFAULT_POLL_MS))
                .max()
                .orElse(DEFAULT_POLL_MS);
    }

    /** Topics that the sinks report their decisions to. */
    Set<String> reportTopics() {
        return connectors.values().stream()
                .map(config -> config.path("report.topic").asText())
                .filter(topic -> !topic.isEmpty())
                .collect(Collectors.toSet());
    }

    /** The same configurations with the sandbox's hosts; sources come first. */
    Map<String, ObjectNode> withHosts(Simulator hubspot, Simulator dynamics, String bootstrapServers) {
        Map<String, ObjectNode> ready = new LinkedHashMap<>();
        connectors.entrySet().stream()
                .sorted(Comparator.comparing(
                        entry -> connectorClass(entry.getValue()).endsWith("SinkConnector")))
                .forEach(entry -> ready.put(entry.getKey(), withHosts(entry, hubspot, dynamics, bootstrapServers)));
        return ready;
    }

    private static ObjectNode withHosts(
            Entry<String, ObjectNode> connector, Simulator hubspot, Simulator dynamics, String bootstrapServers) {
        ObjectNode config = connector.getValue().deepCopy();
        if (connectorClass(config).contains(".hubspot.")) {
            config.put("hubspot.url", hubspot.url());
        } else if (connectorClass(config).contains(".dynamics.")) {
            config.put("dynamics.url", dynamics.url());
            config.put("dynamics.authority.url", dynamics.authorityUrl());
        }
        for (String key : List.of("ledger.bootstrap.servers", "report.bootstrap.servers")) {
            if (config.has(key)) {
                config.put(key, bootstrapServers);
            }
        }
        return config;
    }

    /** What the examples read through <code>${env:...}</code>. */
    static Map<String, String> secrets(Simulator hubspot, Simulator dynamics) {
        return Map.of(
                "HUBSPOT_ACCESS_TOKEN", hubspot.fact("accessToken"),
                "DYNAMICS_TENANT_ID", dynamics.fact("tenantId"),
                "DYNAMICS_CLIENT_ID", dynamics.fact("clientId"),
                "DYNAMICS_CLIENT_SECRET", dynamics.fact("clientSecret"));
    }

    private static String connectorClass(ObjectNode config) {
        return config.path("connector.class").asText();
    }
}
