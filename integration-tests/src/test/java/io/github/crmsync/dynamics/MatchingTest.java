package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of several rows with one address is linked, and the state and status of rows that are written. */
class MatchingTest {
    private final Environment environment = Environment.open();
    private final SinkRun sink = new SinkRun(environment);

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
