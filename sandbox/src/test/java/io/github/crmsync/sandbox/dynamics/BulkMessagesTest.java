package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.ID;
import static io.github.crmsync.sandbox.dynamics.Environment.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BulkMessagesTest {
    private static final String SET = "contacts/Microsoft.Dynamics.CRM.";
    private static final String TYPE = "\"@odata.type\":\"Microsoft.Dynamics.CRM.contact\"";

    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    private static String targets(String... elements) {
        return "{\"Targets\":[{" + TYPE + "," + String.join("},{" + TYPE + ",", elements) + "}]}";
    }

    @Test
    void createAndUpdateWriteAllOrNothing() {
        String two = targets("\"firstname\":\"A\"", "\"firstname\":\"B\"");
        JsonNode ids = Environment.json(environment.call("POST", SET + "CreateMultiple", two))
                .path("Ids");
        assertThat(ids).hasSize(2);
        environment.refused(
                environment.call("POST", SET + "CreateMultiple", two.replace("\"B\"", "5")), 400, "0x80048d19");
        assertThat(environment.simulator.rows("contact")).hasSize(2);
        String change = targets(
                "\"contactid\":" + ids.get(0) + ",\"firstname\":\"C\"",
                "\"contactid\":\"" + ID + "\",\"firstname\":\"D\"");
        assertThat(environment.call("POST", SET + "UpdateMultiple", change).body())
                .contains("Contact With Ids = " + ID + " Do Not Exist");
        assertThat(environment.names("firstname eq 'C'")).isEmpty();
        environment.write(
                "POST", SET + "UpdateMultiple", change.replace(ID, ids.get(1).asText()));
    }

    @Test
    void upsertFindsRowsByIdByKeyOrNotAtAll() {
        environment.simulator.defineKey("contact", "crm_Key", "employeeid");
        String upsert = targets(
                "\"contactid\":\"" + ID + "\",\"firstname\":\"A\"",
                "\"@odata.id\":\"contacts(employeeid='e1')\",\"firstname\":\"B\"",
                "\"firstname\":\"C\"");
        environment.write("POST", SET + "UpsertMultiple", upsert);
        environment.write("POST", SET + "UpsertMultiple", upsert);
        assertThat(environment.names("employeeid eq 'e1'")).containsExactly("B");
        assertThat(environment.simulator.rows("contact")).hasSize(4);
    }

    @Test
    void elementsNeedTheirTypeAndDeletesAreNotThere() {
        environment.refused(
                environment.call("POST", SET + "CreateMultiple", "{\"Targets\":[{\"firstname\":\"A\"}]}"),
                400,
                "0x80048d19");
        environment.refused(
                environment.call(
                        "POST",
                        SET + "CreateMultiple",
                        targets("\"firstname\":\"A\"").replace("CRM.contact", "CRM.lead")),
                400,
                "0x80048d19");
        environment.refused(environment.call("POST", SET + "CreateMultiple", "{\"Targets\":[]}"), 400, "0x80040203");
        assertThat(environment
                        .call("POST", SET + "DeleteMultiple", targets("\"contactid\":\"" + ID + "\""))
                        .body())
                .contains("DeleteMultiple has not yet been implemented.");
    }

    @Test
    void messageFiltersTellWhatIsAvailable() {
        String filter = "sdkmessagefilters?$select=sdkmessagefilterid&$filter="
                + encode("sdkmessageid/name eq @m and primaryobjecttypecode eq @t") + "&@m='UpsertMultiple'&@t=";
        assertThat(environment.get(filter + "'contact'").path("value")).hasSize(1);
        assertThat(environment.get(filter + "'opportunity'").path("value")).isEmpty();
        environment.order("{\"switches\":{\"bulkMessages\":false}}");
        assertThat(environment
                        .call("POST", SET + "CreateMultiple", targets("\"firstname\":\"A\""))
                        .statusCode())
                .isEqualTo(400);
    }
}
