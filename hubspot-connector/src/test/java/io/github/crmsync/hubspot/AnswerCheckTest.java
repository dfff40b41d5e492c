package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.hubspot.HubSpotAnswers.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswerCheckTest {
    private static final long PATIENCE_MS = 60_000;
    private static final String INVALID = "{'category':'INVALID_AUTHENTICATION','message':'no'}";

    private long clock = 1_000;
    private final AnswerCheck check = new AnswerCheck(PATIENCE_MS, () -> clock);

    private static ApiResponse answer(int status, String body) {
        return new ApiResponse(status, Map.of(), body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** How long the same answer is borne; -1 if it stops the task at once. */
    private long borne(ApiResponse response) {
        long since = clock;
        long last = -1;
        while (clock - since < 10_000_000) {
            try {
                check.require(Operation.READ, response, "Reading");
            } catch (RetryLaterException e) {
                last = clock - since;
                clock += e.waitMs();
                continue;
            } catch (ConnectException e) {
                return last;
            }
        }
        return Long.MAX_VALUE;
    }

    @Test
    void onePassing401StopsNothing() {
        assertThatThrownBy(() -> check.require(Operation.READ, answer(401, INVALID), "Reading"))
                .isInstanceOf(RetryLaterException.class);
        clock += 10 * PATIENCE_MS;
        assertThatThrownBy(() -> check.require(Operation.READ, answer(401, INVALID), "Reading"))
                .isInstanceOf(RetryLaterException.class);
        check.require(Operation.READ, answer(200, "{}"), "Reading");
        clock += 10 * PATIENCE_MS;
        assertThatThrownBy(() -> check.require(Operation.READ, answer(401, INVALID), "Reading"))
                .isInstanceOf(RetryLaterException.class);
    }

    @Test
    void onlyARefusalThatStaysStopsTheTask() {
        assertThat(borne(answer(401, INVALID))).isBetween(PATIENCE_MS - 10_000, PATIENCE_MS);
        assertThat(borne(answer(530, "error code: 1016"))).isLessThanOrEqualTo(PATIENCE_MS);
    }

    @Test
    void aMissingScopeStopsItAtOnce() {
        assertThat(borne(answer(403, "{'category':'MISSING_SCOPES','message':'no'}")))
                .isEqualTo(-1);
    }

    @Test
    void anotherTokenIsAskedForWhereTheEdgeCannotRouteIt() {
        AnswerCheck atOnce = new AnswerCheck(0, () -> clock);
        assertThatThrownBy(() -> atOnce.require(Operation.READ, answer(530, "error code: 1016"), "Reading"))
                .isInstanceOf(HubSpotErrors.Unauthorized.class)
                .hasMessageContaining("another region")
                .hasMessageContaining(HubSpotConfig.ACCESS_TOKEN);
    }

    @Test
    void aPageOfTheEdgeIsBorneLongerAndThenNamesTheAddress() {
        assertThat(borne(answer(403, "<html>blocked</html>"))).isBetween(10 * PATIENCE_MS, 15 * PATIENCE_MS);
        assertThatThrownBy(() -> check.require(Operation.READ, answer(403, "<html>blocked</html>"), "Reading"))
                .isNotInstanceOf(RetryLaterException.class)
                .hasMessageContaining(HubSpotConfig.URL)
                .hasMessageContaining("HTTP 403");
    }

    /** Whatever a read is answered with, it ends: with the answer, with a wait of its caller, or with the task. */
    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyAnswerHasAnEnd(Operation operation) {
        for (int status = 400; status <= 599; status++) {
            for (String body : new String[] {INVALID, "{'message':'m'}", "<html>", "", "{'a"}) {
                AnswerCheck own = new AnswerCheck(PATIENCE_MS, () -> clock);
                int tries = 0;
                while (tries++ < 100) {
                    try {
                        own.refusal(operation, answer(status, body), "Calling");
                        break;
                    } catch (RetryLaterException e) {
                        AnswerKind kind = HubSpotAnswers.of(operation, answer(status, body));
                        assertThat(e.waitMs()).isGreaterThanOrEqualTo(1_000);
                        if (kind == AnswerKind.TRY_LATER || kind == AnswerKind.AMBIGUOUS) {
                            break; // An outage: the task waits for its end, with a line in the log for each try.
                        }
                        clock += PATIENCE_MS;
                    } catch (ConnectException e) {
                        break;
                    }
                }
                assertThat(tries).as("%s %d %s", operation, status, body).isLessThan(100);
            }
        }
    }
}
