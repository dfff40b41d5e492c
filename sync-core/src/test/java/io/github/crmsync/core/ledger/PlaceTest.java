package io.github.crmsync.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.core.ledger.Place.Order;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PlaceTest {
    private static final Place DECIDED = new Place("log", 7, 1_000);

    @Test
    void offsetsTellTheOrderWithinOneLog() {
        assertThat(new Place("log", 6, 2_000).relativeTo(DECIDED)).isEqualTo(Order.BEFORE);
        assertThat(new Place("log", 7, 2_000).relativeTo(DECIDED)).isEqualTo(Order.SAME);
        assertThat(new Place("log", 8, 500).relativeTo(DECIDED)).isEqualTo(Order.AFTER);
    }

    @Test
    void timesTellTheOrderBetweenLogs() {
        assertThat(new Place("other", 99, 999).relativeTo(DECIDED)).isEqualTo(Order.BEFORE);
        assertThat(new Place("other", 0, 1_001).relativeTo(DECIDED)).isEqualTo(Order.AFTER);
    }

    @Test
    void nothingTellsTheOrderWithoutTimesOrWithEqualOnes() {
        assertThat(new Place("other", 0, 1_000).relativeTo(DECIDED)).isEqualTo(Order.UNKNOWN);
        assertThat(new Place(null, 0, 0).relativeTo(DECIDED)).isEqualTo(Order.UNKNOWN);
        assertThat(new Place("log", 9, 1).relativeTo(new Place(null, 7, 0))).isEqualTo(Order.UNKNOWN);
    }

    @Test
    void everyImageComesAfterNone() {
        assertThat(new Place("log", 0, 1).relativeTo(new Place(null, -1, 0))).isEqualTo(Order.AFTER);
    }

    @Test
    void anEntryKeepsItsPlaceInTheLedgerAndOneOfAnEarlierVersionHasNoLog() throws IOException {
        ObjectMapper json = new ObjectMapper();
        LedgerEntry entry = LedgerEntry.blank("hubspot", "d").at(DECIDED);

        assertThat(json.readValue(json.writeValueAsBytes(entry), LedgerEntry.class)
                        .place())
                .isEqualTo(DECIDED);
        String earlier =
                json.writeValueAsString(LedgerEntry.blank("hubspot", "d").at(7));
        assertThat(earlier).doesNotContain("log", "time");
        assertThat(json.readValue(earlier, LedgerEntry.class).place()).isEqualTo(new Place(null, 7, 0));
    }
}
