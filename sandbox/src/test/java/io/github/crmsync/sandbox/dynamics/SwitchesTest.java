package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.ROW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SwitchesTest {
    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void aPluginRewritesAColumnAsAnotherUserUnlessBypassed() {
        environment.order("{\"plugin\":{\"table\":\"contact\",\"column\":\"jobtitle\",\"value\":\"Set\"}}");
        String me = environment.get("WhoAmI").path("UserId").asText();
        HttpResponse<String> written =
                environment.call("PATCH", ROW, "{\"jobtitle\":\"Mine\"}", "Prefer", "return=representation");
        JsonNode row = Environment.json(written);
        assertThat(row.path("jobtitle").asText()).isEqualTo("Set");
        assertThat(row.path("_modifiedby_value").asText()).isNotEqualTo(me);
        environment.write(
                "PATCH",
                ROW,
                "{\"jobtitle\":\"Mine\"}",
                "MSCRM.BypassBusinessLogicExecution",
                "CustomSync,CustomAsync");
        assertThat(environment.get(ROW).path("jobtitle").asText()).isEqualTo("Mine");
        environment.order("{\"missingPrivilege\":\"prvBypassCustomBusinessLogic\"}");
        environment.refused(
                environment.call("PATCH", ROW, "{}", "MSCRM.BypassBusinessLogicExecution", "CustomSync"),
                403,
                "0x80040220");
    }

    @Test
    void aPluginWithoutColumnOnlyTouchesTheRow() {
        String etag = Environment.json(environment.call("PATCH", ROW, "{}", "Prefer", "return=representation"))
                .path("@odata.etag")
                .asText();
        environment.order("{\"plugin\":{\"table\":\"contact\",\"when\":\"update\"}}");
        environment.write("PATCH", ROW, "{\"jobtitle\":\"Mine\"}");
        JsonNode row = environment.get(ROW);
        assertThat(row.path("jobtitle").asText()).isEqualTo("Mine");
        assertThat(row.path("versionnumber").asLong()).isEqualTo(Long.parseLong(etag.replaceAll("\\D", "")) + 2);
    }

    @Test
    void missingPrivilegesAreRefusedByName() {
        environment.write("PATCH", ROW, "{}");
        environment.order("{\"missingPrivilege\":\"prvWriteContact\"}");
        HttpResponse<String> refused = environment.call("PATCH", ROW, "{}");
        environment.refused(refused, 403, "0x80040220");
        assertThat(refused.body()).contains("is missing prvWriteContact privilege");
        environment.order("{\"missingPrivilege\":\"prvReadContact\"}");
        environment.refused(environment.call("GET", "contacts", null), 403, "0x80040220");
        environment.order("{\"missingPrivilege\":\"prvDeleteContact\"}");
        environment.refused(environment.call("DELETE", ROW, null), 403, "0x80040220");
        environment.order("{\"missingPrivilege\":\"prvCreateContact\"}");
        environment.refused(environment.call("POST", "contacts", "{}"), 403, "0x80040220");
        environment.send("POST", environment.simulator.url() + "/_sandbox/reset", null);
        environment.write("PATCH", ROW, "{}");
    }

    @Test
    void aUsersPrivilegesCanBeAskedFor() {
        String user = environment.get("WhoAmI").path("UserId").asText();
        String path = "systemusers(" + user + ")/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName"
                + "(PrivilegeName='prvWriteContact')";
        assertThat(environment.get(path).path("RolePrivileges")).singleElement().satisfies(held -> {
            assertThat(held.path("PrivilegeName").asText()).isEqualTo("prvWriteContact");
            assertThat(held.path("Depth").asText()).isEqualTo("Global");
        });
        environment.order("{\"missingPrivilege\":\"prvWriteContact\"}");
        assertThat(environment.get(path).path("RolePrivileges")).isEmpty();
        assertThat(environment
                        .call("GET", path.replace(user, Environment.ID), null)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void trackingNeedsToReadTheWholeOrganization() {
        environment.order("{\"missingPrivilege\":\"prvReadContact:Global\"}");
        assertThat(environment.call("GET", "contacts", null).statusCode()).isEqualTo(200);
        environment.refused(
                environment.call("GET", "contacts", null, "Prefer", "odata.track-changes"), 403, "0x80040220");
    }

    @Test
    void anUnknownUserIsRefusedEverywhere() {
        environment.order("{\"missingPrivilege\":\"\"}");
        environment.refused(environment.call("GET", "WhoAmI", null), 403, "0x80072560");
    }

    @Test
    void impersonationNeedsItsPrivilege() {
        environment.order("{\"missingPrivilege\":\"prvActOnBehalfOfAnotherUser\"}");
        environment.refused(environment.call("PATCH", ROW, "{}", "CallerObjectId", Environment.ID), 403, "0x80040220");
    }

    @Test
    void updatesMayAnswerWithoutAnAddress() {
        environment.write("PATCH", ROW, "{}");
        environment.order("{\"switches\":{\"entityIdOnUpdate\":false}}");
        assertThat(environment.write("PATCH", ROW, "{}").headers().firstValue("OData-EntityId"))
                .isEmpty();
    }

    @Test
    void unknownSwitchesAreRefused() {
        for (String wrong : new String[] {
            "{\"switches\":{\"nosuch\":true}}",
            "{\"switches\":{\"bulkMessages\":5}}",
            "{\"plugin\":{\"table\":\"contact\",\"column\":\"nosuch\"}}",
            "{\"touch\":{\"table\":\"contact\",\"id\":\"x\"}}"
        }) {
            assertThat(environment
                            .send("POST", environment.simulator.url() + "/_sandbox/faults", wrong)
                            .statusCode())
                    .isEqualTo(400);
        }
    }
}
