package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Single contacts: creating, reading, changing, archiving. */
class ContactTest extends Simulated {
    @Test
    void aContactIsCreatedWithLowerCasedEmailAndReadInBothPathFamilies() throws Exception {
        String id = create("Ann@Example.COM");
        assertThat(call("GET", "/crm/v3/objects/contacts/" + id, "")
                        .at("/properties/email")
                        .asText())
                .isEqualTo("ann@example.com");
        assertThat(call("GET", "/crm/objects/2026-09/0-1/ANN%40example.com?idProperty=email", "")
                        .path("id")
                        .asText())
                .isEqualTo(id);
    }

    @Test
    void anExistingEmailIsAConflictThatNamesTheOwner() throws Exception {
        String id = create("ann@example.com");
        JsonNode error = call("POST", CONTACTS, "{'properties':{'email':'ANN@example.com'}}");
        assertThat(status).isEqualTo(409);
        assertThat(error.path("message").asText()).isEqualTo("Contact already exists. Existing ID: " + id);
    }

    @Test
    void lifecycleStagesOnlyMoveForwardUnlessCleared() throws Exception {
        String path = CONTACTS + "/" + create("a@example.com");
        call("PATCH", path, "{'properties':{'lifecyclestage':'customer'}}");
        assertThat(call("PATCH", path, "{'properties':{'lifecyclestage':'lead'}}")
                        .at("/properties/lifecyclestage")
                        .asText())
                .isEqualTo("customer");
        call("PATCH", path, "{'properties':{'lifecyclestage':''}}");
        assertThat(call("PATCH", path, "{'properties':{'lifecyclestage':'lead'}}")
                        .at("/properties/lifecyclestage")
                        .asText())
                .isEqualTo("lead");
    }

    @Test
    void anArchivedContactShowsOnlyInTheArchiveList() throws Exception {
        String id = create("a@example.com");
        call("DELETE", CONTACTS + "/" + id, "");
        assertThat(status).isEqualTo(204);
        call("GET", CONTACTS + "/" + id, "");
        assertThat(status).isEqualTo(404);
        assertThat(call("GET", CONTACTS + "?archived=true", "")
                        .at("/results/0/archivedAt")
                        .asText())
                .isNotEmpty();
    }

    @Test
    void historyNamesTheWriterAndHalvesTheBatch() throws Exception {
        String id = create("a@example.com");
        now.addAndGet(5);
        call("PATCH", CONTACTS + "/" + id, "{'properties':{'firstname':'Bea'}}");
        JsonNode history = call("GET", CONTACTS + "/" + id + "?propertiesWithHistory=firstname", "");
        assertThat(history.at("/propertiesWithHistory/firstname").findValuesAsText("value"))
                .containsExactly("Bea", "Ann");
        call("GET", CONTACTS + "?limit=51&propertiesWithHistory=firstname", "");
        assertThat(status).isEqualTo(400);
    }

    @Test
    void aConflictMayHideTheOwner() throws Exception {
        restart(HubSpotOptions.builder().hideConflictOwner(true));
        create("a@example.com");
        JsonNode error = call("POST", CONTACTS, "{'properties':{'email':'a@example.com'}}");
        assertThat(error.path("message").asText()).isEqualTo("Contact already exists");
    }

    @Test
    void aUsersEditShowsTheUserAndARestoredContactIsChanged() throws Exception {
        String id = create("a@example.com");
        now.addAndGet(5);
        simulator.edit(id, Map.of("firstname", "Bea"));
        assertThat(call("GET", CONTACTS + "/" + id + "?propertiesWithHistory=firstname", "")
                        .at("/propertiesWithHistory/firstname/0/sourceType")
                        .asText())
                .isEqualTo("CRM_UI");
        call("DELETE", CONTACTS + "/" + id, "");
        now.addAndGet(5);
        simulator.restore(id);
        assertThat(call("GET", CONTACTS + "/" + id, "").path("archived").asBoolean())
                .isFalse();
        assertThat(call("GET", CONTACTS + "?archived=true", "").path("results")).isEmpty();
    }

    @Test
    void aContactWhoseAddressAnotherOneHasCannotBeRestored() throws Exception {
        String id = create("a@example.com");
        call("DELETE", CONTACTS + "/" + id, "");
        String other = create("a@example.com");
        assertThat(simulator.restore(id)).isFalse();
        call("GET", CONTACTS + "/" + id, "");
        assertThat(status).isEqualTo(404);
        call("DELETE", CONTACTS + "/" + other, "");
        assertThat(simulator.restore(id)).isTrue();
    }

