package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.crmsync.core.http.AmbiguousException;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.SideBySide;
import io.github.crmsync.core.sink.WriteOutcome;
import io.github.crmsync.core.sink.WriteOutcome.Ambiguous;
import io.github.crmsync.core.sink.WriteOutcome.Conflict;
import io.github.crmsync.core.sink.WriteOutcome.Missing;
import io.github.crmsync.core.sink.WriteOutcome.Refused;
import io.github.crmsync.core.sink.WriteOutcome.Written;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContactWriterTest {
    private static ApiResponse answer(int status, String json) {
        return new ApiResponse(status, Map.of(), json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ContactWrite create(String email) {
        return new ContactWrite(null, email, null, Map.of("email", email, "city", "Rome"));
    }

    private static ContactWrite update(String id) {
        return new ContactWrite(id, null, null, Map.of("city", "Rome"));
    }

    private static List<WriteOutcome> run(
            boolean creation, List<ContactWrite> writes, Function<ArrayNode, ApiResponse> call) {
        try (SideBySide threads = new SideBySide(2, "crmsync-hubspot-batch")) {
            return new ContactWriter(call, creation, "link").write(writes, threads);
        }
    }

    @Test
    void aMixedAnswerIsSortedByTraceId() {
        List<WriteOutcome> outcomes = run(
                true,
                List.of(create("a@x.com"), create("b@x.com"), create("c@x.com"), create("d@x.com")),
                inputs -> answer(
                        207,
                        "{'results':[{'id':'11','objectWriteTraceId':'3','updatedAt':'1970-01-01T00:00:01Z',"
                                + "'properties':{'email':'d@x.com','city':'ROME'}}],"
                                + "'errors':[{'category':'VALIDATION_ERROR','message':'bad','context':{'objectWriteTraceId':['1']}},"
                                + "{'category':'CONFLICT','message':'dup','context':{'objectWriteTraceId':['0'],'existingId':['5']}},"
                                + "{'category':'CONFLICT','message':'Contact already exists. Existing ID: 77','context':"
                                + "{'objectWriteTraceId':['2']}}]}"));
        assertThat(outcomes.get(0)).isEqualTo(new Conflict("5", "dup", Set.of("email")));
        assertThat(outcomes.get(1)).isEqualTo(new Refused("bad"));
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        Conflict.class, c -> assertThat(c.existingId()).isEqualTo("77"));
        assertThat(outcomes.get(3)).isInstanceOfSatisfying(Written.class, written -> {
            assertThat(written.stored().id()).isEqualTo("11");
            assertThat(written.stored().version()).isEqualTo(1_000);
            assertThat(written.stored().values()).containsEntry("city", "ROME");
        });
    }

    @Test
    void withoutTraceIdsInTheAnswerTheAddressTells() {
        List<WriteOutcome> outcomes = run(
                true,
                List.of(create("a@x.com"), create("b@x.com")),
                inputs -> answer(201, "{'results':[{'id':'2','properties':{'email':'b@x.com'}}]}"));
        assertThat(outcomes.get(0)).isInstanceOf(Ambiguous.class);
        assertThat(outcomes.get(1)).isInstanceOf(Written.class);
    }

    @Test
    void aRefusalThatNamesNobodyIsOfTheOnlyRecordWithoutAResult() {
        List<WriteOutcome> outcomes = run(
                true,
                List.of(create("a@x.com"), create("b@x.com")),
                inputs -> answer(
                        207,
                        "{'results':[{'id':'2','properties':{'email':'b@x.com'}}],'numErrors':1,'errors':["
                                + "{'category':'VALIDATION_ERROR','message':'bad','context':{}}]}"));
        assertThat(outcomes.get(0)).isEqualTo(new Refused("bad"));
        assertThat(outcomes.get(1)).isInstanceOf(Written.class);
    }

    @Test
    void refusalsThatNameNobodyAreAskedForRecordByRecord() {
        List<WriteOutcome> outcomes = run(
                true,
                List.of(create("a@x.com"), create("b@x.com"), create("c@x.com")),
                inputs -> inputs.size() > 1
                        ? answer(
                                207,
                                "{'results':[{'id':'2','properties':{'email':'b@x.com'}}],'numErrors':2,'errors':["
                                        + "{'category':'VALIDATION_ERROR','message':'bad'},"
                                        + "{'category':'CONFLICT','message':'dup'}]}")
                        : inputs.get(0).at("/properties/email").asText().equals("a@x.com")
                                ? answer(409, "{'category':'CONFLICT','message':'Contact already exists'}")
                                : answer(400, "{'category':'VALIDATION_ERROR','message':'bad'}"));
        assertThat(outcomes.get(0)).isInstanceOf(Conflict.class);
        assertThat(outcomes.get(1)).isInstanceOf(Written.class);
        assertThat(outcomes.get(2)).isInstanceOf(Refused.class);
    }

    @Test
    void aPartThatTheServiceFailedOnConcernsNoNeighbour() {
        List<WriteOutcome> outcomes = run(
                false,
                List.of(update("1"), update("2"), update("3")),
                inputs -> answer(
                        207,
                        "{'results':[{'id':'2','properties':{}}],'errors':["
                                + "{'category':'INTERNAL_ERROR','message':'ouch','context':{'ids':['1']}},"
                                + "{'category':'RATE_LIMITS','message':'slow','context':{'ids':['3']}}]}"));
        assertThat(outcomes.get(0)).isEqualTo(new WriteOutcome.Failed("ouch"));
        assertThat(outcomes.get(1)).isInstanceOf(Written.class);
        assertThat(outcomes.get(2)).isEqualTo(new WriteOutcome.TryLater("slow"));
    }

    @Test
    void aPageInPlaceOfAnAnswerNeitherDeletesNorRefuses() {
        for (int status : new int[] {401, 403, 404, 409}) {
            assertThat(run(false, List.of(update("1"), update("2")), inputs -> answer(status, "<html></html>")))
                    .hasSize(2)
                    .allMatch(WriteOutcome.TryLater.class::isInstance);
        }
        assertThat(run(false, List.of(update("1")), inputs -> answer(200, "<html></html>")))
                .allMatch(Ambiguous.class::isInstance);
    }

    @Test
    void missingAndMergedRecordsAreMissing() {
        List<WriteOutcome> outcomes = run(
                false,
                List.of(update("1"), update("2"), update("3"), update("4")),
                inputs -> answer(
                        207,
                        "{'results':[{'id':'1','properties':{}},{'id':'99','properties':{}},"
                                + "{'id':'98','objectWriteTraceId':'3','properties':{}}],"
                                + "'errors':[{'category':'OBJECT_NOT_FOUND','message':'gone','context':{'ids':['2']}}]}"));
        assertThat(outcomes.get(0)).isInstanceOf(Written.class);
        assertThat(outcomes.subList(1, 4)).allMatch(Missing.class::isInstance);
    }

    @Test
    void aRefusedBatchIsHalvedUntilTheBadRecordStandsAlone() {
        List<ContactWrite> writes = IntStream.range(0, 250)
                .mapToObj(i -> update(Integer.toString(i)))
                .toList();
        List<WriteOutcome> outcomes = run(false, writes, inputs -> {
            StringBuilder results = new StringBuilder();
            for (JsonNode input : inputs) {
                if (input.path("id").asText().equals("137")) {
                    return answer(400, "{'category':'VALIDATION_ERROR','message':'no'}");
                }
                results.append(results.isEmpty() ? "" : ",")
                        .append("{'id':'" + input.path("id").asText() + "','properties':{}}");
            }
            return answer(200, "{'results':[" + results + "]}");
        });
        for (int i = 0; i < 250; i++) {
            assertThat(outcomes.get(i)).isInstanceOf(i == 137 ? Refused.class : Written.class);
        }
    }

    @Test
    void aLostAnswerIsAmbiguousForEachRecord() {
        assertThat(run(true, List.of(create("a@x.com"), create("b@x.com")), inputs -> {
                    throw new AmbiguousException("lost", null);
                }))
                .hasSize(2)
                .allMatch(Ambiguous.class::isInstance);
    }

    @Test
    void repeatedAddressesNeverShareABatch() {
        List<ContactWrite> writes = List.of(create("a@x.com"), create("a@x.com"), create("b@x.com"), create("a@x.com"));
        assertThat(ContactWrite.rounds(writes, 100))
                .containsExactly(List.of(List.of(0, 2)), List.of(List.of(1)), List.of(List.of(3)));
    }
}
