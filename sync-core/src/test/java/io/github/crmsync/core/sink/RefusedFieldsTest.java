package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.record.RefusedField;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Fields that a transform has left out because their values cannot be converted. */
class RefusedFieldsTest {
    private static final RefusedField PHONE =
            new RefusedField("phone", "phone", "Field phone does not hold a value of type integer");

    private final FakeApp hubspot = new FakeApp("hubspot");
    private final FakeApp dynamics = new FakeApp("dynamics");
    private final MemoryLedger ledger = new MemoryLedger();
    private final List<Outcome> reports = new ArrayList<>();
    private final SyncEngine toDynamics = new SyncEngine(dynamics, ledger, (work, outcome) -> reports.add(outcome));
    private long offset;

    private Work image(String id, String email, Map<String, Object> values, RefusedField... refused) {
        return new Work(
                new Image(
                        "hubspot",
                        id,
                        ++offset,
                        0,
                        Origin.LIVE,
                        false,
                        null,
                        values,
                        values.keySet().stream()
                                .sorted()
                                .map(name -> new MappedField(name, name))
                                .toList(),
                        Map.of(),
                        email,
                        null,
                        null,
                        Map.of(),
                        null,
                        new MergePolicy("hubspot", true, Map.of(), Set.of()),
                        true,
                        List.of(refused)),
                new TopicPartition("hubspot", 0),
                offset);
    }

    private Kind process(Work work) {
        reports.clear();
        return toDynamics.process(List.of(work), Set.of()).get(work).kind();
    }

    @Test
    void theRestFlowsAndOneDecisionTellsBoth() {
        assertThat(process(image("h1", "a@x.org", Map.of("email", "a@x.org", "name", "Ann"), PHONE)))
                .isEqualTo(Kind.CREATED);
        assertThat(dynamics.value(dynamics.createdFor.get("h1"), "name")).isEqualTo("Ann");
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.kind()).isEqualTo(Kind.CREATED);
            assertThat(report.leftOut())
                    .containsExactly(new LeftOut(Set.of("phone"), LeftOut.Why.REFUSED, PHONE.reason(), false));
        });
        process(image("h1", "a@x.org", Map.of("email", "a@x.org", "name", "Bea"), PHONE));
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.kind()).isEqualTo(Kind.UPDATED);
            assertThat(report.leftOut())
                    .as("told with each decision, and new only once")
                    .containsExactly(new LeftOut(Set.of("phone"), LeftOut.Why.REFUSED, PHONE.reason(), true));
        });
    }

    @Test
    void itIsNoClearAndNothingIsAgreedOnUntilItCanBeConverted() {
        Map<String, Object> values = new HashMap<>(Map.of("email", "a@x.org", "name", "Ann", "phone", "1"));
        process(image("h1", "a@x.org", values));
        String row = dynamics.createdFor.get("h1");
        Map<String, Object> without = new HashMap<>(values);
        without.remove("phone");
        assertThat(process(image("h1", "a@x.org", without, PHONE))).isEqualTo(Kind.UNCHANGED);
        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report.leftOut()).hasSize(1));
        assertThat(dynamics.value(row, "phone")).isEqualTo("1");
        values.put("phone", "2");
        assertThat(process(image("h1", "a@x.org", values))).isEqualTo(Kind.UPDATED);
        assertThat(dynamics.value(row, "phone")).isEqualTo("2");
        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report.leftOut()).isEmpty());
    }

    @Test
    void withoutTheAddressThatIdentifiesItNothingIsCreated() {
        Work work = image("h1", "a@x.org", Map.of("name", "Ann"), new RefusedField("email", "email", "no such option"));
        assertThat(process(work)).isEqualTo(Kind.FAILED);
        assertThat(dynamics.createdFor).isEmpty();
    }

    @Test
    void theHeaderCarriesThem() {
        assertThat(RefusedField.parse(RefusedField.format(List.of(PHONE)))).containsExactly(PHONE);
        assertThat(RefusedField.format(List.of())).isNull();
    }
}
