package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Meaning;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formats never cause writes: each side keeps its own style. */
class MeaningSyncTest {
    private static final String NATIONAL = "030 1234567";
    private static final String INTERNATIONAL = "+49 30 1234567";

    private static Pair pair(Meaning.Kind kind, Object inHubspot, Object inDynamics) {
        return new Pair(
                new MappedField("field", "field", new Meaning(kind, "DE")),
                new MergePolicy("hubspot", true, Map.of(), Set.of()),
                inHubspot,
                inDynamics);
    }

    private static Pair phones() {
        return pair(Meaning.Kind.PHONE, INTERNATIONAL, NATIONAL);
    }

    @ParameterizedTest
    @CsvSource({
        "PHONE, +49 30 1234567, 030/123 45 67",
        "COUNTRY, Germany, DEU",
        "EMAIL, Ann@X.org, ann@x.org",
        "TEXT, 1 Main St, '1  Main St'"
    })
    void stylesThatDifferAtTheFirstMatchStay(Meaning.Kind kind, String inHubspot, String inDynamics) {
        Pair pair = pair(kind, inHubspot, inDynamics);
        assertThat(pair.process(pair.fromDynamics()).conflicts()).isEmpty();
        pair.settle();
        assertThat(pair.values()).containsExactly(inHubspot, inDynamics);
        assertThat(pair.writes()).isZero();
    }

    @Test
    void aChangeOfStyleDoesNotTravel() {
        Pair pair = phones();
        pair.settle();
        pair.hubspot.edit(pair.h, "field", "+49-30-1234567");
        pair.settle();
        pair.dynamics.edit(pair.d, "field", "(030) 1234567");
        pair.settle();
        assertThat(pair.values()).containsExactly("+49-30-1234567", "(030) 1234567");
        assertThat(pair.writes()).isZero();
    }

    @Test
    void aChangeOfStyleIsAgreedSoThatTheOtherSidesNextEditIsNoConflict() {
        Pair pair = phones();
        pair.settle();
        pair.hubspot.edit(pair.h, "field", "+49-30-1234567");
        pair.process(pair.fromHubspot());
        pair.dynamics.edit(pair.d, "field", "030 7654321");
        Outcome outcome = pair.process(pair.fromDynamics());
        assertThat(outcome.kind()).isEqualTo(Kind.UPDATED);
        assertThat(outcome.conflicts()).isEmpty();
        assertThat(pair.values()).containsExactly("030 7654321", "030 7654321");
    }

    @Test
    void anotherNumberTravelsAsItIsWritten() {
        Pair pair = phones();
        pair.settle();
        pair.dynamics.edit(pair.d, "field", "030 7654321");
        pair.settle();
        assertThat(pair.values()).containsExactly("030 7654321", "030 7654321");
        assertThat(pair.writes()).isEqualTo(1);
    }

    @Test
    void onceTheStylesAreAgreedAnImageCostsNoCall() {
        Pair pair = phones();
        pair.settle();
        int reads = pair.hubspot.reads + pair.dynamics.reads;
        pair.settle();
        assertThat(pair.hubspot.reads + pair.dynamics.reads).isEqualTo(reads);
    }

    @Test
    void aReplayOfEveryImageWritesNothing() {
        Pair pair = phones();
        List<Work> images = List.of(pair.fromHubspot(), pair.fromDynamics());
        pair.settle();
        pair.hubspot.edit(pair.h, "field", "+49-30-1234567");
        pair.settle();
        images.forEach(pair::process);
        pair.settle();
        assertThat(pair.writes()).isZero();
        assertThat(pair.values()).containsExactly("+49-30-1234567", NATIONAL);
    }

    @Test
    void zeroAndFalseAreNotEmpty() {
        Pair pair = pair(Meaning.Kind.TEXT, 0, "");
        pair.settle();
        assertThat(pair.values()).containsExactly(0, 0);
        Pair flags = pair(Meaning.Kind.TEXT, "", false);
        flags.settle();
        assertThat(flags.values()).containsExactly(false, false);
    }
}
