package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.LeftOut;
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
        assertThat(sink.refusals("h1")).flatExtracting(LeftOut::fields).containsExactly(column);
    }

    private Outcome create(String column, Object value, Map<String, String> settings) {
        if (sink != null) {
            sink.close();
        }
        sink = new SinkRun(environment, settings);
        String email = "p" + environment.size() + "@example.com";
        return sink.process(sink.image(email, Map.of("emailaddress1", email, "firstname", "Ann", column, value)));
    }

    private String stored(String column, Object value) {
        Outcome outcome = create(column, value, Map.of());
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(sink.reports.values())
                .allSatisfy(reports -> assertThat(reports).hasSize(1));
        return environment.value(outcome.targetId(), column);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2", "2,1", "2;1", "Music;Art", "art; music"})
    void severalOptionsAreWrittenByNumberOrLabelInWhateverOrder(String value) {
        assertThat(stored("new_interests", value)).isEqualTo("1,2");
        assertThat(sink.target.fingerprint("new_interests", value))
                .isEqualTo(sink.target.fingerprint("new_interests", "2,1"));
    }

    @Test
    void oneOptionOfSeveralMayBeANumberAndALabelMayHaveAComma() {
        assertThat(stored("new_interests", 4L)).isEqualTo("4");
        assertThat(stored("new_interests", "Sports, outdoors;Wine")).isEqualTo("3,4");
    }

    @Test
    void noOptionIsNull() {
        String id = environment.create(
                Map.of("emailaddress1", "a@example.com", "firstname", "Ann", "new_interests", "1,2"));
        sink = new SinkRun(environment);
        Map<String, Object> values = new java.util.HashMap<>();
        values.put("emailaddress1", "a@example.com");
        values.put("new_interests", "1");
        sink.process(sink.image("h1", values, "a@example.com", java.util.Set.of("new_interests")));
        values.put("new_interests", "");
        assertThat(sink.process(sink.image("h1", values, "a@example.com", java.util.Set.of("new_interests")))
                        .kind())
                .isEqualTo(Kind.UPDATED);
        assertThat(environment.value(id, "new_interests")).isEmpty();
    }

    @Test
    void anOptionThatTheColumnDoesNotHaveIsRefusedAlone() {
        Outcome outcome = create("new_interests", "Art;Chess", Map.of());
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(environment.value(outcome.targetId(), "new_interests")).isEmpty();
        assertThat(environment.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
    }

    @Test
    void labelsOfGlobalChoicesAreKnown() {
        sink = new SinkRun(environment, Map.of(DynamicsConfig.TABLE, "lead"));
        Outcome outcome = sink.process(sink.image(
                "h1", Map.of("emailaddress1", "a@example.com", "lastname", "Ann", "purchaseprocess", "Committee")));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(sink.reports.get("h1")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "donotbulkemail, Do Not Allow, true",
        "donotbulkemail, allow, false",
        "creditonhold, Yes, true",
        "creditonhold, No, false",
        "creditonhold, 1, true",
        "creditonhold, false, false"
    })
    void labelsOfTwoOptionColumnsAreKnown(String column, String value, String stored) {
        assertThat(stored(column, value)).isEqualTo(stored);
    }

    @Test
    void aDayOfAUserLocalColumnBeginsInTheZoneThatIsSet() {
        String id = environment.create(Environment.person("a@example.com", "Ann"));
        sink = new SinkRun(environment, Map.of("time.zone", "Europe/Berlin"));
        sink.process(sink.image("h1", Map.of("emailaddress1", "a@example.com", "lastusedincampaign", "2023-04-01")));
        assertThat(environment.value(id, "lastusedincampaign")).isEqualTo("2023-03-31T22:00:00Z");
        assertThat(sink.target.fingerprint("lastusedincampaign", "2023-03-31T22:00:00Z"))
                .isEqualTo(sink.target.fingerprint("lastusedincampaign", "2023-04-01"));
    }

    @Test
    void aTimeThatGoesIntoADayHasItsDayInTheZoneThatIsSet() {
        Outcome west = create("birthdate", "2023-04-01T01:09:44Z", Map.of("time.zone", "America/Los_Angeles"));
        assertThat(environment.value(west.targetId(), "birthdate")).isEqualTo("2023-03-31");
        assertThat(stored("birthdate", "2023-04-01T01:09:44Z")).isEqualTo("2023-04-01");
    }
}
