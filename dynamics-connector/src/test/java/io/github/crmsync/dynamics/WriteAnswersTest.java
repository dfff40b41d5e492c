package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.sink.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteAnswersTest {
    private static final String ID = "2ed6657d-e927-568b-95e1-2665a8aea6a2";

    @ParameterizedTest
    @ValueSource(strings = {"0x80060882", ""})
    void etagMismatch(String code) {
        assertThat(update(
                        412,
                        code,
                        "The version of the existing record doesn't match the RowVersion property provided."))
                .isInstanceOf(WriteOutcome.VersionMoved.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x80040237", ""})
    void chosenKeyExists(String code) {
        assertThat(create(412, code, "A record with matching key values already exists."))
                .isInstanceOfSatisfying(
                        WriteOutcome.Conflict.class,
                        c -> assertThat(c.existingId()).isEqualTo(ID));
    }

    @Test
    void alternateKeyNamesNoRow() {
        assertThat(create(412, "0x80060892", "Entity Key Email violated. A record with the same value ..."))
                .isInstanceOfSatisfying(
                        WriteOutcome.Conflict.class,
                        c -> assertThat(c.existingId()).isNull());
    }

    @ParameterizedTest
    @ValueSource(ints = {412, 500})
    void duplicateDetectionRefuses(int status) {
        assertThat(create(status, "0x80040333", "A record was not created or updated because a duplicate ..."))
                .isInstanceOf(WriteOutcome.Refused.class);
    }

    @Test
    void otherAnswers() {
        assertThat(update(404, "", "contact With Id = x Does Not Exist")).isInstanceOf(WriteOutcome.Missing.class);
        assertThat(update(400, "0x80044331", "too long")).isEqualTo(new WriteOutcome.Refused("too long"));
        assertThat(update(429, "0x80072322", "limit")).isInstanceOf(WriteOutcome.TryLater.class);
        assertThat(update(503, "", "")).isInstanceOf(WriteOutcome.TryLater.class);
        assertThat(update(400, "0x80044150", "Generic SQL error")).isInstanceOf(WriteOutcome.TryLater.class);
        assertThat(update(403, "0x80048306", "no WriteAccess")).isInstanceOf(WriteOutcome.Refused.class);
        assertThatThrownBy(() -> update(403, "0x80040220", "missing prvWriteContact"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("prvWriteContact");
    }

    private static WriteOutcome update(int status, String code, String message) {
        return WriteAnswers.outcome(reply(status, code, message), null, reply -> null);
    }

    private static WriteOutcome create(int status, String code, String message) {
        return WriteAnswers.outcome(reply(status, code, message), ID, reply -> null);
    }

    private static BatchCodec.Reply reply(int status, String code, String message) {
        String body = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}";
        return new BatchCodec.Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }
}
