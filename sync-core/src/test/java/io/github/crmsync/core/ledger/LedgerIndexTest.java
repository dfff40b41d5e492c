package io.github.crmsync.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two tasks append for one record, because partitions were added and images of it are in two. */
class LedgerIndexTest {
    private static final LedgerEntry.Key KEY = new LedgerEntry.Key("dynamics", "a");
    private static final LedgerEntry LINKED =
            LedgerEntry.blank("dynamics", "a").linked("h1", Map.of()).basedOn(0, 3);
    private static final LedgerEntry LATE =
            LedgerEntry.blank("dynamics", "a").linked("h2", Map.of()).basedOn(1, 3);

    private static LedgerIndex read(Map<Long, LedgerEntry> entries) {
        LedgerIndex index = new LedgerIndex();
        entries.keySet().stream().sorted().forEach(position -> index.apply(entries.get(position), position));
        return index;
    }

    @Test
    void theOneThatDidNotKnowWhatTheOtherHadAppendedCountsForNothing() {
        LedgerIndex index = read(Map.of(5L, LINKED, 6L, LATE));

        assertThat(index.get(KEY).entry().targetId()).isEqualTo("h1");
        assertThat(index.get(KEY).position()).isEqualTo(5);
    }

    @Test
    void whatCountsIsAppendedOnceMoreByTheTaskThatWasLate() {
        LedgerIndex index = read(Map.of(5L, LINKED, 6L, LATE));

        assertThat(index.toRepeat(0)).isEmpty();
        assertThat(index.toRepeat(1)).containsExactly(LINKED.repeated(5, 6));

        index.apply(LINKED.repeated(5, 6), 7);
        assertThat(index.toRepeat(1)).isEmpty();
        assertThat(index.get(KEY).position())
                .as("the order of locks stays as it was")
                .isEqualTo(5);
    }

    @Test
    void allReadersAgreeWhateverCompactionHasRemoved() {
        LedgerEntry again = LINKED.repeated(5, 6);
        for (Map<Long, LedgerEntry> left :
                List.of(Map.of(5L, LINKED, 6L, LATE, 7L, again), Map.of(6L, LATE, 7L, again), Map.of(7L, again))) {
            LedgerIndex index = read(left);

            assertThat(index.get(KEY).entry().targetId())
                    .as("%s", left.keySet())
                    .isEqualTo("h1");
            assertThat(index.get(KEY).position()).isEqualTo(5);
        }
    }

    @Test
    void aReaderThatLagsBehindCompactionAgreesAsWell() {
        LedgerEntry first =
                LedgerEntry.blank("dynamics", "a").linked("h0", Map.of()).basedOn(0, -1);
        LedgerEntry removed =
                LedgerEntry.blank("dynamics", "a").linked("h1", Map.of()).basedOn(1, 3);
        LedgerEntry last = removed.linked("h2", Map.of()).basedOn(1, 4);

        for (Map<Long, LedgerEntry> left :
                List.of(Map.of(3L, first, 4L, removed, 5L, last), Map.of(3L, first, 5L, last), Map.of(5L, last))) {
            assertThat(read(left).get(KEY).entry().targetId())
                    .as("%s", left.keySet())
                    .isEqualTo("h2");
        }
    }

    @Test
    void aRepeatedEntryUndoesNothingThatWasAppendedInBetween() {
        LedgerEntry newer =
                LedgerEntry.blank("dynamics", "a").linked("h3", Map.of()).basedOn(0, 5);

        LedgerIndex index = read(Map.of(5L, LINKED, 6L, LATE, 7L, newer, 8L, LINKED.repeated(5, 6)));

        assertThat(index.get(KEY).entry().targetId()).isEqualTo("h3");
    }
}
