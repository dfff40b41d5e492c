package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.dynamics.SourceOffset.Phase;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class SourceOffsetTest {
    private final SourceOffset start = SourceOffset.beginning("org", "a,b");

    @Test
    void aFirstReadingEndsWithMarksBeforeItGoesLive() {
        SourceOffset middle = start.after("next", null, false, 5);
        assertThat(middle.phase()).isEqualTo(Phase.SNAPSHOT);
        assertThat(middle.link()).isEqualTo("next");
        SourceOffset marks = middle.after(null, "delta", false, 5);
        assertThat(marks).isEqualTo(new SourceOffset("org", "a,b", Phase.MARKS, "delta", 5));
        assertThat(marks.marked().phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    void aNextLinkGoesBeforeADeltaLink() {
        assertThat(start.after("next", "delta", false, 5).link()).isEqualTo("next");
    }

    @Test
    void anExpiredTokenReadsEverythingAgainWithoutMarks() {
        SourceOffset live = new SourceOffset("org", "a,b", Phase.LIVE, "delta", 1);
        SourceOffset again = live.restarted();
        assertThat(again).isEqualTo(new SourceOffset("org", "a,b", Phase.REREAD, null, 1, 0, 0, true));
        assertThat(again.after(null, "delta2", false, 9).phase()).isEqualTo(Phase.LIVE);
        assertThat(again.after(null, "delta2", false, 9).swept()).isEqualTo(9);
        SourceOffset first = start.after("next", null, false, 5).restarted();
        assertThat(first.phase()).isEqualTo(Phase.SNAPSHOT);
        assertThat(first.atTheBeginning()).isTrue();
    }

    @Test
    void anEmptyRoundWithoutALinkKeepsTheOldOne() {
        SourceOffset live = new SourceOffset("org", "a,b", Phase.LIVE, "delta", 1);
        assertThat(live.after(null, null, true, 9)).isEqualTo(live);
    }

    @Test
    void noDeltaLinkMeansThatTrackingIsOff() {
        assertThatThrownBy(() -> start.after(null, null, true, 5))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("change tracking");
    }

    @Test
    void storedFormIsReadBack() {
        SourceOffset live = new SourceOffset("org", "a,b", Phase.LIVE, "delta", 1);
        assertThat(SourceOffset.of(live.toMap())).isEqualTo(live);
        assertThat(SourceOffset.of(start.toMap())).isEqualTo(start);
        assertThatThrownBy(() -> SourceOffset.of(Map.of("position", 7))).isInstanceOf(ConnectException.class);
    }

    private static SourceOffset live(String token, long swept) {
        return new SourceOffset("org", "a,b", Phase.LIVE, "https://x/contacts?$deltatoken=" + token, swept);
    }

    @Test
    void ofSeveralStoredOffsetsTheFurthestCounts() {
        SourceOffset older = live("919042%2108%2f22%2f2026%2008%3a10%3a44", 9);
        SourceOffset newer = live("1000000%2108%2f22%2f2026%2009%3a10%3a44", 5);
        SourceOffset reading = start.after("next", null, false, 5);
        assertThat(SourceOffset.furthest(List.of())).isNull();
        assertThat(SourceOffset.furthest(List.of(reading))).isEqualTo(reading);
        // What was deleted while the other one was lost is looked for.
        assertThat(SourceOffset.furthest(List.of(newer, reading, older))).isEqualTo(newer.withGap());
        assertThat(SourceOffset.furthest(List.of(start, reading))).isEqualTo(reading.withGap());
        assertThat(SourceOffset.furthest(List.of(live("opaque", 7), live("opaque", 8)))
                        .swept())
                .isEqualTo(8);
    }
}
