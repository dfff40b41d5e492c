package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.config.TransformChain;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.core.sink.Work;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A column that holds the id of the last operation tells whether an update without an answer was carried out. */
class OperationColumnTest {
    private static final String COLUMN = "externaluseridentifier";

    private final Environment environment = Environment.open();
    private final SinkRun sink = new SinkRun(environment, Map.of(DynamicsSinkConfig.OPERATION_COLUMN, COLUMN));

    @AfterEach
    void close() {
        sink.close();
        environment.close();
    }

    private Work image(String firstName) {
        return sink.image("h1", Environment.person("a@example.com", firstName));
    }

    private Outcome process(String firstName) {
        return sink.process(image(firstName));
    }

    @Test
    void eachUpdateLeavesAnIdOfItsOwnAndNothingElseDoes() {
        String id = process("Ann").targetId();
        Set<String> operations = new HashSet<>();
        for (String name : List.of("Bea", "Cleo")) {
            assertThat(process(name).kind()).isEqualTo(Kind.UPDATED);
            operations.add(environment.value(id, COLUMN));
            assertThat(sink.process(List.of(image(name)), Set.of("h1"))
                            .get("h1")
                            .kind())
                    .isEqualTo(Kind.UNCHANGED);
            operations.add(environment.value(id, COLUMN));
        }
        assertThat(operations)
                .hasSize(2)
                .allSatisfy(operation -> assertThat(operation).hasSize(36));
    }

    @Test
    void anUpdateThatNeverArrivedIsNotTakenForOneThatSomebodyHasReplaced() {
        String id = process("Ann").targetId();
        environment.fault(Map.of("match", "batch$", "kind", "reset-before"));
        Work work = image("Bea");
        assertThat(sink.process(work).kind()).isEqualTo(Kind.PARKED);
        environment.update(id, Map.of("firstname", "Edited"));
        sink.process(List.of(work), Set.of("h1"));
        assertThat(environment.value(id, "firstname"))
                .as("the default app's value")
                .isEqualTo("Bea");
    }

    @Test
    void anUpdateThatSomebodyHasTakenBackIsNotRepeated() {
        String id = process("Ann").targetId();
        environment.fault(Map.of("match", "batch$", "kind", "reset-after"));
        Work work = image("Bea");
        assertThat(sink.process(work).kind()).isEqualTo(Kind.PARKED);
        environment.update(id, Map.of("firstname", "Ann"));
        sink.process(List.of(work), Set.of("h1"));
        assertThat(environment.value(id, "firstname")).isEqualTo("Ann");
    }

    @Test
    void anotherOperationIsNoChangeOfAnythingThatIsCompared() {
        String id = environment.create(Environment.person("a@example.com", "Ann"));
        try (SourceRun source = new SourceRun(environment).snapshot()) {
            String before = SourceRun.header(source.last().get(id), SyncHeaders.FINGERPRINTS)
                    .orElseThrow();
            source.forget();
            environment.update(id, Map.of(COLUMN, "another operation"));
            source.until(() -> !source.delivered().isEmpty());
            assertThat(SourceRun.header(source.last().get(id), SyncHeaders.FINGERPRINTS))
                    .contains(before);
        }
    }

    @Test
    void aColumnThatCannotHoldOperationIdsIsReportedOnItsSetting() {
        assertThat(problem(COLUMN)).isEmpty();
        Map<String, String> problems = Map.of(
                "new_nosuch", "there is no such column",
                "gendercode", "no column for a single line of text",
                "fullname", "cannot be changed",
                "suffix", "takes 10 characters",
                "No Column", "logical name");
        problems.forEach(
                (column, problem) -> assertThat(problem(column)).as(column).contains(problem));
        try (SinkRun wrong = new SinkRun(environment, Map.of(DynamicsSinkConfig.OPERATION_COLUMN, "suffix"))) {
            assertThatThrownBy(() -> wrong.process(wrong.image("h1", Environment.person("a@example.com", "Ann"))))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("suffix");
        }
    }

    private String problem(String column) {
        Map<String, String> settings = new HashMap<>(environment.connection());
        settings.put("topics", "people");
        settings.put("transforms", "map");
        settings.put("transforms.map.type", TransformChain.FIELD_MAPPING);
        settings.put(SyncSinkConfig.LEDGER_SERVERS, "none.invalid:9092");
        settings.put(DynamicsSinkConfig.OPERATION_COLUMN, column);
        List<ConfigValue> wrong = new DynamicsSinkConnector()
                .validate(settings).configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        // No broker runs here.
                        .filter(value -> !value.name().equals(SyncSinkConfig.LEDGER_SERVERS))
                        .toList();
        assertThat(wrong).extracting(ConfigValue::name).allMatch(DynamicsSinkConfig.OPERATION_COLUMN::equals);
        return wrong.isEmpty() ? "" : wrong.get(0).errorMessages().get(0);
    }
}
