package io.github.crmsync.hubspot;

import static io.github.crmsync.core.http.AnswerKind.AMBIGUOUS;
import static io.github.crmsync.core.http.AnswerKind.CONFIGURATION;
import static io.github.crmsync.core.http.AnswerKind.CONFLICT;
import static io.github.crmsync.core.http.AnswerKind.CREDENTIALS;
import static io.github.crmsync.core.http.AnswerKind.GONE;
import static io.github.crmsync.core.http.AnswerKind.REFUSED_FIELDS;
import static io.github.crmsync.core.http.AnswerKind.REFUSED_RECORD;
import static io.github.crmsync.core.http.AnswerKind.TRY_LATER;
import static io.github.crmsync.core.http.AnswerKind.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.hubspot.HubSpotAnswers.Operation;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of what HubSpot's answers mean. */
class HubSpotAnswersTest {
    private static final String PLAIN = "{'status':'error','message':'no','correlationId':'c'}";
    private static final Set<Integer> NOT_CARRIED_OUT = Set.of(423, 429, 477, 503, 521, 522, 523, 525, 526);

    private static AnswerKind of(Operation operation, int status, String body) {
        ApiResponse response = answer(status, body);
        assertThat(HubSpotAnswers.good(response)).isFalse();
        return HubSpotAnswers.of(operation, response);
    }

