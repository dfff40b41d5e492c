package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.crmsync.core.merge.Cause;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Meaning;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.MergePolicy.Restrictive;
import io.github.crmsync.core.record.MergePolicy.Rule;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What docs/report.md promises of the report. */
class ReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DOCS = Path.of("..", "docs");
    private static final long NOON = Instant.parse("2026-11-24T12:00:00Z").toEpochMilli();
    private static final MappedField PHONE = new MappedField("phone", "phone", new Meaning(Meaning.Kind.PHONE, "DE"));

    /** Every decision of the pair, as the topic has it. */
    private static List<ProducerRecord<String, byte[]>> reported(Pair pair, boolean preview, boolean values) {
        MockProducer<String, byte[]> producer =
                new MockProducer<>(true, new StringSerializer(), new ByteArraySerializer());
        try (KafkaReport report = new KafkaReport("report", new ReportJson("contacts", preview, values), producer)) {
            for (int i = 0; i < pair.outcomes.size(); i++) {
                Work work = pair.works.get(i);
                String target = work.image().sourceApp().equals("hubspot") ? "dynamics" : "hubspot";
                report.record(target, work, pair.outcomes.get(i), NOON);
            }
            report.plan("hubspot", Map.of(Kind.CREATED, 3L), NOON);
            report.held("hubspot", "the two sinks differ", NOON);
            report.held("hubspot", null, NOON);
        }
        return producer.history();
    }

    private static JsonNode json(ProducerRecord<String, byte[]> message) {
        try {
            return JSON.readTree(message.value());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String documentation(String file) throws IOException {
        return Files.readString(DOCS.resolve(file));
    }

    /** A conflict on Ann's phone number: HubSpot's edit is handled first, Dynamics is the default app. */
    private static Pair ann() {
        Pair pair =
                new Pair(PHONE, new MergePolicy("dynamics", true, Map.of(), Set.of()), "+49 30 1234567", "030 1234567");
        pair.process(pair.fromHubspot());
        pair.hubspot.edit(pair.h, "phone", "+49 30 5555555");
        pair.dynamics.edit(pair.d, "phone", "030 7654321");
        pair.process(pair.fromHubspot());
        pair.process(pair.fromDynamics());
        return pair;
    }

    private static Pair pair(Rule rule, boolean twoWay, Object inHubspot, Object inDynamics) {
        return new Pair(
                PHONE,
                new MergePolicy(
                        "hubspot",
                        twoWay,
                        Map.of("phone~phone", rule),
                        Set.of(),
                        rule == Rule.RESTRICTIVE ? Map.of("phone~phone", new Restrictive("1", "1")) : Map.of()),
                inHubspot,
                inDynamics);
    }

    /** Edits and clears on both sides under every rule, refused values, deleted records, and an old image in the end. */
    private static List<Pair> histories() {
        List<Pair> histories = new ArrayList<>(List.of(ann()));
        List<List<Object>> values = List.of(List.of("1", "1"), List.of("1", 2), List.of("", "2"), List.of("1", ""));
        for (Rule rule : Rule.values()) {
            for (boolean twoWay : new boolean[] {true, false}) {
                for (List<Object> start : values) {
                    Pair pair = pair(rule, twoWay, start.get(0), start.get(1));
                    Work first = pair.fromHubspot();
                    pair.settle();
                    pair.dynamics.edit(pair.d, "phone", "3");
                    pair.hubspot.edit(pair.h, "email", "c@x.org");
                    pair.process(pair.fromHubspot());
                    pair.hubspot.edit(pair.h, "email", "bad@x.org");
                    pair.process(pair.fromHubspot());
                    pair.hubspot.edit(pair.h, "phone", "");
                    pair.process(pair.fromHubspot());
                    pair.hubspot.edit(pair.h, "phone", "4");
                    pair.settle();
                    pair.process(first);
                    pair.dynamics.delete(pair.d);
                    pair.hubspot.edit(pair.h, "phone", "5");
                    pair.process(pair.fromHubspot());
                    pair.process(pair.another("b@x.org", "6"));
                    pair.process(pair.another("a@x.org", "7"));
                    pair.process(pair.another(null, "8"));
                    histories.add(pair);
                }
            }
        }
        return histories;
    }

    @Test
    void everyRecordIsAsTheSchemaSays() throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(documentation("report.schema.json"));
        Set<String> decisions = new HashSet<>();
        Set<String> rules = new HashSet<>();
        boolean values = false;
        for (Pair pair : histories()) {
            values = !values;
            for (ProducerRecord<String, byte[]> message : reported(pair, !values, values)) {
                JsonNode record = json(message);
                assertThat(schema.validate(record.toString(), InputFormat.JSON))
                        .as(record.toPrettyString())
                        .isEmpty();
                decisions.add(record.path("decision").asText());
                record.path("reasons")
                        .forEach(reason -> rules.add(reason.path("rule").asText()));
            }
        }
        assertThat(decisions)
                .contains("created", "updated", "unchanged", "held", "stale", "excluded", "tombstoned")
                .contains("parked_conflict", "plan", "waiting", "released");
        assertThat(rules).hasSize(Cause.values().length - 2).doesNotContain(Cause.AS_AGREED.text(), Cause.STAGE.text());
    }

    @Test
    void theDocumentationNamesEveryDecisionRuleAndField() throws IOException {
        String page = documentation("report.md");
        for (Kind kind : Kind.values()) {
            assertThat(page).contains("| `" + kind.name().toLowerCase(java.util.Locale.ROOT) + "` |");
        }
        for (Cause cause : Cause.values()) {
            if (cause != Cause.AS_AGREED) {
                assertThat(page).contains("| `" + cause.text() + "` |");
            }
        }
        JsonNode definitions =
                JSON.readTree(documentation("report.schema.json")).path("$defs");
        for (String part : List.of("decision", "reason", "plan")) {
            definitions
                    .path(part)
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(field -> assertThat(page).contains("`" + field + "`"));
        }
    }

    @Test
    void theWorkedExampleIsWhatTheEngineReports() throws IOException {
        List<ProducerRecord<String, byte[]>> records = reported(ann(), false, false);
        assertThat(records).extracting(ProducerRecord::key).startsWith("hubspot:h1", "hubspot:h1", "dynamics:d1");
        assertThat(records.stream().map(ReportTest::json).limit(2))
                .extracting(
                        record -> record.path("decision").asText(),
                        record -> reason(record).path("rule").asText(),
                        record -> reason(record).path("action").asText())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("unchanged", "same-value", "agree"),
                        org.assertj.core.groups.Tuple.tuple("parked_conflict", "conflict", "wait"));
        Matcher block = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(documentation("report.md"));
        assertThat(block.find()).isTrue();
        assertThat(json(records.get(2))).isEqualTo(JSON.readTree(block.group(1)));
    }

    @Test
    void theNewestRecordOfAKeyTellsTheRefusedFields() {
        Pair pair = ann();
        pair.settle();
        pair.hubspot.edit(pair.h, "phone", "030 8888888");
        pair.hubspot.edit(pair.h, "email", "bad@x.org");
        pair.outcomes.clear();
        pair.works.clear();
        pair.process(pair.fromHubspot());
        pair.process(pair.fromHubspot());
        Map<String, JsonNode> newest = new HashMap<>();
        List<ProducerRecord<String, byte[]>> records = reported(pair, false, false);
        records.forEach(record -> newest.put(record.key(), json(record)));
        assertThat(records)
                .filteredOn(record -> record.key().equals("hubspot:h1"))
                .hasSize(2);
        assertThat(json(records.get(0)).path("decision").asText()).isEqualTo("updated");
        assertThat(json(records.get(0)).path("leftOut").toString())
                .contains("\"fields\":[\"email\"]", "\"why\":\"refused\"");
        assertThat(newest.get("hubspot:h1")
                        .path("leftOut")
                        .path(0)
                        .path("fields")
                        .toString())
                .isEqualTo("[\"email\"]");
    }

    private static JsonNode reason(JsonNode record) {
        for (JsonNode reason : record.path("reasons")) {
            if (reason.path("field").asText().equals("phone~phone")) {
                return reason;
            }
        }
        return record.path("reasons").path(0);
    }

    @Test
    void valuesAreInTheReportOnlyWhereTheUserTurnsThemOn() {
        for (ProducerRecord<String, byte[]> message : reported(ann(), false, false)) {
            assertThat(json(message).toString()).doesNotContain("1234567", "5555555", "7654321", "values");
        }
        JsonNode reason = reason(json(reported(ann(), false, true).get(2)));
        assertThat(reason.path("values").path("hubspot").asText()).isEqualTo("+49 30 5555555");
        assertThat(reason.path("values").path("dynamics").asText()).isEqualTo("030 7654321");
    }

    @Test
    void anImageThatIsAsAgreedHasNoReasons() {
        Pair pair = ann();
        pair.settle();
        pair.outcomes.clear();
        pair.works.clear();
        pair.settle();
        assertThat(reported(pair, false, true).stream()
                        .map(ReportTest::json)
                        .filter(record -> record.path("decision").asText().equals("unchanged")))
                .hasSize(8)
                .noneMatch(record -> record.has("reasons"));
    }
}
