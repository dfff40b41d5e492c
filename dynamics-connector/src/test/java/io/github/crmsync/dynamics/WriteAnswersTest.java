package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.dynamics.RowWrites.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteAnswersTest {
    private static final String ID = "2ed6657d-e927-568b-95e1-2665a8aea6a2";

    private final List<String> stops = new ArrayList<>();

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
        assertThat(update(503, "", "")).isInstanceOf(WriteOutcome.Failed.class);
        assertThat(update(400, "0x80044150", "Generic SQL error")).isInstanceOf(WriteOutcome.Failed.class);
        assertThat(update(403, "0x80048306", "no WriteAccess")).isInstanceOf(WriteOutcome.Refused.class);
    }

    @Test
    void aMissingPrivilegeToWriteStopsTheTaskOnceItsNeighboursAreRecorded() {
        assertThat(update(403, "0x80040220", "Principal user is missing prvWriteContact privilege"))
                .isInstanceOf(WriteOutcome.TryLater.class);
        assertThat(stops).singleElement().asString().contains("prvWriteContact");
    }

    @Test
    void aRowThatAPlugInCannotFindIsNotTheRowItself() {
        String other = "contact With Id = 00000000-0000-0000-0000-000000000001 Does Not Exist";
        assertThat(update(404, "0x80040217", other)).isInstanceOf(WriteOutcome.Refused.class);
        assertThat(update(404, "0x80040217", "contact With Id = " + ID + " Does Not Exist"))
                .isInstanceOf(WriteOutcome.Missing.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 408, 409, 410, 411, 412, 413, 424, 429, 500, 501, 502, 503, 504})
    void aPlugInConcernsItsRowWhateverItsStatus(int status) {
        for (String code : List.of("0x80040265", "0x80040224")) {
            WriteOutcome expected =
                    status == 429 || status >= 500 ? new WriteOutcome.Failed("No.") : new WriteOutcome.Refused("No.");
            assertThat(update(status, code, "No.")).isEqualTo(expected);
            assertThat(create(status, code, "No.")).isEqualTo(expected);
        }
        assertThat(stops).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 412})
    void aBodyThatIsNotTheServicesOwnDecidesNothing(int status) {
        for (String body : List.of("", "<html>No entry</html>", "{}", "[1]", "not found")) {
            BatchCodec.Reply reply = new BatchCodec.Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
            assertThat(answers().outcome(Write.update(ID, null, Map.of()), reply))
                    .isInstanceOf(WriteOutcome.Failed.class);
        }
        assertThat(stops).isEmpty();
    }

    private WriteOutcome update(int status, String code, String message) {
        return answers().outcome(Write.update(ID, "W/\"1\"", Map.of()), reply(status, code, message));
    }

    private WriteOutcome create(int status, String code, String message) {
        return answers().outcome(Write.create(ID, Map.of()), reply(status, code, message));
    }

    private WriteAnswers answers() {
        return new WriteAnswers(Table.CONTACT, (write, reply) -> null, (write, error) -> Set.of(), stops::add);
    }

    private static BatchCodec.Reply reply(int status, String code, String message) {
        String body = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}";
        return new BatchCodec.Reply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }
}
