package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.AnswerScope;
import io.github.crmsync.dynamics.DataverseAnswers.Answer;
import io.github.crmsync.dynamics.DataverseAnswers.Operation;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every status from 400 to 599, for each operation and scope. */
class DataverseAnswersTest {
    private static final Set<AnswerKind> STOPPING = EnumSet.of(AnswerKind.CREDENTIALS, AnswerKind.CONFIGURATION);
    private static final List<String> CODES = List.of(
            "",
            "0x0",
            "0x80040203",
            "0x80040216",
            "0x80040217",
            "0x80040220",
            "0x80040224",
            "0x80040237",
            "0x80040265",
            "0x80040299",
            "0x80040333",
            "0x80044150",
            "0x80044331",
            "0x80044352",
            "0x80048306",
            "0x80048408",
            "0x80048d19",
            "0x8004f502",
            "0x8004f507",
            "0x80060882",
            "0x80060888",
            "0x8006088a",
            "0x80060891",
            "0x80060892",
            "0x80072321",
            "0x80072322",
            "0x80072326",
            "0x80072491",
            "0x80072560",
            "0x8badf00d");

    static Stream<Integer> statuses() {
        return IntStream.rangeClosed(400, 599).boxed();
    }

    private static Answer of(Operation operation, AnswerScope scope, int status, String code, String message) {
        return DataverseAnswers.of(operation, scope, new ServiceError(status, code, message), Table.CONTACT);
    }

