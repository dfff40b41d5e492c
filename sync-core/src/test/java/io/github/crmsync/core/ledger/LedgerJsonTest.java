package io.github.crmsync.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.ledger.LedgerEntry.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerJsonTest {
    private static String json(LedgerEntry entry) throws IOException {
        return new String(LedgerJson.bytes(entry), StandardCharsets.UTF_8);
    }

    private static LedgerEntry entry(String json) throws IOException {
        return LedgerJson.entry(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anEntryComesBackAsItWasWritten() throws IOException {
        LedgerEntry linked =
                LedgerEntry.blank("hubspot", "d1").linked("h1", Map.of("a~b", new Agreement(1, 2, 3, 4, 5)));
        assertThat(entry(json(linked))).isEqualTo(linked);
        assertThat(linked.isUnreadable()).isFalse();
    }

    @Test
    void aStateOfANewerVersionIsReadAndNeverWritten() throws IOException {
        String newer = json(LedgerEntry.blank("hubspot", "d1").linked("h1", Map.of()))
                .replace("\"LINKED\"", "\"SUSPENDED\"")
                .replace("{\"owner\"", "{\"reason\":\"unheard of\",\"owner\"");
        LedgerEntry read = entry(newer);
        assertThat(read.state()).isEqualTo(State.UNKNOWN);
        assertThat(read.isUnreadable()).isTrue();
        assertThat(read.hubspotId()).isEqualTo("h1");
        assertThatThrownBy(() -> LedgerJson.bytes(read)).isInstanceOf(IllegalStateException.class);
    }
}
