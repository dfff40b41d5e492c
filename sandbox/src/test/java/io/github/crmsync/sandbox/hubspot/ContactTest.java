package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
}
