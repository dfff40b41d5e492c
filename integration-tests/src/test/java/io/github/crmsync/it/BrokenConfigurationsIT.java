package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a worker's REST API says of configurations that are wrong: on which setting, in which words, and how soon. */
class BrokenConfigurationsIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration STARTED = Duration.ofMinutes(4);
    private static final String FILTER = "io.github.crmsync.transforms.SyncFilter";

    private static Sandbox sandbox;
    private static Connect connect;

    /**
     * A configuration of the example with something wrong in it.
     *
     * @param says words of the message: the wrong name, and the one that was probably meant
     * @param changes setting and value in turn
     */
    private record Broken(String connector, String setting, String says, Map<String, String> changes) {
        static Broken of(String connector, String setting, String says, String... changes) {
            Map<String, String> map = new LinkedHashMap<>();
            for (int i = 0; i < changes.length; i += 2) {
                map.put(changes[i], changes[i + 1]);
            }
            return new Broken(connector, setting, says, map);
        }

        /** With one setting that has a wrong value. */
        static Broken value(String connector, String setting, String value, String says) {
            return of(connector, setting, says, setting, value);
        }

        /** With a filter in front of a sink's transforms. */
        static Broken filter(String connector, String transforms, String expression, String says) {
            String setting = "transforms.only.filter.expression";
            return of(
                    connector,
                    setting,
                    says,
                    "transforms",
                    "only," + transforms,
                    "transforms.only.type",
                    FILTER,
                    setting,
                    expression);
        }

        @Override
        public String toString() {
            return connector + " " + changes;
        }
    }

    private static final String HS = "hubspot-source";
    private static final String HK = "hubspot-sink";
    private static final String DS = "dynamics-source";
    private static final String DK = "dynamics-sink";
    private static final String TO_HUBSPOT = "email,stage,map,merge";
    private static final String TO_DYNAMICS = "email,map,merge";

    static Stream<Broken> broken() {
        return Stream.of(
                // Connection and credentials.
                Broken.value(HS, "hubspot.access.token", "pat-na1-wrong", "does not accept the credentials"),
                Broken.value(HS, "hubspot.url", "http://127.0.0.1:1", "connection was refused"),
                Broken.value(HS, "hubspot.url", "http://no-such-host.invalid", "hubspot.url"),
                Broken.value(HS, "hubspot.url", "https://api.hubapi.com/crm", "without a path"),
                Broken.value(HS, "hubspot.api.version", "2026-9", "2026-09"),
                Broken.value(HK, "hubspot.access.token", "pat-na1-wrong", "does not accept the credentials"),
                Broken.value(DS, "dynamics.url", "http://127.0.0.1:1", "no such environment"),
                Broken.value(DS, "dynamics.client.secret", "wrong", "secret"),
                Broken.value(DS, "dynamics.client.id", "00000000-0000-0000-0000-000000000000", "application"),
                Broken.value(DS, "dynamics.additional.clients", "no colon", "id:secret"),
                Broken.value(
                        DS,
                        "dynamics.additional.clients",
                        "11111111-2222-3333-4444-555555555555:secret",
                        "Client 11111111-2222-3333-4444-555555555555"),
                Broken.value(DK, "dynamics.authority.url", "http://127.0.0.1:1", "connection was refused"),
                Broken.value(DK, "dynamics.table", "contacts", "contact"),
                // Names of properties, columns, lists.
                Broken.value(HS, "properties", "email,no_such_property", "no_such_property"),
                Broken.value(HS, "properties", "email,lastnam", "Did you mean lastname?"),
                Broken.value(HS, "properties", "email,group:contactinfo", "contactinfo"),
                Broken.value(HS, "list.ids", "987654", "987654"),
                Broken.value(DS, "columns", "emailaddress1,no_such_column", "no_such_column"),
                Broken.value(DS, "columns", "emailaddress1,adress1_city", "Did you mean address1_city?"),
                Broken.value(DS, "view.id", "11111111-2222-3333-4444-555555555555", "no such system view"),
                Broken.of(
                        DS,
                        "view.id",
                        "not both",
                        "list.id",
                        "11111111-2222-3333-4444-555555555555",
                        "view.id",
                        "11111111-2222-3333-4444-555555555555"),
                // The mapping.
                Broken.value(DK, "transforms.map.mapping", "no arrow", "no arrow"),
                Broken.value(DK, "transforms.map.mapping", "default-contacts", "Did you mean default-contact?"),
                Broken.value(DK, "transforms.map.mapping.add", "company<->departmnt", "Did you mean department?"),
                Broken.value(HK, "transforms.map.mapping.add", "compny<->department", "Did you mean company?"),
                Broken.value(HK, "transforms.map.mapping.add", "company<->departmnt", "Did you mean department?"),
                Broken.value(DK, "transforms.map.mapping.remove", "faxx", "Did you mean fax?"),
                Broken.value(DK, "transforms.map.mapping.add", "company<->jobtitle", "from both"),
                Broken.value(DK, "transforms.map.mapping.add", "company<->department:txt", "txt"),
                Broken.of(DK, "transforms.map.mapping", "No field", "transforms.map.mapping", "city<-address1_city"),
                Broken.value(DK, "transforms.map.options.citty", "a=1", "Did you mean city?"),
                Broken.of(DK, "transforms", "FieldMapping", "transforms", "email,merge"),
                Broken.value(DK, "transforms.map.maping.add", "company<->department", "transforms.map.mapping.add"),
                // Rules by field.
                Broken.value(HK, "transforms.merge.default.app", "salesforce", "salesforce"),
                Broken.value(HK, "transforms.merge.default_app", "hubspot", "transforms.merge.default.app"),
                Broken.value(
                        HK,
                        "transforms.merge.field.rules",
                        "jobtitel~jobtitle=newest",
                        "Did you mean jobtitle~jobtitle?"),
                Broken.value(HK, "transforms.merge.field.rules", "jobtitle~jobtitle=newst", "newest"),
                Broken.value(DK, "transforms.merge.propagate.clears", "fax~faxx", "Did you mean fax~fax?"),
                // Filters and stages.
                Broken.filter(DK, TO_DYNAMICS, "record.city ==", "mismatched input"),
                Broken.filter(DK, TO_DYNAMICS, "record.contry == \"NL\"", "Did you mean country?"),
                Broken.filter(DK, TO_DYNAMICS, "record['vip_level'] == 'gold'", "has(record.vip_level)"),
                Broken.filter(HK, TO_HUBSPOT, "record.adress1_city == 'Rome'", "Did you mean address1_city?"),
                Broken.of(
                        HS,
                        "transforms.only.filter.expression",
                        "Did you mean country?",
                        "transforms",
                        "only",
                        "transforms.only.type",
                        FILTER,
                        "transforms.only.filter.expression",
                        "record.contry == 'NL'"),
                Broken.value(HK, "transforms.stage.stage.value", "leed", "Did you mean lead?"),
                Broken.value(HK, "transforms.stage.stage.rules", "statuscode=1:custommer", "Did you mean customer?"),
                Broken.of(
                        HK,
                        "transforms.stage.stage.value",
                        "The portal has no stage 'partner'",
                        "transforms.stage.stage.value",
                        "partner",
                        "transforms.stage.stage.order",
                        "lead,partner"),
                Broken.value(HK, "transforms.stage.stage.field", "lifecylestage", "transforms.stage.stage.field"),
                Broken.value(HK, "transforms.email.email.field", "emailadress1", "Did you mean emailaddress1?"),
                // Look-alikes of settings.
                Broken.value(DK, "max.create.per.day", "10", "Did you mean max.creates.per.day?"),
                Broken.value(HK, "max.updates.day", "10", "Did you mean max.updates.per.day?"),
                Broken.value(HK, "link_property", "x", "Did you mean link.property?"),
                Broken.value(HS, "hubspot.token", "x", "Did you mean hubspot.access.token?"),
                Broken.value(DS, "topics", "crm.dynamics.contacts", "Did you mean topic?"),
                Broken.value(DS, "dynamics.client.secrets", "x", "Did you mean dynamics.client.secret?"),
                Broken.value(DK, "ledger.security.protocol", "SSL", "Did you mean ledger.client.security.protocol?"),
                Broken.value(DK, "error.tolerance", "all", "Did you mean errors.tolerance?"),
                // Topics.
                Broken.value(DK, "report.topic", "crm.sync.ledger", "topics of their own"),
                Broken.value(DK, "report.topic", "crm sync report", "letters, digits"),
                Broken.value(DK, "ledger.topic", "crm/ledger", "letters, digits"),
                Broken.value(HS, "topic", "kontakte äöü", "letters, digits"),
                Broken.value(HS, "topic", "crm.sync.ledger", "is the ledger"),
                Broken.value(HS, "heartbeat.topic", "crm.hubspot.contacts", "topic of their own"),
                Broken.value(DK, "errors.deadletterqueue.topic.name", "crm.sync.ledger", "topic of their own"),
                Broken.value(HK, "topics", "crm.hubspot.contacts", "records of hubspot"),
                Broken.value(DK, "topics", "crm.dynamics.contacts", "records of dynamics"),
                Broken.value(DK, "topics", "crm.sync.report", "is the report"),
                Broken.value(DK, "ledger.topic", "crm.dynamics.contacts", "partitions"),
                // Brokers, converters, times.
                Broken.value(DK, "ledger.bootstrap.servers", "not a host", "not a host"),
                Broken.value(DK, "ledger.bootstrap.servers", "127.0.0.1:1", "did not answer within"),
                Broken.value(HS, "ledger.bootstrap.servers", "127.0.0.1:1", "did not answer within"),
                Broken.value(DK, "ledger.client.security.protocol", "SLL", "SLL"),
                Broken.of(
                        DK,
                        "ledger.replication.factor",
                        "1 broker",
                        "ledger.topic",
                        "another.ledger",
                        "ledger.replication.factor",
                        "3"),
                Broken.value(DK, "value.converter", "org.apache.kafka.connect.storage.StringConverter", "fields"),
                Broken.value(HS, "value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter", "fields"),
                Broken.value(HS, "key.converter", "org.apache.kafka.connect.converters.LongConverter", "text"),
                Broken.value(DK, "write.deadline.ms", "30000", "http.request.timeout.ms"),
                Broken.value(DK, "transforms.merge.direction", "oneway", "one-way"),
                Broken.of(
                        DK,
                        "wait.for.first.import",
                        "two-way",
                        "transforms.merge.direction",
                        "one-way",
                        "wait.for.first.import",
                        "true"),
                Broken.value(DK, "yield.to.syncs", "contacts", "itself"),
                Broken.value(HS, "topic.creation.default.partitions", "many", "number"));
    }

    /** What the worker answered to a configuration, and after what time. */
    private record Answers(Map<String, List<String>> errors, Duration validated, Web.Reply refusal, Duration put) {
        static Answers of(Broken broken) {
            ObjectNode config = connect.config(broken.connector, broken.changes);
            long start = System.nanoTime();
            Map<String, List<String>> errors = connect.errors(config);
            long validated = System.nanoTime();
            Web.Reply refusal = connect.put(broken.connector, config);
            return new Answers(
                    errors,
                    Duration.ofNanos(validated - start),
                    refusal,
                    Duration.ofNanos(System.nanoTime() - validated));
        }
    }

    /** Some wait for time-outs: a few at a time. */
    private static final int AT_A_TIME = 3;

    private static final ExecutorService USERS = Executors.newFixedThreadPool(AT_A_TIME);
    private static final Map<String, Future<Answers>> asked = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.start("--config=two-way-contacts", "--contacts=20");
        connect = sandbox.connect();
        // Then the topics of both sources hold records, and the ledger and the report exist.
        await().atMost(STARTED)
                .ignoreExceptions()
                .until(() -> written(sandbox.hubspot().stats())
                        && written(sandbox.dynamics().stats()));
        broken().forEach(broken -> asked.put(broken.toString(), USERS.submit(() -> Answers.of(broken))));
    }

    private static boolean written(JsonNode stats) {
        return stats.path("recordsWritten").asLong() > 0;
    }

    @AfterAll
    static void stop() {
        USERS.shutdownNow();
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private static void faults(String order, Object body) {
        for (String url : List.of(sandbox.hubspot().url(), sandbox.dynamics().url())) {
            Web.send("POST", url + "/_sandbox/" + order, Map.of(), body).ok();
        }
    }

    @Test
    void theTableHoldsEnoughOfThem() {
        assertThat(broken().map(Broken::toString)).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(60);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void isRefusedOnTheSetting(Broken broken) throws Exception {
        Answers answers = asked.get(broken.toString()).get();

        assertThat(answers.validated).isLessThan(SOON);
        assertThat(answers.errors).containsOnlyKeys(broken.setting);
        assertThat(answers.errors.get(broken.setting))
                .anySatisfy(message -> assertThat(message).contains(broken.says).doesNotContain("Exception"));
        assertThat(answers.put).isLessThan(SOON);
        assertThat(answers.refusal.status()).isEqualTo(400);
        // A transform knows its settings without the prefix.
        assertThat(answers.refusal.body().path("message").asText())
                .contains(broken.setting.replaceFirst("^transforms\\.\\w+\\.", ""), broken.says);
    }

    @Test
    void whatIsRightIsLeftAlone() {
        Map<String, Map<String, String>> right = Map.of(
                HS, Map.of("properties", "email,firstname", "my.team", "crm", "topic.creation.groups", "other"),
                HK,
                        Map.of(
                                "transforms",
                                "only," + TO_HUBSPOT,
                                "transforms.only.type",
                                FILTER,
                                "transforms.only.filter.expression",
                                "has(record.new_level) && record.new_level == 1 && record.jobtitle != null",
                                "transforms.merge.field.rules",
                                "jobtitle~jobtitle=newest",
                                "consumer.override.max.poll.records",
                                "100"),
                DS, Map.of("ledger.client.client.id", "us", "value.converter.schemas.enable", "true"),
                DK,
                        Map.of(
                                "transforms.map.mapping.add",
                                "company->department",
                                "transforms.map.mapping.remove",
                                "fax",
                                "header.converter",
                                "org.apache.kafka.connect.json.JsonConverter"));
        right.forEach((connector, changes) -> assertThat(connect.errors(connect.config(connector, changes)))
                .as(connector)
                .isEmpty());
        Arrays.asList(HS, HK, DS, DK)
                .forEach(connector -> assertThat(connect.states(connector)).contains("RUNNING"));
    }

    /** All at once, as an operator's script asks. */
    @Test
    void isToldInTimeAlthoughEachAnswerTakes25Seconds() throws Exception {
        for (Future<Answers> other : asked.values()) {
            other.get();
        }
        Map<String, Object> slow = Map.of("match", ".*", "kind", "delay", "delayMs", 25_000, "times", 1_000);
        faults("faults", slow);
        String token = "dynamics.authority.url";
        Map<String, String> blamed = Map.of(HS, "hubspot.url", HK, "hubspot.url", DS, token, DK, token);
        ExecutorService users = Executors.newFixedThreadPool(blamed.size());
        try {
            List<Callable<Duration>> calls = new ArrayList<>();
            blamed.forEach((connector, setting) -> calls.add(() -> {
                ObjectNode config = connect.config(connector, Map.of());
                if (setting.startsWith("dynamics")) {
                    // Another secret than the running tasks have, whose token the worker remembers.
                    config.put("dynamics.client.secret", "not.cached");
                }
                long start = System.nanoTime();
                Map<String, List<String>> errors = connect.errors(config);
                assertThat(errors).as(connector).containsOnlyKeys(setting);
                assertThat(errors.get(setting).get(0)).contains("not checked").doesNotContain("Exception");
                return Duration.ofNanos(System.nanoTime() - start);
            }));
            for (Future<Duration> taken : users.invokeAll(calls)) {
                assertThat(taken.get()).isLessThan(SOON);
            }
        } finally {
            faults("reset", Map.of());
            users.shutdownNow();
        }
    }
}
