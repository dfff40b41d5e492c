package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls for many contacts. */
class BatchTest extends Simulated {
    @Test
    void aBatchWithoutTraceIdsIsAllOrNothing() throws Exception {
        String body = "{'inputs':[{'properties':{'email':'a@example.com'}},{'properties':{'email':'bad'}}]}";
        call("POST", CONTACTS + "/batch/create", body);
        assertThat(status).isEqualTo(400);
        assertThat(call("GET", CONTACTS, "").path("results")).isEmpty();
    }

    @Test
    void aBatchWithTraceIdsWritesTheGoodOnes() throws Exception {
        JsonNode answer = call(
                "POST",
                CONTACTS + "/batch/create",
                "{'inputs':[{'objectWriteTraceId':'1','properties':{'email':'a@example.com'}},"
                        + "{'objectWriteTraceId':'2','properties':{'email':'bad'}}]}");
        assertThat(status).isEqualTo(207);
        assertThat(answer.path("results")).hasSize(1);
        assertThat(answer.at("/errors/0/context/objectWriteTraceId/0").asText()).isEqualTo("2");
    }

    @Test
    void aBatchUpdateReportsUnknownIdsAndRefusesDuplicates() throws Exception {
        String id = create("a@example.com");
        String one = "{'id':'" + id + "','properties':{'city':'Rome'}}";
        JsonNode answer =
                call("POST", CONTACTS + "/batch/update", "{'inputs':[" + one + ",{'id':'5','properties':{}}]}");
        assertThat(status).isEqualTo(207);
        assertThat(answer.at("/errors/0/context/ids/0").asText()).isEqualTo("5");
        call("POST", CONTACTS + "/batch/update", "{'inputs':[" + one + "," + one + "]}");
        assertThat(status).isEqualTo(400);
        assertThat(simulator.stats().snapshot()).containsEntry("recordsWritten", 2L);
    }

    @Test
    void anUpsertTellsWhichContactsAreNew() throws Exception {
        create("a@example.com");
        JsonNode answer = call(
                "POST",
                CONTACTS + "/batch/upsert",
                "{'inputs':[{'id':'A@example.com','idProperty':'email','properties':{'city':'Rome'}},"
                        + "{'id':'b@example.com','idProperty':'email','properties':{}}]}");
        assertThat(status).isEqualTo(200);
        assertThat(answer.path("results").findValuesAsText("new")).containsExactlyInAnyOrder("true", "false");
    }

    @Test
    void theSameUniqueValueTwiceInOneBatchIsRefused() throws Exception {
        call("POST", PROPERTIES, UNIQUE);
        String inputs = "{'objectWriteTraceId':'1','properties':{'email':'a@example.com','ext_id':'7'}},"
                + "{'objectWriteTraceId':'2','properties':{'email':'b@example.com','ext_id':'7'}}";
        JsonNode answer = call("POST", CONTACTS + "/batch/create", "{'inputs':[" + inputs + "]}");
        assertThat(status).isEqualTo(207);
        assertThat(answer.at("/errors/0/context/objectWriteTraceId/0").asText()).isEqualTo("2");
        assertThat(answer.at("/errors/0/errors/0/code").asText()).isEqualTo("CONFLICTING_UNIQUE_VALUE");
        String untraced = inputs.replaceAll("'objectWriteTraceId':'.',", "")
                .replace("a@", "c@")
                .replace("b@", "d@")
                .replace("'7'", "'8'");
        call("POST", CONTACTS + "/batch/create", "{'inputs':[" + untraced + "]}");
        assertThat(status).isEqualTo(400);
        assertThat(call("GET", CONTACTS, "").path("results")).hasSize(1);
    }