    private static ApiResponse answer(int status, String body) {
        return new ApiResponse(status, Map.of(), body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode item(String json) {
        try {
            return new ObjectMapper().readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The documented statuses whose body is the API's own and names no category. */
    private static AnswerKind expected(Operation operation, int status) {
        if (status == 530 && operation != Operation.TOKEN) {
            return CREDENTIALS;
        }
        if (NOT_CARRIED_OUT.contains(status)) {
            return TRY_LATER;
        }
        if (status >= 500 || status == 408) {
            return operation == Operation.WRITE ? AMBIGUOUS : TRY_LATER;
        }
        if (operation == Operation.TOKEN) {
            return CREDENTIALS;
        }
        if (status == 404) {
            return operation == Operation.READ ? CONFIGURATION : GONE;
        }
        if (status == 409) {
            return operation == Operation.WRITE ? CONFLICT : UNKNOWN;
        }
        if (Set.of(400, 413, 422).contains(status)) {
            return REFUSED_RECORD;
        }
        if (Set.of(402, 403, 405, 406, 410, 414, 415).contains(status)) {
            return CONFIGURATION;
        }
        return status == 401 ? CREDENTIALS : UNKNOWN;
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyStatusWithABodyOfTheApiHasItsMeaning(Operation operation) {
        for (int status = 400; status <= 599; status++) {
            assertThat(of(operation, status, PLAIN))
                    .as("%s answered with %d", operation, status)
                    .isEqualTo(expected(operation, status));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><body>Attention Required! | Cloudflare</body></html>",
                "error code: 1016",
                "{'status':'error','mess",
                "[]",
                "{}",
                "'text'"
            })
    void aPageThatIsNotTheApisOwnIsNeverTakenForItsWord(String page) {
        for (Operation operation : Operation.values()) {
            for (int status = 400; status <= 599; status++) {
                AnswerKind kind = of(operation, status, page);
                assertThat(kind)
                        .as("%s answered with %d", operation, status)
                        .isNotIn(GONE, CONFLICT, REFUSED_RECORD, REFUSED_FIELDS, CONFIGURATION);
                assertThat(kind == CREDENTIALS).isEqualTo(status == 530 && operation != Operation.TOKEN);
                if (status >= 500) {
                    assertThat(kind).isEqualTo(expected(operation, status));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void theCategoryCountsBeforeTheStatus(Operation operation) {
        Map<String, AnswerKind> kinds = Map.of(
                "INVALID_AUTHENTICATION", CREDENTIALS,
                "EXPIRED_AUTHENTICATION", CREDENTIALS,
                "MISSING_SCOPES", CONFIGURATION,
                "OBJECT_NOT_FOUND", GONE,
                "CONFLICT", CONFLICT,
                "OBJECT_ALREADY_EXISTS", CONFLICT,
                "VALIDATION_ERROR", REFUSED_RECORD,
                "RATE_LIMITS", TRY_LATER);
        for (int status = 400; status <= 599; status++) {
            for (Map.Entry<String, AnswerKind> known : kinds.entrySet()) {
                AnswerKind expected = status == 530 && operation != Operation.TOKEN ? CREDENTIALS : known.getValue();
                assertThat(of(operation, status, "{'category':'" + known.getKey() + "','message':'m'}"))
                        .as("%s answered with %d %s", operation, status, known.getKey())
                        .isEqualTo(expected);
            }
            if (status != 530) {
                assertThat(of(operation, status, "{'category':'INTERNAL_ERROR','message':'m'}"))
                        .isEqualTo(operation == Operation.WRITE ? AMBIGUOUS : TRY_LATER);
            }
        }
    }

    @Test
    void aSuccessThatCannotBeReadMayHaveBeenCarriedOut() {
        for (String page : List.of("<html>", "{'results':[{'id'", "[]")) {
            Map<Operation, AnswerKind> kinds = new EnumMap<>(Operation.class);
            for (Operation operation : Operation.values()) {
                kinds.put(operation, of(operation, 200, page));
            }
            assertThat(kinds)
                    .containsEntry(Operation.WRITE, AMBIGUOUS)
                    .containsEntry(Operation.READ, UNKNOWN)
                    .containsEntry(Operation.LOOKUP, UNKNOWN)
                    .containsEntry(Operation.TOKEN, UNKNOWN);
        }
        assertThat(HubSpotAnswers.good(answer(204, ""))).isTrue();
        assertThat(HubSpotAnswers.good(answer(207, "{}"))).isTrue();
    }

    @Test
    void aTokenOfAnotherRegionIsOneOfTheCredentials() {
        assertThat(of(
                        Operation.READ,
                        400,
                        "{'status':'error','message':'Hub 1 is unknown to this Hublet','correctHublet':'eu1'}"))
                .isEqualTo(CREDENTIALS);
    }

    @ParameterizedTest
    @CsvSource({
        "OBJECT_NOT_FOUND, GONE",
        "CONFLICT, CONFLICT",
        "OBJECT_ALREADY_EXISTS, CONFLICT",
        "VALIDATION_ERROR, REFUSED_RECORD",
        "RATE_LIMITS, TRY_LATER",
        "LOCKED, TRY_LATER",
        "INTERNAL_ERROR, TRY_LATER",
        "SOMETHING_NEW, UNKNOWN"
    })
    void aPartsCategoryTellsOfItsOwnRecord(String category, AnswerKind kind) {
        assertThat(HubSpotAnswers.ofPart(item("{'category':'" + category + "','message':'m'}")))
                .isEqualTo(kind);
    }

    @Test
    void refusedFieldsAreToldFromARefusedRecordAndFromATakenValue() {
        String named = "{'category':'VALIDATION_ERROR','message':'m','errors':[{'code':'%s','context':"
                + "{'propertyName':['city']}}]}";
        assertThat(HubSpotAnswers.ofPart(item(named.formatted("INVALID_OPTION"))))
                .isEqualTo(REFUSED_FIELDS);
        assertThat(HubSpotAnswers.ofPart(item(named.formatted("CONFLICTING_UNIQUE_VALUE"))))
                .isEqualTo(CONFLICT);
        assertThat(HubSpotAnswers.ofField("INVALID_EMAIL")).isEqualTo(REFUSED_FIELDS);
        assertThat(HubSpotAnswers.ofField("CONFLICTING_UNIQUE_VALUE")).isEqualTo(CONFLICT);
    }

    @Test
    void onlyARateLimitOrALockSaysNothingAboutTheRecord() {
        assertThat(HubSpotAnswers.busy(item("{'category':'RATE_LIMITS'}"))).isTrue();
        assertThat(HubSpotAnswers.busy(item("{'errorType':'RATE_LIMIT'}"))).isTrue();
        assertThat(HubSpotAnswers.busy(item("{'category':'INTERNAL_ERROR'}"))).isFalse();
        assertThat(HubSpotAnswers.busy(item("{}"))).isFalse();
    }
}
