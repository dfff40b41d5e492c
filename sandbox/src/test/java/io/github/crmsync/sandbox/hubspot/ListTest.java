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
        call("GET", list, "");
        assertThat(status).isEqualTo(404);
        call("PUT", list + "/restore", "");
        call("GET", list, "");
        assertThat(status).isEqualTo(200);
    }
}
