package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListsAndViewsTest {
    private static final String ADD = "/Microsoft.Dynamics.CRM.AddMemberList";

    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    private static String member(String id) {
        return "{\"EntityId\":\"" + id + "\"}";
    }

    @Test
    void membersAreAddedFoundAndRemovedWithoutChangingTheContact() {
        String list = environment.create("lists", "{\"listname\":\"Trial\",\"createdfromcode\":2}");
        String ann = environment.contact("Ann", null, null);
        environment.contact("Bob", null, null);
        String etag =
                environment.get("contacts(" + ann + ")").path("@odata.etag").asText();
        JsonNode added = Environment.json(environment.call("POST", "lists(" + list + ")" + ADD, member(ann)));
        assertThat(added.path("AddListMemberId").asText()).isNotEmpty();
        assertThat(environment.get("lists(" + list + ")").path("membercount").asInt())
                .isEqualTo(1);
        assertThat(environment.get("contacts(" + ann + ")").path("@odata.etag").asText())
                .isEqualTo(etag);
        assertThat(environment
                        .get("lists(" + list + ")/listcontact_association?$select=contactid")
                        .at("/value/0/contactid")
                        .asText())
                .isEqualTo(ann);
        assertThat(environment.names("listcontact_association/any(l:l/listid eq " + list + ")"))
                .containsExactly("Ann");
        JsonNode links = environment.get("listmembers?$filter=" + encode("_listid_value eq " + list));
        assertThat(links.at("/value/0/_entityid_value").asText()).isEqualTo(ann);
        assertThat(links.at("/value/0/entitytype").asText()).isEqualTo("contact");
        environment.write("POST", "lists(" + list + ")/Microsoft.Dynamics.CRM.RemoveMemberList", member(ann));
        assertThat(environment.get("listmembers").path("value")).isEmpty();
    }

    @Test
    void severalMembersAreAddedAtOnceAndDeletedRowsLeaveTheirLists() {
        String list = environment.create("lists", "{\"listname\":\"Trial\",\"createdfromcode\":2}");
        String ann = environment.contact("Ann", null, null);
        String bob = environment.contact("Bob", null, null);
        String body = "{\"List\":{\"listid\":\"" + list + "\"},\"Members\":[{\"contactid\":\"" + ann
                + "\"},{\"contactid\":\"" + bob + "\"}]}";
        assertThat(environment.call("POST", "AddListMembersList", body).statusCode())
                .isEqualTo(200);
        environment.write("DELETE", "contacts(" + ann + ")", null);
        assertThat(environment
                        .get("lists(" + list + ")/listcontact_association")
                        .path("value"))
                .hasSize(1);
    }

    @Test
    void listsRefuseWrongMembersAndLockedOnesAll() {
        environment.refused(environment.call("POST", "lists", "{\"listname\":\"x\"}"), 400, "0x80040203");
        String list = environment.create("lists", "{\"listname\":\"Leads\",\"createdfromcode\":4}");
        String ann = environment.contact("Ann", null, null);
        environment.refused(environment.call("POST", "lists(" + list + ")" + ADD, member(ann)), 404, "0x80040217");
        environment.refused(
                environment.call("PATCH", "lists(" + list + ")", "{\"createdfromcode\":2}"), 400, "0x80040203");
        environment.write("PATCH", "lists(" + list + ")", "{\"lockstatus\":true}");
        String lead = environment.create("leads", "{\"lastname\":\"L\"}");
        environment.refused(environment.call("POST", "lists(" + list + ")" + ADD, member(lead)), 400, "0x80040203");
    }

    @Test
    void viewsGiveTheirColumnsAndLeaveNullsOut() {
        environment.contact("Ann", null, null);
        String gone = environment.contact("Bob", null, null);
        environment.write("PATCH", "contacts(" + gone + ")", "{\"statecode\":1}");
        JsonNode views = environment.get("savedqueries?$select=name,savedqueryid,returnedtypecode,fetchxml&$filter="
                + encode("name eq 'Active Contacts' and returnedtypecode eq 'contact'"));
        String view = views.at("/value/0/savedqueryid").asText();
        JsonNode rows = environment.get("contacts?savedQuery=" + view).path("value");
        assertThat(rows.findValuesAsText("fullname")).containsExactly("Ann");
        assertThat(rows.get(0).has("emailaddress1")).isFalse();
        String own = environment.create(
                "userqueries",
                "{\"name\":\"Mine\",\"returnedtypecode\":\"contact\",\"fetchxml\":"
                        + Environment.text("<fetch><entity name=\"contact\"><filter><condition attribute=\"firstname\""
                                + " operator=\"eq\" value=\"Bob\"/></filter></entity></fetch>")
                        + "}");
        assertThat(environment.get("contacts?userQuery=" + own).path("value")).hasSize(1);
        assertThat(environment.call("GET", "leads?savedQuery=" + view, null).statusCode())
                .isEqualTo(400);
    }

    @Test
    void fetchXmlHasPagesAndConditions() {
        for (String name : new String[] {"Ann", "Bob", "Cid"}) {
            environment.contact(name, "X", null);
        }
        String fetch = "<fetch count=\"2\" page=\"1\"><entity name=\"contact\"><attribute name=\"firstname\"/>"
                + "<order attribute=\"firstname\" descending=\"true\"/><filter type=\"or\">"
                + "<condition attribute=\"lastname\" operator=\"like\" value=\"x%\"/>"
                + "<condition attribute=\"firstname\" operator=\"null\"/></filter></entity></fetch>";
        JsonNode first = environment.get("contacts?fetchXml=" + encode(fetch));
        assertThat(first.path("value").findValuesAsText("firstname")).containsExactly("Cid", "Bob");
        assertThat(first.has("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie")).isTrue();
        JsonNode second = environment.get("contacts?fetchXml=" + encode(fetch.replace("page=\"1\"", "page=\"2\"")));
        assertThat(second.path("value").findValuesAsText("firstname")).containsExactly("Ann");
        for (String wrong : new String[] {
            "<fetch", "<fetch><entity name=\"contact\"><attribute name=\"nosuch\"/></entity></fetch>", "<x/>"
        }) {
            assertThat(environment
                            .call("GET", "contacts?fetchXml=" + encode(wrong), null)
                            .statusCode())
                    .isEqualTo(400);
        }
    }
}
