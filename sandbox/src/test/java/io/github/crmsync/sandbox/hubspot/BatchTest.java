package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
}
