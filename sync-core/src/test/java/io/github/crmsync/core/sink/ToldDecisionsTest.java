package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import io.github.crmsync.core.sink.Outcome.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToldDecisionsTest {
    private final ToldDecisions told = new ToldDecisions();

    private static Image image(Origin origin, String id, long version) {
        return new Image(
                "hubspot",
                id,
                version,
                1,
                origin,
                false,
                null,
                Map.of(),
                List.of(),
                Map.of(),
                "a@x.org",
                null,
                null,
                Map.of(),
                null,
                MergePolicy.oneWay("hubspot"));
    }

    private static Image swept(String id, long version) {
        return image(Origin.SWEEP, id, version);
    }

    private static Outcome duplicateOf(String target) {
        return Outcome.of(Kind.DUPLICATE, target, "another record with this e-mail is linked");
    }

    @Test
    void aDuplicateIsNewsOnceUntilItsImageOrItsCounterpartChanges() {
        assertThat(told.add(swept("1", 1), duplicateOf("d1"))).isTrue();
        assertThat(told.add(swept("1", 1), duplicateOf("d1"))).isFalse();
        assertThat(told.add(swept("1", 1), duplicateOf("d2"))).isTrue();
        assertThat(told.add(swept("1", 2), duplicateOf("d2"))).isTrue();
        assertThat(told.add(swept("1", 2), duplicateOf("d2"))).isFalse();
    }

    @Test
    void whatComesOutsideASweepIsAlwaysNews() {
        assertThat(told.add(image(Origin.LIVE, "1", 1), duplicateOf("d1"))).isTrue();
        assertThat(told.add(image(Origin.LIVE, "1", 1), duplicateOf("d1"))).isTrue();
    }

    @Test
    void aRefusalIsNewsEachTimeAndSoIsWhatFollowsIt() {
        assertThat(told.add(swept("1", 1), duplicateOf("d1"))).isTrue();
        assertThat(told.add(swept("1", 1), Outcome.of(Kind.FAILED, null, "no"))).isTrue();
        assertThat(told.add(swept("1", 1), Outcome.of(Kind.FAILED, null, "no"))).isTrue();
        assertThat(told.add(swept("1", 1), duplicateOf("d1"))).isTrue();
    }

    @Test
    void aConflictThatIsNeverSettledIsNewsOnce() {
        Outcome lost =
                new Outcome(Kind.PARKED_CONFLICT, "d1", Set.of("name~name"), Map.of("name~name", "dynamics"), null);

        assertThat(told.add(swept("1", 1), lost)).isTrue();
        assertThat(told.add(swept("1", 1), lost.unsettled())).isTrue();
        assertThat(told.add(swept("1", 1), lost)).isFalse();
        assertThat(told.add(swept("1", 1), lost.unsettled())).isFalse();
    }

    @Test
    void remembersManyRecords() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 5_000; i++) {
                assertThat(told.add(swept("row " + i, 1), duplicateOf("d1"))).isEqualTo(round == 0);
            }
        }
    }
}
