package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.dynamics.DynamicsOptions;
import io.github.crmsync.sandbox.dynamics.DynamicsSimulator;
import io.github.crmsync.sandbox.hubspot.HubSpotOptions;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import io.github.crmsync.sandbox.people.ContactPopulation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Both simulated CRMs, filled, in this process; and the two-way example's connectors between them. */
public final class Crms implements AutoCloseable {
    private static final Path EXAMPLES = Path.of("../config-examples").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<FieldPair> FIELDS = FieldPair.of("contact");
    private static final String BATCH = "batch";

    private final HubSpotSimulator hubspot;
    private final DynamicsSimulator dynamics;
    private final Crm left;
    private final Crm right;
    private final Simulator hubspotFacts;
    private final Simulator dynamicsFacts;

    /**
     * Both sides at one moment.
     *
     * @param hubspot records by lower-case address
     * @param dynamics records by lower-case address
     * @param differences what keeps the two from being equal, by record id and field name
     */
    public record View(
            int hubspotCount,
            int dynamicsCount,
            Map<String, Map<String, String>> hubspot,
            Map<String, Map<String, String>> dynamics,
            Map<String, String> hubspotIds,
            Map<String, String> dynamicsIds,
            List<String> differences) {}

    private Crms(HubSpotSimulator hubspot, DynamicsSimulator dynamics) throws IOException {
        this.hubspot = hubspot;
        this.dynamics = dynamics;
        hubspotFacts = facts(Map.of("app", "hubspot", "url", hubspot.url(), "accessToken", hubspot.accessToken()));
        dynamicsFacts = facts(Map.of(
                "app", "dynamics",
                "url", dynamics.url(),
                "tokenUrl", dynamics.tokenUrl(),
                "tenantId", dynamics.options().tenantId(),
                "clientId", dynamics.options().clientId(),
                "clientSecret", dynamics.options().clientSecret()));
        Http http = new Http();
        left = Crm.hubSpot(http, hubspotFacts);
        right = Crm.dynamics(http, dynamicsFacts, "contact");
    }

    private static Simulator facts(Map<String, String> facts) throws IOException {
        return Simulator.parse(JSON.writeValueAsString(facts));
    }

    /**
     * @param latencyMs added to every answer
     * @param lagMs longest delay until HubSpot's search sees a write
     */
    public static Crms open(int contacts, long seed, long latencyMs, long lagMs) throws IOException {
        ContactPopulation people = ContactPopulation.of(contacts, seed);
        HubSpotSimulator hubspot = new HubSpotSimulator(HubSpotOptions.builder()
                .port(0)
                .seed(seed)
                .latencyMs(latencyMs)
                .indexLagMaxMs(lagMs)
                .build());
        hubspot.load(people.hubspotProperties());
        DynamicsSimulator dynamics = new DynamicsSimulator(
                DynamicsOptions.builder().latencyMs(latencyMs).build());
        dynamics.fill("contact", people.dynamicsColumns());
        return new Crms(hubspot.start(), dynamics.start());
    }

    /** What the sandbox's summary has to say of the contacts at the end, from the two sides as they are at the start. */
    public static JsonNode contactsInTheEnd(int contacts, long seed) throws IOException, InterruptedException {
        try (Crms crms = open(contacts, seed, 0, 0)) {
            List<CrmRecord> left = crms.left.records(names(FieldPair::hubspot));
            List<CrmRecord> right = crms.right.records(names(FieldPair::dynamics));
            Comparison.Result into = Comparison.compare(left, right, FIELDS, Comparison.Direction.HUBSPOT_TO_DYNAMICS);
            Comparison.Result from = Comparison.compare(left, right, FIELDS, Comparison.Direction.DYNAMICS_TO_HUBSPOT);
            return JSON.valueToTree(new Summary.Contacts(
                    left.size() + from.missing(),
                    right.size() + into.missing(),
                    into.linked() + into.missing() + from.missing(),
                    new Summary.Excluded(into.noEmail(), into.duplicates(), 0)));
        }
    }

    private static List<String> names(Function<FieldPair, String> side) {
        return FIELDS.stream().map(side).toList();
    }

    public JsonNode hubspotFacts() {
        return hubspotFacts.facts();
    }

    public JsonNode dynamicsFacts() {
        return dynamicsFacts.facts();
    }

