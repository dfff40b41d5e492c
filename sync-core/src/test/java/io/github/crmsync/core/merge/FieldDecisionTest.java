package io.github.crmsync.core.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.merge.FieldDecision.Base;
import io.github.crmsync.core.merge.FieldDecision.Sides;
import io.github.crmsync.core.merge.FieldDecision.Winner;
import org.junit.jupiter.api.Test;

class FieldDecisionTest {
    private static final long EMPTY = 0;
    private static final long A = 11;
    private static final long B = 22;
    private static final long C = 33;

    private static FieldDecision decide(Base base, long source, long target, Winner winner) {
        return FieldDecision.of(base, new Sides(source, source, target), winner, false)
                .decision();
    }

    @Test
    void equalValuesAreAgreedOnceAndThenLeftAlone() {
        assertThat(decide(null, A, A, Winner.SOURCE)).isEqualTo(FieldDecision.AGREE);
        assertThat(decide(new Base(B, B), A, A, Winner.SOURCE)).isEqualTo(FieldDecision.AGREE);
        assertThat(decide(new Base(A, A), A, A, Winner.SOURCE)).isEqualTo(FieldDecision.NOTHING);
    }

    @Test
    void theOnlyChangeFlowsWhateverTheDefaultApp() {
        assertThat(decide(new Base(A, A), B, A, Winner.TARGET)).isEqualTo(FieldDecision.WRITE);
        assertThat(decide(new Base(A, A), A, B, Winner.SOURCE)).isEqualTo(FieldDecision.LEAVE);
    }

    @Test
    void aDeliberateClearIsHeldUnlessTheFieldPropagatesIt() {
        assertThat(decide(new Base(A, A), EMPTY, A, Winner.SOURCE)).isEqualTo(FieldDecision.HELD_CLEAR);
        assertThat(FieldDecision.of(new Base(A, A), new Sides(EMPTY, EMPTY, A), Winner.SOURCE, true)
                        .decision())
                .isEqualTo(FieldDecision.WRITE);
    }

    @Test
    void formatsThatTheSidesAgreedOnNeverCauseAWrite() {
        assertThat(FieldDecision.of(new Base(A, B), new Sides(A, A, B), Winner.SOURCE, false)
                        .decision())
                .isEqualTo(FieldDecision.NOTHING);
    }

    @Test
    void aConflictGoesToTheDefaultAppUnlessItsValueIsEmpty() {
        Base base = new Base(A, A);
        assertThat(decide(base, B, C, Winner.SOURCE)).isEqualTo(FieldDecision.WRITE);
        assertThat(decide(base, B, C, Winner.TARGET)).isEqualTo(FieldDecision.TARGET_WINS);
        assertThat(decide(base, EMPTY, C, Winner.SOURCE)).isEqualTo(FieldDecision.TARGET_WINS);
        assertThat(decide(base, B, EMPTY, Winner.TARGET)).isEqualTo(FieldDecision.WRITE);
    }

    @Test
    void atTheFirstMatchTheFilledSideFillsTheEmptyOne() {
        assertThat(decide(null, A, EMPTY, Winner.TARGET)).isEqualTo(FieldDecision.WRITE);
        assertThat(decide(null, EMPTY, A, Winner.SOURCE)).isEqualTo(FieldDecision.TARGET_WINS);
        assertThat(decide(null, A, B, Winner.SOURCE)).isEqualTo(FieldDecision.WRITE);
        assertThat(decide(null, A, B, Winner.TARGET)).isEqualTo(FieldDecision.TARGET_WINS);
    }

    @Test
    void oneWayAFilledSourceAlwaysWinsAndAnEmptyOneErasesNothing() {
        assertThat(decide(null, A, B, Winner.SOURCE_ONLY)).isEqualTo(FieldDecision.WRITE);
        assertThat(decide(null, EMPTY, B, Winner.SOURCE_ONLY)).isEqualTo(FieldDecision.LEAVE);
        assertThat(decide(new Base(A, A), A, B, Winner.SOURCE_ONLY)).isEqualTo(FieldDecision.LEAVE);
    }

    /** Every value, base and policy: no decision other than a propagated clear ever writes an empty value over a filled one. */
    @Test
    void emptyNeverErasesInAnyCombination() {
        long[] values = {EMPTY, A, B};
        for (long source : values) {
            for (long target : values) {
                for (Winner winner : Winner.values()) {
                    assertNoErasure(null, source, target, winner);
                    for (long s : values) {
                        for (long t : values) {
                            assertNoErasure(new Base(s, t), source, target, winner);
                        }
                    }
                }
            }
        }
    }

    private static void assertNoErasure(Base base, long source, long target, Winner winner) {
        if (decide(base, source, target, winner) == FieldDecision.WRITE) {
            assertThat(source).isNotEqualTo(EMPTY);
        }
    }
}
