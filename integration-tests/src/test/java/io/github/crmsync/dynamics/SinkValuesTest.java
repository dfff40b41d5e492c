package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink and the values that people really have. */
class SinkValuesTest {
    private final Environment environment = Environment.open();
    private SinkRun sink;

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
        environment.close();
    }

    private SinkRun sink() {
        sink = new SinkRun(environment);
        return sink;
    }

    @ParameterizedTest
    @CsvSource({
        "max@b\u00fccher.example, max@xn--bcher-kva.example",
        "Max@XN--bcher-kva.example, max@b\u00fccher.example",
        "max@xn--bcher-kva.example, MAX@B\u00dcCHER.example"
    })
    void aRowIsFoundInEitherSpellingOfItsDomain(String dynamics, String hubspot) {
        String existing = environment.create(Map.of("emailaddress1", dynamics));
        Outcome outcome = sink().process(sink.image("h1", Map.of("emailaddress1", hubspot, "firstname", "Max")));
        assertThat(outcome.targetId()).isEqualTo(existing);
        assertThat(environment.value(existing, "firstname")).isEqualTo("Max");
        assertThat(environment.value(existing, "emailaddress1")).isEqualTo(dynamics);
        assertThat(environment.size()).isEqualTo(1);
    }

    @Test
    void whereTheAddressIsRefusedNoRowIsCreatedWithoutIt() {
        String address = "max@" + "b\u00fccher.".repeat(15) + "example";
        Outcome outcome = sink().process(sink.image("h1", Map.of("emailaddress1", address, "firstname", "Max")));
        assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
        assertThat(environment.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00a0", "\u200b", "\u3000", "\ufeff", "\u200b \ufeff"})
    void aValueThatNobodySeesErasesNothing(String blank) {
        String existing = environment.create(Environment.person("a@example.com", "Ann"));
        Outcome outcome =
                sink().process(sink.image("h1", Map.of("emailaddress1", "a@example.com", "firstname", blank)));
        assertThat(outcome.targetId()).isEqualTo(existing);
        assertThat(environment.value(existing, "firstname")).isEqualTo("Ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"numberofchildren", "creditlimit", "gendercode"})
    void aNumberThatIsTooLongToWriteOutIsRefusedAlone(String column) {
        Outcome outcome = sink().process(sink.image(
                "h1", Map.of("emailaddress1", "a@example.com", "firstname", "Ann", column, "1E999999999")));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(environment.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
        assertThat(sink.reports.get("h1"))
                .filteredOn(report -> report.kind() == Kind.FAILED)
                .flatExtracting(Outcome::fields)
                .containsExactly(column);
    }
}
