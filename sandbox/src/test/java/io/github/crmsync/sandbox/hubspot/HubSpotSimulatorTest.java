package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HubSpotSimulatorTest {
    private static final String CONTACTS = "/crm/objects/2026-03/contacts";
    private static final String PROPERTIES = "/crm/properties/2026-03/contacts";
    private static final String LISTS = "/crm/lists/2026-03";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final AtomicLong now = new AtomicLong(1_790_000_000_000L);
    private HubSpotSimulator simulator;
    private int status;

    @BeforeEach
    void start() throws IOException {
        start(HubSpotOptions.builder().indexLagMaxMs(0));
    }

    private void start(HubSpotOptions.Builder options) throws IOException {
        simulator = new HubSpotSimulator(options.clock(() -> java.time.Instant.ofEpochMilli(now.get()))
                        .build())
                .start();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private JsonNode call(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.url() + path))
                .header("Authorization", "Bearer " + simulator.accessToken())
                .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
        status = response.statusCode();
        return response.body().startsWith("{") ? Json.MAPPER.readTree(response.body()) : Json.MAPPER.createObjectNode();
    }

    private String create(String email) throws Exception {
        JsonNode made = call("POST", CONTACTS, "{'properties':{'email':'" + email + "','firstname':'Ann'}}");
        assertThat(status).isEqualTo(201);
        return made.path("id").asText();
    }

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
    void invalidValuesAreRefusedWithTheirCodes() throws Exception {
        JsonNode error = call("POST", CONTACTS, "{'properties':{'email':'x','nope':'1','createdate':'1'}}");
        assertThat(status).isEqualTo(400);
        assertThat(error.path("message").asText()).startsWith("Property values were not valid: [{");
        assertThat(error.findValuesAsText("code"))
                .containsExactly("INVALID_EMAIL", "PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE");
    }

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
    void aUniquePropertyServesAsKey() throws Exception {
        String property = "{'name':'ext_id','label':'E','type':'string','fieldType':'text',"
                + "'groupName':'contactinformation','hasUniqueValue':true}";
        call("POST", "/crm/properties/2026-03/contacts", property);
        assertThat(status).isEqualTo(201);
        call("POST", "/crm/properties/2026-03/contacts", property);
        assertThat(status).isEqualTo(409);
        call("POST", CONTACTS, "{'properties':{'firstname':'X','ext_id':'7'}}");
        assertThat(call("GET", CONTACTS + "/7?idProperty=ext_id&properties=ext_id", "")
                        .at("/properties/ext_id")
                        .asText())
                .isEqualTo("7");
    }

    @Test
    void aMergeMakesANewIdThatTheOldOnesLeadTo() throws Exception {
        String one = create("a@example.com");
        String two = create("b@example.com");
        JsonNode merged =
                call("POST", CONTACTS + "/merge", "{'primaryObjectId':'" + one + "','objectIdToMerge':'" + two + "'}");
        assertThat(merged.at("/properties/hs_additional_emails").asText()).isEqualTo("b@example.com");
        assertThat(call("GET", CONTACTS + "/" + one, "").path("id").asText())
                .isEqualTo(merged.path("id").asText())
                .isNotEqualTo(one);
        call("POST", CONTACTS, "{'properties':{'email':'b@example.com'}}");
        assertThat(status).isEqualTo(409);
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
    void searchFindsByModificationTimeButNotByItsOtherName() throws Exception {
        create("a@example.com");
        String search = "{'limit':200,'filterGroups':[{'filters':[{'propertyName':'%s','operator':'GTE','value':'"
                + now.get() + "'}]}]}";
        assertThat(call("POST", CONTACTS + "/search", search.formatted("lastmodifieddate"))
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(call("POST", CONTACTS + "/search", search.formatted("hs_lastmodifieddate"))
                        .path("total")
                        .asInt())
                .isZero();
        call("POST", CONTACTS + "/search", "{'after':'9900','limit':200}");
        assertThat(status).isEqualTo(400);
    }

    @Test
    void searchLagsBehindTheStore() throws Exception {
        simulator.close();
        start(HubSpotOptions.builder().indexLagMaxMs(5000));
        create("a@example.com");
        assertThat(call("POST", CONTACTS + "/search", "{}").path("total").asInt())
                .isZero();
        now.addAndGet(5001);
        assertThat(call("POST", CONTACTS + "/search", "{}").path("total").asInt())
                .isEqualTo(1);
    }

    @Test
    void theSixthSearchOfASecondIsRefusedWhenQuotasAreOn() throws Exception {
        simulator.close();
        start(HubSpotOptions.builder().quota(true));
        for (int i = 0; i < 5; i++) {
            call("POST", CONTACTS + "/search", "{}");
            assertThat(status).isEqualTo(200);
        }
        assertThat(call("POST", CONTACTS + "/search", "{}").path("policyName").asText())
                .isEqualTo("SECONDLY");
        assertThat(status).isEqualTo(429);
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
    void orderedFaultsHappenOnceEachAndAConnectionCanBreakAfterTheWork() throws Exception {
        call(
                "POST",
                "/_sandbox/faults",
                "[{'match':'GET .*contacts','status':503,'times':1},"
                        + "{'match':'POST .*contacts$','kind':'reset-after'}]");
        call("GET", CONTACTS, "");
        assertThat(status).isEqualTo(503);
        Assertions.assertThatThrownBy(() -> create("a@example.com")).isInstanceOf(IOException.class);
        assertThat(call("GET", CONTACTS, "").path("results")).hasSize(1);
        assertThat(call("GET", "/_sandbox/stats", "").path("recordsWritten").asInt())
                .isEqualTo(1);
    }

    @Test
    void tokensAreNeededAndRefreshedOnesExpire() throws Exception {
        HttpRequest bare =
                HttpRequest.newBuilder(URI.create(simulator.url() + CONTACTS)).build();
        assertThat(CLIENT.send(bare, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        String form = "grant_type=refresh_token&client_id=" + HubSpotSimulator.CLIENT_ID + "&client_secret="
                + HubSpotSimulator.CLIENT_SECRET + "&refresh_token=" + HubSpotSimulator.REFRESH_TOKEN;
        String token =
                call("POST", "/oauth/2026-03/token", form).path("access_token").asText();
        HttpRequest authorised = HttpRequest.newBuilder(URI.create(simulator.url() + CONTACTS))
                .header("Authorization", "Bearer " + token)
                .build();
        assertThat(CLIENT.send(authorised, BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        now.addAndGet(1_800_000);
        assertThat(CLIENT.send(authorised, BodyHandlers.ofString()).body()).contains("EXPIRED_AUTHENTICATION");
    }

    @Test
    void listMembersCanBeAddedAndPaged() throws Exception {
        List<String> ids = simulator.load(List.of(Map.of("email", "a@example.com"), Map.of("email", "b@example.com")));
        String list = call(
                        "POST", "/crm/lists/2026-03", "{'name':'VIP','objectTypeId':'0-1','processingType':'MANUAL'}")
                .at("/list/listId")
                .asText();
        String members = "/crm/lists/2026-03/" + list + "/memberships";
        JsonNode added = call("PUT", members + "/add", "['" + ids.get(0) + "','" + ids.get(1) + "','9']");
        assertThat(added.path("recordsIdsAdded")).hasSize(2);
        assertThat(added.path("recordIdsMissing")).hasSize(1);
        assertThat(call("GET", members + "?limit=1", "")
                        .at("/paging/next/after")
                        .asText())
                .isEqualTo(ids.get(0));
    }

    private static final String UNIQUE = "{'name':'ext_id','label':'E','type':'string','fieldType':'text',"
            + "'groupName':'contactinformation','hasUniqueValue':true}";

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
        simulator.close();
        start(HubSpotOptions.builder().firstBatchErrorOnly(true));
        JsonNode first = call("POST", CONTACTS + "/batch/create", body);
        assertThat(status).isEqualTo(400);
        assertThat(first.findValuesAsText("code")).containsExactly("INVALID_EMAIL");
    }

    @Test
    void aConflictMayHideTheOwner() throws Exception {
        simulator.close();
        start(HubSpotOptions.builder().hideConflictOwner(true));
        create("a@example.com");
        JsonNode error = call("POST", CONTACTS, "{'properties':{'email':'a@example.com'}}");
        assertThat(error.path("message").asText()).isEqualTo("Contact already exists");
    }

    @Test
    void aPropertyCanBeChangedButNotItsUniqueness() throws Exception {
        call("POST", PROPERTIES, UNIQUE);
        JsonNode changed = call("PATCH", PROPERTIES + "/ext_id", "{'label':'New','description':'D'}");
        assertThat(status).isEqualTo(200);
        assertThat(changed.path("label").asText()).isEqualTo("New");
        assertThat(changed.path("hasUniqueValue").asBoolean()).isTrue();
        call("PATCH", PROPERTIES + "/ext_id", "{'hasUniqueValue':false}");
        assertThat(status).isEqualTo(400);
        call("PATCH", PROPERTIES + "/lifecyclestage", "{'type':'string'}");
        assertThat(status).isEqualTo(400);
        call("PATCH", PROPERTIES + "/nope", "{'label':'x'}");
        assertThat(status).isEqualTo(404);
    }

    @Test
    void propertiesAreMadeReadAndArchivedInBatches() throws Exception {
        String bad =
                "{'name':'Bad Name','label':'B','type':'string','fieldType':'text','groupName':'contactinformation'}";
        JsonNode made = call("POST", PROPERTIES + "/batch/create", "{'inputs':[" + UNIQUE + "," + bad + "]}");
        assertThat(status).isEqualTo(207);
        assertThat(made.path("results")).hasSize(1);
        assertThat(made.path("numErrors").asInt()).isEqualTo(1);
        String names = "{'inputs':[{'name':'ext_id'},{'name':'nope'}],'archived':false}";
        assertThat(call("POST", PROPERTIES + "/batch/read", names).path("results"))
                .hasSize(1);
        assertThat(status).isEqualTo(207);
        call("POST", PROPERTIES + "/batch/archive", names);
        assertThat(status).isEqualTo(204);
        call("GET", PROPERTIES + "/ext_id", "");
        assertThat(status).isEqualTo(404);
        call("GET", PROPERTIES + "/ext_id?archived=true", "");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void propertyGroupsAreKeptApartFromProperties() throws Exception {
        call("POST", PROPERTIES + "/groups", "{'name':'sync','label':'Sync'}");
        assertThat(status).isEqualTo(201);
        call("POST", PROPERTIES + "/groups", "{'name':'sync','label':'Sync'}");
        assertThat(status).isEqualTo(409);
        call("POST", PROPERTIES, UNIQUE.replace("contactinformation", "sync"));
        call("DELETE", PROPERTIES + "/groups/sync", "");
        assertThat(status).isEqualTo(400);
        call("DELETE", PROPERTIES + "/ext_id", "");
        call("PATCH", PROPERTIES + "/groups/sync", "{'label':'Renamed'}");
        assertThat(call("GET", PROPERTIES + "/groups", "").findValuesAsText("label"))
                .contains("Renamed");
        call("DELETE", PROPERTIES + "/groups/sync", "");
        assertThat(status).isEqualTo(204);
        call("POST", PROPERTIES, UNIQUE.replace("contactinformation", "sync").replace("ext_id", "other"));
        assertThat(status).isEqualTo(400);
    }

    @Test
    void aListIsEmptiedRenamedDeletedAndRestored() throws Exception {
        List<String> ids = simulator.load(List.of(Map.of("email", "a@example.com"), Map.of("email", "b@example.com")));
        String list = "/crm/lists/2026-03/"
                + call("POST", LISTS, "{'name':'VIP','objectTypeId':'0-1','processingType':'MANUAL'}")
                        .at("/list/listId")
                        .asText();
        call("PUT", list + "/memberships/add", "['" + ids.get(1) + "']");
        now.addAndGet(5);
        call("PUT", list + "/memberships/add", "['" + ids.get(0) + "']");
        assertThat(call("GET", list + "/memberships/join-order", "").findValuesAsText("recordId"))
                .containsExactly(ids.get(1), ids.get(0));
        assertThat(call("GET", LISTS + "/records/0-1/" + ids.get(0) + "/memberships", "")
                        .path("results"))
                .hasSize(1);
        call("DELETE", CONTACTS + "/" + ids.get(0), "");
        assertThat(call("GET", list + "/memberships", "").findValuesAsText("recordId"))
                .containsExactly(ids.get(1));
        call("DELETE", list + "/memberships", "");
        assertThat(call("GET", list, "").at("/list/size").asInt()).isZero();
        assertThat(call("PUT", list + "/update-list-name?listName=Best", "")
                        .at("/updatedList/name")
                        .asText())
                .isEqualTo("Best");
        call("DELETE", list, "");
        assertThat(status).isEqualTo(204);
        call("GET", list, "");
        assertThat(status).isEqualTo(404);
        call("PUT", list + "/restore", "");
        call("GET", list, "");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void equalTimesComeInAnotherOrderEachTimeButNoneIsMissing() throws Exception {
        List<Map<String, String>> people = new java.util.ArrayList<>();
        for (int i = 0; i < 30; i++) {
            people.add(Map.of("email", "p" + i + "@example.com"));
        }
        simulator.load(people, now.get(), 0);
        String search = "{'limit':200,'sorts':['lastmodifieddate']}";
        List<String> once = call("POST", CONTACTS + "/search", search).findValuesAsText("id");
        List<String> again = call("POST", CONTACTS + "/search", search).findValuesAsText("id");
        assertThat(again).containsExactlyInAnyOrderElementsOf(once).isNotEqualTo(once);
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
}
