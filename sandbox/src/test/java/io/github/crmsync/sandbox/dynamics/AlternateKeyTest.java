package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlternateKeyTest {
    private static final String KEYS = "EntityDefinitions(LogicalName='contact')/Keys";
    private static final String ROW = "contacts(externaluseridentifier='e1')";

    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    private void define() {
        environment.write(
                "POST", KEYS, "{\"SchemaName\":\"crm_External\",\"KeyAttributes\":[\"externaluseridentifier\"]}");
    }

    @Test
    void aColumnSetIsAKeyOnlyOnceDefined() {
        environment.refused(environment.call("PATCH", ROW, "{}"), 400, "0x80060888");
        define();
        environment.write("PATCH", ROW, "{\"lastname\":\"A\"}");
        JsonNode definition = environment.get("EntityDefinitions(LogicalName='contact')?$select=SchemaName"
                + "&$expand=Keys($select=KeyAttributes,EntityKeyIndexStatus)");
        assertThat(definition.at("/Keys/0/KeyAttributes/0").asText()).isEqualTo("externaluseridentifier");
        assertThat(definition.at("/Keys/0/EntityKeyIndexStatus").asText()).isEqualTo("Active");
        environment.write("DELETE", KEYS + "(LogicalName='crm_external')", null);
        environment.refused(environment.call("GET", ROW, null), 400, "0x80060888");
    }

    @Test
    void upsertByKeyCreatesWithTheKeysValueAndThenUpdates() {
        define();
        environment.refused(environment.call("GET", ROW, null), 404, "0x80060891");
        environment.refused(environment.call("PATCH", ROW, "{}", "If-Match", "*"), 404, "0x80060891");
        HttpResponse<String> created = environment.write("PATCH", ROW, "{\"lastname\":\"A\"}");
        assertThat(created.headers().firstValue("OData-EntityId").orElseThrow()).endsWith(ROW);
        HttpResponse<String> again = environment.call(
                "PATCH",
                ROW,
                "{\"lastname\":\"B\",\"externaluseridentifier\":\"other\"}",
                "Prefer",
                "return=representation");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(Environment.json(again).path("externaluseridentifier").asText())
                .isEqualTo("e1");
        environment.refused(environment.call("PATCH", ROW, "{}", "If-None-Match", "*"), 412, "0x80040237");
    }

    @Test
    void onCreateTheBodyWinsOverTheAddress() {
        define();
        HttpResponse<String> created = environment.call(
                "PATCH", ROW, "{\"externaluseridentifier\":\"body\"}", "Prefer", "return=representation");
        assertThat(Environment.json(created).path("externaluseridentifier").asText())
                .isEqualTo("body");
    }

    @Test
    void aSecondHolderIsRefusedInAnyCaseAndNullsAreNotHeldUnique() {
        define();
        environment.write("PATCH", ROW, "{\"lastname\":\"A\"}");
        HttpResponse<String> second = environment.call("POST", "contacts", "{\"externaluseridentifier\":\"E1\"}");
        environment.refused(second, 412, "0x80060892");
        assertThat(second.body()).contains("Entity Key crm_External violated.");
        environment.write("POST", "contacts", "{}");
        environment.write("POST", "contacts", "{}");
    }

    @Test
    void keysOfSeveralPartsAndReferencesByKeyWork() {
        environment.simulator.defineKey("contact", "crm_Pair", "lastname", "emailaddress1");
        String row = "contacts(emailaddress1='a@example.com',lastname='" + encode("O''Neil") + "')";
        environment.write("PATCH", row, "{\"firstname\":\"Ann\"}");
        assertThat(environment.get(row).path("lastname").asText()).isEqualTo("O'Neil");
        environment.refused(environment.call("GET", "contacts(lastname='x')", null), 400, "0x80060888");
        String child = environment.create(
                "contacts",
                "{\"parentcustomerid_contact@odata.bind\":\"contacts(lastname='O''Neil',emailaddress1='a@example.com')\"}");
        assertThat(environment
                        .get("contacts(" + child + ")/parentcustomerid_contact")
                        .path("firstname")
                        .asText())
                .isEqualTo("Ann");
    }

    @Test
    void valuesWithSpecialCharactersDoNotWorkInAddressesButInUpsertMultiple() {
        define();
        for (String special : new String[] {"a/b", "a<b", "a>b", "a*b", "a%b", "a&b", "a:b", "a\\b", "a?b", "a+b"}) {
            String address = "contacts(externaluseridentifier='" + encode(special) + "')";
            assertThat(environment.call("PATCH", address, "{}").statusCode())
                    .as(special)
                    .isEqualTo(400);
        }
        String target = "{\"Targets\":[{\"@odata.type\":\"Microsoft.Dynamics.CRM.contact\",\"lastname\":\"A\","
                + "\"externaluseridentifier\":\"a+b\"}]}";
        environment.write("POST", "contacts/Microsoft.Dynamics.CRM.UpsertMultiple", target);
        assertThat(environment
                        .get("contacts?$filter=" + encode("externaluseridentifier eq 'a+b'"))
                        .path("value"))
                .hasSize(1);
    }

    @Test
    void definitionsBeyondTheLimitsAreRefused() {
        environment.write("POST", "contacts", "{\"jobtitle\":\"Same\"}");
        environment.write("POST", "contacts", "{\"jobtitle\":\"same\"}");
        for (String columns : new String[] {
            "[\"jobtitle\"]", "[\"nosuch\"]", "[\"description\"]", "[\"address1_line1\",\"address1_line2\"]", "[]"
        }) {
            String body = "{\"SchemaName\":\"crm_Key\",\"KeyAttributes\":" + columns + "}";
            assertThat(environment.call("POST", KEYS, body).statusCode())
                    .as(columns)
                    .isEqualTo(400);
        }
        define();
        environment.refused(
                environment.call("POST", KEYS, "{\"SchemaName\":\"CRM_external\",\"KeyAttributes\":[\"employeeid\"]}"),
                400,
                "0x80060893");
    }
}