    private static Answer foreign(Operation operation, AnswerScope scope, int status) {
        return DataverseAnswers.of(operation, scope, new ServiceError(status, "", "HTTP", false), Table.CONTACT);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aPlugInNeverConcernsMoreThanItsRow(int status) {
        for (Operation operation : List.of(Operation.CREATE, Operation.UPDATE)) {
            for (String code : List.of("0x80040265", "0x80040224")) {
                Answer answer = of(operation, AnswerScope.PART, status, code, "Not allowed.");
                assertThat(answer.about()).isEqualTo(AnswerScope.PART);
                assertThat(answer.kind())
                        .isEqualTo(status == 429 || status >= 500 ? AnswerKind.TRY_LATER : AnswerKind.REFUSED_RECORD);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void noStatusOfAPartStopsTheTask(int status) {
        for (Operation operation : Operation.values()) {
            for (String code : CODES) {
                Answer answer = of(operation, AnswerScope.PART, status, code, "Something.");
                boolean user = code.equals("0x80072560");
                boolean reading = operation == Operation.READ || operation == Operation.FOLLOW;
                if (!user && !reading) {
                    assertThat(answer.kind()).as("%s %s", status, code).isNotIn(STOPPING);
                }
            }
            assertThat(foreign(operation, AnswerScope.PART, status).kind()).isNotIn(STOPPING);
        }
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void anAnswerOfSomebodyElseIsNeverTheServicesWord(int status) {
        boolean passes = status == 408 || status == 425 || status == 429 || status >= 500;
        for (Operation operation : Operation.values()) {
            for (AnswerScope scope : List.of(AnswerScope.CALL, AnswerScope.PART)) {
                boolean partly = status >= 500 && scope == AnswerScope.CALL && operation.writes();
                assertThat(foreign(operation, scope, status).kind())
                        .isEqualTo(partly ? AnswerKind.AMBIGUOUS : passes ? AnswerKind.TRY_LATER : AnswerKind.UNKNOWN);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void whatIsAskedForOneColumnConcernsThatColumnOnly(int status) {
        for (String code : CODES) {
            assertThat(of(Operation.READ, AnswerScope.FIELD, status, code, "Something.")
                            .kind())
                    .isIn(AnswerKind.REFUSED_FIELDS, AnswerKind.TRY_LATER);
        }
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aWholeBatchIsAmbiguousOnlyWhereTheServerFailed(int status) {
        for (String code : CODES) {
            AnswerKind kind = of(Operation.UPDATE, AnswerScope.CALL, status, code, "Something.")
                    .kind();
            if (status < 500) {
                assertThat(kind).isNotEqualTo(AnswerKind.AMBIGUOUS);
            }
        }
        assertThat(of(Operation.UPDATE, AnswerScope.CALL, status, "0x80040216", "Unexpected.")
                        .kind())
                .matches(kind -> status < 500 || kind == AnswerKind.AMBIGUOUS);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void throttlingIsTheServicesWordEvenInAPart(int status) {
        for (AnswerScope scope : List.of(AnswerScope.CALL, AnswerScope.PART)) {
            for (Operation operation : Operation.values()) {
                assertThat(of(operation, scope, status, "0x80072322", "Number of requests exceeded the limit"))
                        .isEqualTo(new Answer(AnswerKind.TRY_LATER, AnswerScope.CALL));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CALL|401|0x0|Unauthorized|CREDENTIALS|CALL",
                "CALL|403|0x80072560|The user is not a member of the organization.|CONFIGURATION|CALL",
                "PART|403|0x80072560|The user is not a member of the organization.|CONFIGURATION|CALL",
                "PART|403|0x80040220|is missing prvWriteContact privilege|CONFIGURATION|CALL",
                "PART|403|0x80040220|is missing prvWriteContactDetail privilege|REFUSED_RECORD|PART",
                "PART|403|0x80040220|is missing prvCreateActivity privilege|REFUSED_RECORD|PART",
                "PART|403|0x80040220|is missing prvAppendToAccount privilege|REFUSED_FIELDS|FIELD",
                "PART|403|0x80040220|is missing prvAppendContact privilege|REFUSED_FIELDS|FIELD",
                "PART|403|0x80048306|does not have WriteAccess right(s)|REFUSED_RECORD|PART",
                "PART|403|0x8004f507|does not have update permissions to a Email secured field|REFUSED_FIELDS|FIELD",
                "PART|400|0x80044331|The length of the 'subject' attribute|REFUSED_FIELDS|FIELD",
                "PART|400|0x80048408|2 is not a valid status code for state code|REFUSED_FIELDS|FIELD",
                "PART|404|0x80040217|contact With Id = x Does Not Exist|GONE|PART",
                "PART|404||contact With Id = x Does Not Exist|GONE|PART",
                "PART|404|0x8006088a|Resource not found for the segment|REFUSED_RECORD|PART",
                "PART|412|0x80060882|The version of the existing record|CONFLICT|PART",
                "PART|412||The version of the existing record doesn't match|CONFLICT|PART",
                "PART|412|0x80060892|Entity Key x violated|CONFLICT|PART",
                "PART|412|0x8badf00d|Whatever|REFUSED_RECORD|PART",
                "PART|412|0x80040333|A record was not created|REFUSED_RECORD|PART",
                "PART|500|0x80040333|A record was not created|REFUSED_RECORD|PART",
                "PART|500|0x80040216|Unexpected|TRY_LATER|PART",
                "PART|400|0x80044150|Generic SQL error|TRY_LATER|PART",
                "CALL|413|0x80060888|Too large|REFUSED_RECORD|CALL",
            })
    void documentedAnswersToAnUpdate(
            AnswerScope scope, int status, String code, String message, AnswerKind kind, AnswerScope about) {
        assertThat(of(Operation.UPDATE, scope, status, code == null ? "" : code, message))
                .isEqualTo(new Answer(kind, about));
    }

    @ParameterizedTest
    @CsvSource({
        "READ,404,0x80040217,GONE",
        "READ,400,0x0,REFUSED_RECORD",
        "READ,403,0x80040265,REFUSED_RECORD",
        "READ,401,0x80040265,REFUSED_RECORD",
        "READ,400,0x80072491,CONFIGURATION",
        "FOLLOW,400,0x80044352,GONE",
        "FOLLOW,410,0x0,GONE",
        "FOLLOW,400,0x80060888,GONE",
        "FOLLOW,403,0x80040220,CONFIGURATION",
        "FOLLOW,500,0x80040216,TRY_LATER",
    })
    void documentedAnswersToAReading(Operation operation, int status, String code, AnswerKind kind) {
        assertThat(of(operation, AnswerScope.CALL, status, code, "Something.").kind())
                .isEqualTo(kind);
    }
}