    @Test
    void theSameAddressInAnotherCaseTwiceInOneBatchIsAConflict() throws Exception {
        String inputs = "{'objectWriteTraceId':'1','properties':{'email':'a@example.com'}},"
                + "{'objectWriteTraceId':'2','properties':{'email':'A@example.com'}}";
        JsonNode answer = call("POST", CONTACTS + "/batch/create", "{'inputs':[" + inputs + "]}");
        assertThat(status).isEqualTo(207);
        assertThat(answer.at("/errors/0/category").asText()).isEqualTo("CONFLICT");
        call(
                "POST",
                CONTACTS + "/batch/create",
                "{'inputs':[" + inputs.replaceAll("'objectWriteTraceId':'.',", "") + "]}");
        assertThat(status).isEqualTo(409);
    }

    @Test
    void aRefusedBatchTellsOfAllBadInputsOrOfTheFirst() throws Exception {
        String body = "{'inputs':[{'properties':{'email':'bad'}},{'properties':{'email':'a@example.com'}},"
                + "{'properties':{'email':'b@example.com','nope':'1'}}]}";
        assertThat(call("POST", CONTACTS + "/batch/create", body).findValuesAsText("code"))
                .containsExactly("INVALID_EMAIL", "PROPERTY_DOESNT_EXIST");
        restart(HubSpotOptions.builder().firstBatchErrorOnly(true));
        JsonNode first = call("POST", CONTACTS + "/batch/create", body);
        assertThat(status).isEqualTo(400);
        assertThat(first.findValuesAsText("code")).containsExactly("INVALID_EMAIL");
    }

    @Test
    void aBatchHasAtMostAHundredInputsAndHalfOfThatWithHistories() throws Exception {
        StringBuilder inputs = new StringBuilder("{'id':'0'}");
        for (int i = 1; i <= 100; i++) {
            inputs.append(",{'id':'").append(i).append("'}");
        }
        for (String path : List.of("read", "update", "upsert", "archive")) {
            call("POST", CONTACTS + "/batch/" + path, "{'inputs':[" + inputs + "]}");
            assertThat(status).as(path).isEqualTo(400);
        }
        String fifty = inputs.substring(0, inputs.indexOf(",{'id':'50'}"));
        String histories = "],'propertiesWithHistory':['email']}";
        call("POST", CONTACTS + "/batch/read", "{'inputs':[" + fifty + histories);
        assertThat(status).isEqualTo(207);
        call("POST", CONTACTS + "/batch/read", "{'inputs':[" + fifty + ",{'id':'50'}" + histories);
        assertThat(status).isEqualTo(400);
    }

    @Test
    void missingIdsAreToldInA207WithWhatWasFound() throws Exception {
        String id = create("a@example.com");
        JsonNode answer = call(
                "POST",
                CONTACTS + "/batch/read",
                "{'properties':['email'],'inputs':[{'id':'5'},{'id':'" + id + "'},{'id':'6'}]}");
        assertThat(status).isEqualTo(207);
        assertThat(answer.path("results")).hasSize(1);
        assertThat(answer.path("numErrors").asInt()).isEqualTo(2);
        assertThat(answer.at("/errors/0/category").asText()).isEqualTo("OBJECT_NOT_FOUND");
        assertThat(answer.at("/errors/0/context/ids")).hasSize(2);
    }

    @Test
    void resultsAreNotInTheOrderOfTheInputs() throws Exception {
        StringBuilder inputs = new StringBuilder();
        List<String> emails = new java.util.ArrayList<>();
        for (int i = 0; i < 30; i++) {
            emails.add("p" + i + "@example.com");
            inputs.append(i == 0 ? "" : ",")
                    .append("{'idProperty':'email','id':'P" + i + "@Example.com','properties':{}}");
        }
        List<String> answered = call("POST", CONTACTS + "/batch/upsert", "{'inputs':[" + inputs + "]}")
                .findValuesAsText("email");
        assertThat(answered).containsExactlyInAnyOrderElementsOf(emails).isNotEqualTo(emails);
    }