    @Test
    void domainsMayBeInternationalOnes() throws Exception {
        assertThat(call("POST", CONTACTS, "{'properties':{'email':'Max@B\u00fccher.example'}}")
                        .at("/properties/email")
                        .asText())
                .isEqualTo("max@b\u00fccher.example");
        call("POST", CONTACTS, "{'properties':{'email':'m\u00e4x@example.com'}}");
        assertThat(status).isEqualTo(400);
        restart(Quirk.PUNYCODE_ADDRESSES);
        assertThat(call("POST", CONTACTS, "{'properties':{'email':'max@b\u00fccher.example'}}")
                        .at("/properties/email")
                        .asText())
                .isEqualTo("max@xn--bcher-kva.example");
    }

    @Test
    void aTokenOfAnotherRegionIsAnsweredByTheEdge() throws Exception {
        call("GET", CONTACTS, "", "pat-eu1-11111111-2222-3333-4444-555555555555");
        assertThat(status).isEqualTo(530);
        call("GET", CONTACTS, "", "pat-na1-11111111-2222-3333-4444-000000000000");
        assertThat(status).isEqualTo(401);
    }

    @Test
    void aBatchWithAPoisonedContactFailsAsAWhole() throws Exception {
        String id = create("a@example.com");
        String other = create("b@example.com");
        simulator.faults().add(Json.MAPPER.readTree("{\"poison\":{\"id\":\"" + id + "\"}}"));
        String update =
                "{'inputs':[{'id':'%s','properties':{'city':'Rome'}},{'id':'%s','properties':{'city':'Rome'}}]}";
        call("POST", CONTACTS + "/batch/update", update.formatted(id, other));
        assertThat(status).isEqualTo(500);
        call("POST", CONTACTS + "/batch/update", "{'inputs':[{'id':'" + other + "','properties':{'city':'Rome'}}]}");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void aPoisonedContactWithACategoryIsRefusedAlone() throws Exception {
        simulator
                .faults()
                .add(
                        Json.MAPPER.readTree(
                                "{\"poison\":{\"property\":\"email\",\"value\":\"a@example.com\",\"status\":403,\"category\":\"FORBIDDEN\",\"message\":\"No.\"}}"));
        JsonNode answer = call(
                "POST",
                CONTACTS + "/batch/create",
                "{'inputs':[{'objectWriteTraceId':'0','properties':{'email':'a@example.com'}},{'objectWriteTraceId':'1','properties':{'email':'b@example.com'}}]}");
        assertThat(status).isEqualTo(207);
        assertThat(answer.at("/results/0/properties/email").asText()).isEqualTo("b@example.com");
        assertThat(answer.at("/errors/0/category").asText()).isEqualTo("FORBIDDEN");
        assertThat(answer.at("/errors/0/message").asText()).isEqualTo("No.");
        assertThat(answer.at("/errors/0/context/objectWriteTraceId/0").asText()).isEqualTo("0");

        call("POST", CONTACTS, "{'properties':{'email':'a@example.com'}}");
        assertThat(status).isEqualTo(403);
    }

    @Test
    void aNewContactTellsItsSystemPropertiesAndItsAddress() throws Exception {
        JsonNode made = call("POST", CONTACTS, "{'properties':{'email':'a@example.com','firstname':'Ann'}}");
        assertThat(headers.firstValue("Location").orElseThrow())
                .endsWith(made.path("id").asText());
        assertThat(made.path("id").asLong()).isGreaterThan(1L << 31);
        assertThat(made.at("/properties/hs_email_domain").asText()).isEqualTo("example.com");
        assertThat(made.at("/properties/hs_full_name_or_email").asText()).isEqualTo("Ann");
        assertThat(made.at("/properties/lifecyclestage").asText()).isEqualTo("lead");
        assertThat(made.at("/properties/hs_lifecyclestage_lead_date").asText()).isEqualTo(Long.toString(now.get()));
        assertThat(made.at("/properties/hs_object_source").asText()).isEqualTo("INTEGRATION");
        assertThat(made.path("createdAt")).isEqualTo(made.at("/properties/createdate"));
        assertThat(made.path("updatedAt")).isEqualTo(made.at("/properties/lastmodifieddate"));
        assertThat(made.path("updatedAt").asText()).doesNotContain(".");
    }

    @Test
    void readsWithoutNamedPropertiesHaveTheUsualOnesAndDropUnknownOnes() throws Exception {
        String path = CONTACTS + "/" + create("a@example.com");
        assertThat(call("GET", path, "").path("properties").properties().stream()
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname");
        JsonNode some =
                call("GET", path + "?properties=city,nope&properties=zip", "").path("properties");
        assertThat(some.has("nope")).isFalse();
        assertThat(some.path("city").isNull()).isTrue();
        assertThat(some.has("zip")).isTrue();
    }

    @Test
    void unsetPropertiesAreLeftOutWithTheSwitch() throws Exception {
        restart(Quirk.OMIT_UNSET);
        String path = CONTACTS + "/" + create("a@example.com");
        assertThat(call("GET", path + "?properties=city", "").path("properties").has("city"))
                .isFalse();
    }

    @Test
    void theListGoesByIdAndEndsWithoutPaging() throws Exception {
        List<String> ids =
                simulator.load(List.of(Map.of("firstname", "A"), Map.of("firstname", "B"), Map.of("firstname", "C")));
        JsonNode page = call("GET", CONTACTS + "?limit=2", "");
        assertThat(page.findValuesAsText("id")).containsExactly(ids.get(0), ids.get(1));
        assertThat(page.has("total")).isFalse();
        JsonNode last = call(
                "GET",
                CONTACTS + "?limit=2&after=" + page.at("/paging/next/after").asText(),
                "");
        assertThat(last.findValuesAsText("id")).containsExactly(ids.get(2));
        assertThat(last.has("paging")).isFalse();
        call("GET", CONTACTS + "?limit=101", "");
        assertThat(status).isEqualTo(400);
    }

    @Test
    void unknownIdsAndKeysAreNotFoundInTheirWays() throws Exception {
        assertThat(call("GET", CONTACTS + "/5", "").path("message").asText()).isEqualTo("resource not found");
        assertThat(status).isEqualTo(404);
        assertThat(call("GET", CONTACTS + "/abc", "").path("category").asText()).isEqualTo("OBJECT_NOT_FOUND");
        update("5", "'city':'Rome'");
        assertThat(status).isEqualTo(404);
    }

    @Test
    void anAddressOfAnotherContactCannotBeTaken() throws Exception {
        create("a@example.com");
        String id = create("b@example.com");
        update(id, "'email':'A@example.com'");
        assertThat(status).isEqualTo(409);
        update(id, "'email':'B@Example.com'");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void aPurgedContactLeavesNothingAndAnUnknownAddressIsBlocked() throws Exception {
        String id = create("a@example.com");
        call("POST", CONTACTS + "/gdpr-delete", "{'objectId':'A@example.com','idProperty':'email'}");
        assertThat(status).isEqualTo(204);
        call("GET", CONTACTS + "/" + id + "?archived=true", "");
        assertThat(status).isEqualTo(404);
        call("POST", CONTACTS + "/gdpr-delete", "{'objectId':'never@example.com','idProperty':'email'}");
        String body = "{'properties':{'email':'never@example.com'}}";
        call("POST", CONTACTS, body);
        assertThat(status).isEqualTo(400);
        restart(Quirk.BLOCKED_ADDRESSES_RETURN);
        call("POST", CONTACTS + "/gdpr-delete", "{'objectId':'never@example.com','idProperty':'email'}");
        call("POST", CONTACTS, body);
        assertThat(status).isEqualTo(201);
    }

    @Test
    void anArchivedContactFreesItsAddressAndComesBackAsItWas() throws Exception {
        String id = create("a@example.com");
        update(id, "'city':'Rome'");
        call("POST", CONTACTS + "/batch/archive", "{'inputs':[{'id':'" + id + "'},{'id':'5'}]}");
        assertThat(status).isEqualTo(204);
        assertThat(call("GET", CONTACTS + "/" + id + "?archived=true", "")
                        .path("archived")
                        .asBoolean())
                .isTrue();
        simulator.restore(id);
        assertThat(value(id, "city")).isEqualTo("Rome");
    }

    @Test
    void aWriteMovesTheModificationTimeASecondTimeWithTheSwitch() throws Exception {
        restart(Quirk.SECOND_BUMP);
        String id = create("a@example.com");
        String first = value(id, "lastmodifieddate");
        now.addAndGet(5_000);
        assertThat(value(id, "lastmodifieddate")).isNotEqualTo(first);
    }
}
