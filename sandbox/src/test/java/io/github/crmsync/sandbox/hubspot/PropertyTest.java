package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Property definitions and groups. */
class PropertyTest extends Simulated {
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
    void optionsNeedAnOrderExceptInVersionThree() throws Exception {
        String body = "{'name':'%s','label':'C','type':'enumeration','fieldType':'select',"
                + "'groupName':'contactinformation','options':[{'label':'R','value':'red','hidden':false}]}";
        call("POST", PROPERTIES, body.formatted("colour"));
        assertThat(status).isEqualTo(400);
        call("POST", "/crm/v3/properties/contacts", body.formatted("colour"));
        assertThat(status).isEqualTo(201);
    }

    @Test
    void sensitivePropertiesAreShownOnlyWhenAskedFor() throws Exception {
        call("POST", PROPERTIES, UNIQUE.replace("'hasUniqueValue':true", "'dataSensitivity':'sensitive'"));
        assertThat(call("GET", PROPERTIES, "").findValuesAsText("name")).doesNotContain("ext_id");
        assertThat(call("GET", PROPERTIES + "?dataSensitivity=sensitive", "").findValuesAsText("name"))
                .containsExactly("ext_id");
    }

    @Test
    void anArchivedPropertyComesBackWhenItsNameIsPosted() throws Exception {
        call("POST", PROPERTIES, UNIQUE);
        call("DELETE", PROPERTIES + "/ext_id", "");
        assertThat(status).isEqualTo(204);
        call("POST", PROPERTIES, UNIQUE.replace("'label':'E'", "'label':'Other'"));
        assertThat(status).isEqualTo(201);
        assertThat(call("GET", PROPERTIES + "/ext_id", "")
                        .path("hasUniqueValue")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void atMostTenPropertiesAreUnique() throws Exception {
        for (int i = 0; i < 10; i++) {
            call("POST", PROPERTIES, UNIQUE.replace("ext_id", "ext_" + (char) ('a' + i)));
            assertThat(status).isEqualTo(201);
        }
        call("POST", PROPERTIES, UNIQUE);
        assertThat(status).isEqualTo(400);
    }

    @Test
    void typesFitFieldTypesAndNamesAreTakenOnce() throws Exception {
        call("POST", PROPERTIES, UNIQUE.replace("'fieldType':'text'", "'fieldType':'select'"));
        assertThat(status).isEqualTo(400);
        call("POST", PROPERTIES, UNIQUE);
        JsonNode error = call("POST", PROPERTIES, UNIQUE);
        assertThat(status).isEqualTo(409);
        assertThat(error.path("category").asText()).isEqualTo("OBJECT_ALREADY_EXISTS");
        assertThat(error.path("subCategory").asText()).isEqualTo("Properties.PROPERTY_WITH_NAME_EXISTS");
    }
}