    @Test
    void anUpsertNeedsAUniqueKeyAndRefusesTheSameKeyTwice() throws Exception {
        JsonNode error = call(
                "POST", CONTACTS + "/batch/upsert", "{'inputs':[{'id':'x','idProperty':'firstname','properties':{}}]}");
        assertThat(status).isEqualTo(400);
        assertThat(error.path("message").asText()).contains("non-unique 0-1 property");
        String one = "{'id':'a@example.com','idProperty':'email','properties':{},'objectWriteTraceId':'1'}";
        call(
                "POST",
                CONTACTS + "/batch/upsert",
                "{'inputs':[" + one + "," + one.replace("a@", "A@").replace("'1'", "'2'") + "]}");
        assertThat(status).isEqualTo(400);
        assertThat(call("GET", CONTACTS, "").path("results")).isEmpty();
    }

    @Test
    void anUpsertWithTraceIdsWritesTheGoodOnesAndAnswers207() throws Exception {
        JsonNode answer = call(
                "POST",
                CONTACTS + "/batch/upsert",
                "{'inputs':[{'id':'a@example.com','idProperty':'email','properties':{},'objectWriteTraceId':'1'},"
                        + "{'id':'b@example.com','idProperty':'email','properties':{'nope':'1'},"
                        + "'objectWriteTraceId':'2'}]}");
        assertThat(status).isEqualTo(207);
        assertThat(answer.at("/results/0/objectWriteTraceId").asText()).isEqualTo("1");
        assertThat(answer.at("/errors/0/context/objectWriteTraceId/0").asText()).isEqualTo("2");
    }

    @Test
    void anUpsertBySecondaryAddressHitsItsOwner() throws Exception {
        String survivor = call(
                        "POST",
                        CONTACTS + "/merge",
                        "{'primaryObjectId':'" + create("a@example.com") + "','objectIdToMerge':'"
                                + create("b@example.com") + "'}")
                .path("id")
                .asText();
        JsonNode answer = call(
                "POST",
                CONTACTS + "/batch/upsert",
                "{'inputs':[{'id':'B@example.com','idProperty':'email','properties':{'city':'Rome'}}]}");
        assertThat(answer.at("/results/0/id").asText()).isEqualTo(survivor);
        assertThat(answer.at("/results/0/new").asBoolean(true)).isFalse();
        assertThat(value(survivor, "email")).isEqualTo("a@example.com");
    }

    @Test
    void whatAnUpsertByAddressDoesNotSendStaysUnlessTheSwitchSaysOtherwise() throws Exception {
        String body = "{'inputs':[{'id':'a@example.com','idProperty':'email','properties':{'city':'Rome'}}]}";
        for (boolean clears : new boolean[] {false, true}) {
            restart(HubSpotOptions.builder().indexLagMaxMs(0).set(Quirk.PARTIAL_UPSERT_CLEARS, clears));
            String id = create("a@example.com");
            call("POST", CONTACTS + "/batch/upsert", body);
            assertThat(value(id, "firstname")).isEqualTo(clears ? null : "Ann");
            assertThat(value(id, "email")).isEqualTo("a@example.com");
            assertThat(value(id, "city")).isEqualTo("Rome");
        }
    }

    @Test
    void anUpdateTakesAddressesAsKeysOnlyWithTheSwitch() throws Exception {
        String body = "{'inputs':[{'id':'a@example.com','idProperty':'email','properties':{'city':'Rome'}}]}";
        create("a@example.com");
        call("POST", CONTACTS + "/batch/update", body);
        assertThat(status).isEqualTo(400);
        restart(Quirk.UPDATE_BY_EMAIL);
        String id = create("a@example.com");
        call("POST", CONTACTS + "/batch/update", body);
        assertThat(value(id, "city")).isEqualTo("Rome");
    }

    @Test
    void batchesNameTheOwnerOfATakenAddress() throws Exception {
        String id = create("a@example.com");
        JsonNode answer = call(
                "POST",
                CONTACTS + "/batch/create",
                "{'inputs':[{'objectWriteTraceId':'1','properties':{'email':'a@example.com'}}]}");
        assertThat(status).isEqualTo(207);
        assertThat(answer.at("/errors/0/category").asText()).isEqualTo("CONFLICT");
        assertThat(answer.at("/errors/0/context/existingId/0").asText()).isEqualTo(id);
    }
}
