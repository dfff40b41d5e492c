package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.Outcome;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.sandbox.hubspot.Quirk;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink and the values that people really have. */
class SinkValuesTest {
    private Portal portal = Portal.open();
    private SinkRun sink;

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
        portal.close();
    }

    private SinkRun sink() {
        sink = new SinkRun(portal);
        return sink;
    }

    @ParameterizedTest
    @CsvSource({
        "max@b\u00fccher.example, max@xn--bcher-kva.example",
        "max@xn--bcher-kva.example, max@b\u00fccher.example",
        "max@xn--bcher-kva.example, MAX@B\u00dcCHER.example"
    })
    void aContactIsFoundInEitherSpellingOfItsDomain(String hubspot, String dynamics) {
        String existing = portal.create(Portal.person(hubspot, ""));
        Outcome outcome = sink().process(sink.image("d1", Map.of("email", dynamics, "firstname", "Max")));
        assertThat(outcome.targetId()).isEqualTo(existing);
        assertThat(portal.value(existing, "firstname")).isEqualTo("Max");
        assertThat(portal.value(existing, "email")).isEqualTo(hubspot);
        assertThat(portal.size()).isEqualTo(1);
    }

    @Test
    void whereTheAddressIsRefusedNoContactIsCreatedWithoutIt() {
        portal.close();
        portal = Portal.open(options -> options.set(Quirk.ASCII_ADDRESSES, true));
        Outcome outcome =
                sink().process(sink.image("d1", Map.of("email", "max@b\u00fccher.example", "firstname", "Max")));
        assertThat(outcome.kind()).isEqualTo(Kind.FAILED);
        assertThat(outcome.detail()).contains("is invalid");
        assertThat(portal.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00a0", "\u200b", "\u3000", "\ufeff", "\u200b \ufeff"})
    void aValueThatNobodySeesErasesNothing(String blank) {
        String existing = portal.create(Portal.person("a@example.com", "Ann"));
        Outcome outcome = sink().process(sink.image("d1", Map.of("email", "a@example.com", "firstname", blank)));
        assertThat(outcome.targetId()).isEqualTo(existing);
        assertThat(portal.value(existing, "firstname")).isEqualTo("Ann");
    }

    @Test
    void aNumberThatIsTooLongToWriteOutIsRefusedAlone() {
        Outcome outcome = sink().process(sink.image(
                "d1", Map.of("email", "a@example.com", "firstname", "Ann", "annualrevenue", "1E999999999")));
        assertThat(outcome.kind()).isEqualTo(Kind.CREATED);
        assertThat(portal.value(outcome.targetId(), "firstname")).isEqualTo("Ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "{%s}", " %s\u00a0"})
    void aLinkIsUnderstoodHoweverSomebodyHasTypedIt(String form) {
        String id = "0F8FAD5B-D9CB-469F-A165-70867728950E";
        sink().target.ensureLinkProperty();
        String existing =
                portal.create(Map.of("email", "a@example.com", "dynamics_contact_id", String.format(form, id)));
        Outcome outcome = sink.process(sink.image(
                id.toLowerCase(java.util.Locale.ROOT), Map.of("email", "a@example.com", "firstname", "Ann")));
        assertThat(outcome.targetId()).isEqualTo(existing);
        assertThat(portal.value(existing, "firstname")).isEqualTo("Ann");
        assertThat(portal.size()).isEqualTo(1);
    }
}
