package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lists and their members. */
class ListTest extends Simulated {
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
        assertThat(call("GET", list, "").at("/list/deletedAt").asText()).isNotEmpty();
        assertThat(status).isEqualTo(200);
        call("PUT", list + "/update-list-name?listName=Other", "");
        assertThat(status).isEqualTo(404);
        call("PUT", list + "/restore", "");
        assertThat(call("GET", list, "").at("/list").has("deletedAt")).isFalse();
    }

    private String manual(String name) throws Exception {
        return call("POST", LISTS, "{'name':'" + name + "','objectTypeId':'0-1','processingType':'MANUAL'}")
                .at("/list/listId")
                .asText();
    }

    private static String wanted(String fields) {
        return "{'offset':0,'listIds':[],'processingTypes':[],'additionalProperties':[]" + fields + "}";
    }

    @Test
    void listsAreFoundByNameInAnyCaseByIdAndBySearch() throws Exception {
        String id = manual("Best Friends");
        assertThat(call("GET", LISTS + "/object-type-id/0-1/name/best%20friends", "")
                        .at("/list/listId")
                        .asText())
                .isEqualTo(id);
        call("GET", LISTS + "/object-type-id/0-1/name/best", "");
        assertThat(status).isEqualTo(404);
        assertThat(call("GET", LISTS + "?listIds=" + id + "&listIds=9", "").path("lists"))
                .hasSize(1);
        manual("Enemies");
        JsonNode found = call("POST", LISTS + "/search", wanted(",'query':'friend'"));
        assertThat(found.path("total").asInt()).isEqualTo(1);
        assertThat(found.at("/lists/0/additionalProperties/hs_list_size").asText())
                .isEqualTo("0");
        assertThat(call("POST", LISTS + "/search", wanted(",'count':1"))
                        .path("hasMore")
                        .asBoolean())
                .isTrue();
        assertThat(call(
                                "POST",
                                LISTS + "/search",
                                wanted("").replace("'processingTypes':[]", "'processingTypes':['DYNAMIC']"))
                        .path("total")
                        .asInt())
                .isZero();
    }

    @Test
    void aSearchForListsNeedsItsArraysExceptInVersionThree() throws Exception {
        call("POST", LISTS + "/search", "{'query':'x'}");
        assertThat(status).isEqualTo(400);
        call("POST", "/crm/v3/lists/search", "{'query':'x'}");
        assertThat(status).isEqualTo(200);
        call("POST", LISTS + "/search", wanted(",'count':501"));
        assertThat(status).isEqualTo(400);
    }

    @Test
    void membersComeInPagesOfAtMost250BothWays() throws Exception {
        List<Map<String, String>> people = new java.util.ArrayList<>();
        for (int i = 0; i < 300; i++) {
            people.add(Map.of("email", "p" + i + "@example.com"));
        }
        List<String> ids = simulator.load(people);
        String members = LISTS + "/" + manual("All") + "/memberships";
        call("PUT", members + "/add", "['" + String.join("','", ids) + "']");
        call("GET", members + "?limit=251", "");
        assertThat(status).isEqualTo(400);
        assertThat(call("GET", members, "").path("results")).hasSize(100);
        JsonNode page = call("GET", members + "?limit=250", "");
        assertThat(page.path("total").asInt()).isEqualTo(300);
        JsonNode last = call(
                "GET",
                members + "?limit=250&after=" + page.at("/paging/next/after").asText(),
                "");
        assertThat(last.findValuesAsText("recordId")).isEqualTo(ids.subList(250, 300));
        assertThat(last.at("/paging").has("next")).isFalse();
        assertThat(call(
                                "GET",
                                members + "?limit=250&before="
                                        + last.at("/paging/prev/before").asText(),
                                "")
                        .findValuesAsText("recordId"))
                .isEqualTo(ids.subList(0, 250));
    }

    @Test
    void membersAreAddedRemovedAndCopiedAndUnknownOnesTold() throws Exception {
        String one = create("a@example.com");
        String other = create("b@example.com");
        String list = LISTS + "/" + manual("One");
        JsonNode change = call(
                "PUT",
                list + "/memberships/add-and-remove",
                "{'recordIdsToAdd':['" + one + "','" + other + "','9'],'recordIdsToRemove':['" + one + "']}");
        assertThat(change.path("recordsIdsAdded")).hasSize(2);
        assertThat(change.path("recordIdsRemoved")).hasSize(1);
        assertThat(change.at("/recordIdsMissing/0").asText()).isEqualTo("9");
        String copy = manual("Copy");
        call("PUT", LISTS + "/" + copy + "/memberships/add-from/" + list.substring(list.lastIndexOf('/') + 1), "");
        assertThat(status).isEqualTo(204);
        assertThat(call("GET", LISTS + "/" + copy, "").at("/list/size").asInt()).isEqualTo(1);
        JsonNode many = call(
                "POST",
                LISTS + "/records/memberships/batch/read",
                "{'inputs':[{'objectTypeId':'0-1','recordId':'" + other + "'}]}");
        assertThat(many.at("/results/0/recordListMemberships")).hasSize(2);
    }

    @Test
    void numbersOfVersionOneAreTranslated() throws Exception {
        String id = manual("Old");
        JsonNode both = call("POST", LISTS + "/idmapping", "['1','77']");
        assertThat(both.at("/legacyListIdsToIdsMapping/0/listId").asText()).isEqualTo(id);
        assertThat(both.at("/missingLegacyListIds/0").asText()).isEqualTo("77");
        assertThat(call("GET", LISTS + "/idmapping?legacyListId=1", "")
                        .path("listId")
                        .asText())
                .isEqualTo(id);
    }
}