    /**
     * The two-way example with these CRMs' addresses and secrets, by connector name, sources first.
     *
     * @param name of the sync; part of the names of connectors and topics
     * @param settings over those of the example, in each connector
     */
    public Map<String, ObjectNode> connectors(String name, String bootstrapServers, Map<String, String> settings) {
        Map<String, ObjectNode> connectors = new LinkedHashMap<>();
        Map<String, String> secrets = Example.secrets(hubspotFacts, dynamicsFacts);
        Example.read(EXAMPLES, "two-way-contacts")
                .withHosts(hubspotFacts, dynamicsFacts, bootstrapServers)
                .forEach((connector, config) -> {
                    settings.forEach(config::put);
                    config.put("sync.name", name);
                    for (String topic : List.of(
                            "topic", "topics", "ledger.topic", "report.topic", "errors.deadletterqueue.topic.name")) {
                        if (config.has(topic)) {
                            config.put(topic, name + "." + config.path(topic).asText());
                        }
                    }
                    config.properties()
                            .forEach(setting -> secrets.forEach((variable, secret) -> {
                                if (setting.getValue().asText().equals("${env:" + variable + "}")) {
                                    config.put(setting.getKey(), secret);
                                }
                            }));
                    connectors.put(name + "-" + connector, config);
                });
        return connectors;
    }

    /** Records created or changed so far, by whomever. */
    public long written() {
        return counter(hubspot.stats().snapshot()) + counter(dynamics.stats());
    }

    private static long counter(Map<String, Object> stats) {
        return ((Number) stats.get("recordsWritten")).longValue();
    }

    /** Batches that HubSpot has got; users here send none. */
    public long hubspotBatches() {
        return batches(hubspot.stats().snapshot());
    }

    /** Batches that Dynamics has got; users here send none. */
    public long dynamicsBatches() {
        return batches(dynamics.stats());
    }

    private static long batches(Map<String, Object> stats) {
        return ((Map<?, ?>) stats.get("byOperation"))
                .entrySet().stream()
                        .filter(entry -> entry.getKey().toString().contains(BATCH))
                        .mapToLong(entry -> ((Number) entry.getValue()).longValue())
                        .sum();
    }

    /** The connectors' calls for contacts by operation. Parts of a batch are no calls, and views have a path of their own. */
    public Map<String, Long> contactCalls() throws IOException, InterruptedException {
        Map<String, Long> calls = new TreeMap<>(left.stats().contactCallsByKind());
        calls.putAll(right.stats().contactCallsByKind());
        calls.keySet()
                .removeIf(call -> call.startsWith("GET /crm/{v}/objects/") || call.startsWith("PATCH /api/data/"));
        return calls;
    }

    /** Reads both sides and compares them, apart from the people with these addresses. */
    public View view(Set<String> without) throws IOException, InterruptedException {
        List<CrmRecord> contacts = left.records(names(FieldPair::hubspot));
        List<CrmRecord> rows = right.records(names(FieldPair::dynamics));
        String hubspotEmail = FieldPair.EMAIL.hubspot();
        String dynamicsEmail = FieldPair.EMAIL.dynamics();
        Comparison.Result result = Comparison.compare(
                contacts.stream()
                        .filter(c -> !without.contains(c.fields().getOrDefault(hubspotEmail, "")))
                        .toList(),
                rows.stream()
                        .filter(r -> !without.contains(r.fields().getOrDefault(dynamicsEmail, "")))
                        .toList(),
                FIELDS,
                Comparison.Direction.TWO_WAY);
        return new View(
                contacts.size(),
                rows.size(),
                fields(contacts, hubspotEmail),
                fields(rows, dynamicsEmail),
                ids(contacts, hubspotEmail),
                ids(rows, dynamicsEmail),
                result.examples());
    }

    private static Map<String, Map<String, String>> fields(List<CrmRecord> records, String email) {
        Map<String, Map<String, String>> fields = new TreeMap<>();
        records.forEach(record -> fields.put(record.fields().getOrDefault(email, ""), record.fields()));
        return fields;
    }

    /** Those that are the only one with their address. */
    private static Map<String, String> ids(List<CrmRecord> records, String email) {
        Map<String, String> ids = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (CrmRecord record : records) {
            String address = record.fields().getOrDefault(email, "");
            counts.merge(address, 1, Integer::sum);
            ids.put(address, record.id());
        }
        ids.keySet().removeIf(address -> counts.get(address) > 1);
        return ids;
    }

    @Override
    public void close() {
        hubspot.close();
        dynamics.close();
    }
}
