package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.config.TransformChain;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of several rows with one address is linked, and the state and status of rows that are written. */
class MatchingTest {
    private final Environment environment = Environment.open();
    private final SinkRun sink = new SinkRun(environment);
    private long calls;

    @AfterEach
    void close() {
        sink.close();
        environment.close();
    }

    private void fill(int number, String created, Map<String, ?> more) {
        Map<String, Object> row = new HashMap<>(Environment.person("a@example.com", "Ann"));
        row.put("contactid", Environment.id(number));
        row.put("createdon", created + "-01-01T00:00:00Z");
        row.putAll(more);
        environment.simulator().fill("contact", List.of(row));
    }

    private Outcome ann() {
        return sink.process(sink.image("h1", Environment.person("a@example.com", "Ann")));
    }

    @Test
    void anActiveRowIsLinkedBeforeAnOlderInactiveOne() {
        fill(1, "2020", Map.of("statecode", 1, "statuscode", 2));
        fill(2, "2022", Map.of());
        assertThat(ann().targetId()).isEqualTo(Environment.id(2));
    }

    @Test
    void anInactiveRowIsLinkedWhereThereIsNoOther() {
        fill(1, "2020", Map.of("statecode", 1, "statuscode", 2));
        assertThat(ann().targetId()).isEqualTo(Environment.id(1));
        assertThat(environment.size()).isEqualTo(1);
    }

    @Test
    void theWinnerOfAMergeIsLinkedAndNeverTheLoser() {
        fill(2, "2022", Map.of("emailaddress1", "winner@example.com"));
        fill(1, "2020", Map.of("statecode", 1, "statuscode", 2, "merged", true, "_masterid_value", Environment.id(2)));
        assertThat(ann().targetId()).isEqualTo(Environment.id(2));
        assertThat(environment.size()).isEqualTo(2);
    }

    private Outcome withSecondary(String address) {
        return matched(Map.of(DynamicsSinkConfig.EMAIL_COLUMNS, "emailaddress2,emailaddress3"), address);
    }

    /** What a sink that starts anew does with Bea, and with how many calls. */
    private Outcome matched(Map<String, String> settings, String address) {
        long before = environment.rowCalls();
        try (SinkRun run = new SinkRun(environment, settings)) {
            Outcome outcome = run.process(run.image("h1", Environment.person(address, "Bea")));
            calls = environment.rowCalls() - before;
            return outcome;
        }
    }

    @Test
    void aRowWithTheAddressInASecondaryColumnIsLinkedAndKeepsItsPrimaryOne() {
        fill(3, "2020", Map.of("emailaddress1", "usual@example.com"));
        matched(Map.of(), "usual@example.com");
        long usual = calls;
        for (String column : List.of("emailaddress2", "emailaddress3")) {
            String address = column + "@example.com";
            int number = column.equals("emailaddress2") ? 1 : 2;
            fill(
                    number,
                    "2020",
                    Map.of("emailaddress1", number + "@example.com", column, address.toUpperCase(Locale.ROOT)));
            Outcome outcome = withSecondary(address);
            assertThat(outcome.targetId()).isEqualTo(Environment.id(number));
            assertThat(outcome.kind()).isEqualTo(Kind.UPDATED);
            assertThat(environment.value(Environment.id(number), "emailaddress1"))
                    .isEqualTo(number + "@example.com");
            assertThat(environment.value(Environment.id(number), "firstname")).isEqualTo("Bea");
            assertThat(calls).as("calls").isEqualTo(usual);
        }
        assertThat(environment.size()).isEqualTo(3);
    }

    @Test
    void aRowWhoseOwnAddressItIsGoesBeforeOneThatHasItAsASecondaryOne() {
        fill(1, "2020", Map.of("emailaddress1", "other@example.com", "emailaddress2", "a@example.com"));
        fill(2, "2022", Map.of());
        assertThat(withSecondary("a@example.com").targetId()).isEqualTo(Environment.id(2));
    }

    @Test
    void aRowWithoutAPrimaryAddressGetsTheOneItIsFoundBy() {
        Map<String, Object> row = new HashMap<>(Environment.person("a@example.com", "Ann"));
        row.put("contactid", Environment.id(1));
        row.remove("emailaddress1");
        row.put("emailaddress3", "a@example.com");
        environment.simulator().fill("contact", List.of(row));
        assertThat(withSecondary("a@example.com").targetId()).isEqualTo(Environment.id(1));
        assertThat(environment.value(Environment.id(1), "emailaddress1")).isEqualTo("a@example.com");
    }

    @Test
    void withoutTheSettingOnlyThePrimaryAddressIsMatched() {
        fill(1, "2020", Map.of("emailaddress1", "other@example.com", "emailaddress2", "a@example.com"));
        assertThat(ann().kind()).isEqualTo(Kind.CREATED);
    }

    @Test
    void aSecondaryColumnThatHoldsNoAddressesIsReportedOnItsSetting() {
        Map<String, String> problems = Map.of(
                "emailaddress2,emailadress3", "Did you mean emailaddress3?",
                "gendercode", "no column for a single line of text",
                "No Column", "logical name");
        problems.forEach((columns, problem) -> {
            Map<String, String> props = new HashMap<>(environment.connection());
            props.put("topics", "people");
            props.put("transforms", "map");
            props.put("transforms.map.type", TransformChain.FIELD_MAPPING);
            props.put(SyncSinkConfig.LEDGER_SERVERS, "none.invalid:9092");
            props.put(DynamicsSinkConfig.EMAIL_COLUMNS, columns);
            assertThat(problems(props)).as(columns).contains(problem);
        });
    }

    private static String problems(Map<String, String> props) {
        return new DynamicsSinkConnector()
                .validate(props).configValues().stream()
                        .filter(value -> value.name().equals(DynamicsSinkConfig.EMAIL_COLUMNS))
                        .findFirst()
                        .orElseThrow()
                        .errorMessages()
                        .toString();
    }

    @Test
    void aStatusBringsItsStateAlong() {
        String id = ann().targetId();
        Map<String, Object> values = new HashMap<>(Environment.person("a@example.com", "Bea"));
        values.put("statuscode", 2);
        assertThat(sink.process(sink.image("h1", values)).kind()).isEqualTo(Kind.UPDATED);
        assertThat(environment.value(id, "statecode")).isEqualTo("1");
        assertThat(environment.value(id, "firstname")).isEqualTo("Bea");
        assertThat(sink.refusals("h1")).isEmpty();
    }

    @Test
    void aNewInactiveRowIsCreatedThenDeactivated() {
        Map<String, Object> values = new HashMap<>(Environment.person("a@example.com", "Ann"));
        values.put("statuscode", 2);
        Outcome outcome = sink.process(sink.image("h1", values));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(environment.value(outcome.targetId(), "statecode")).isEqualTo("1");
        assertThat(environment.value(outcome.targetId(), "statuscode")).isEqualTo("2");
        assertThat(sink.refusals("h1")).isEmpty();
    }

    @Test
    void aStateThatIsRefusedHoldsBackNoOtherColumn() {
        environment.fault(Map.of(
                "refusal",
                Map.of("table", "contact", "column", "statecode", "when", "update", "status", 403, "message", "No.")));
        Map<String, Object> values = new HashMap<>(Environment.person("a@example.com", "Ann"));
        values.put("statuscode", 2);
        Outcome outcome = sink.process(sink.image("h1", values));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(environment.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
        assertThat(environment.value(outcome.targetId(), "statecode")).isEqualTo("0");
    }
}
