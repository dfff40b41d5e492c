package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.ID;
import static io.github.crmsync.sandbox.dynamics.Environment.ROW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteTest {
    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void patchCreatesAMissingRowAndIfMatchStarDoesNot() {
        environment.refused(
                environment.call("PATCH", ROW, "{\"firstname\":\"Bo\"}", "If-Match", "*"), 404, "0x80040217");
        HttpResponse<String> created = environment.write("PATCH", ROW, "{\"firstname\":\"Bo\",\"lastname\":\"Ex\"}");
        assertThat(created.headers().firstValue("OData-EntityId").orElseThrow()).endsWith(ROW);
        assertThat(created.headers().firstValue("Location"))
                .as("within a batch only")
                .isEmpty();
        environment.refused(
                environment.call("PATCH", ROW, "{\"firstname\":\"Bo\"}", "If-None-Match", "*"), 412, "0x80040237");
    }

    @Test
    void aStaleEtagIsRefusedAndTheCurrentOneAccepted() {
        environment.write("PATCH", ROW, "{\"firstname\":\"Bo\"}");
        String etag = environment.get(ROW).path("@odata.etag").asText();
        environment.write("PATCH", ROW, "{\"firstname\":\"Di\"}", "If-Match", etag);
        environment.refused(environment.call("DELETE", ROW, null, "If-Match", etag), 412, "0x80060882");
        environment.order("{\"switches\":{\"emptyConditionalCodes\":true}}");
        environment.refused(environment.call("DELETE", ROW, null, "If-Match", etag), 412, "");
    }

    @Test
    void anUnchangedRowIsNotSentAgainToWhoHasItsEtag() {
        environment.write("PATCH", ROW, "{\"firstname\":\"Bo\"}");
        String etag = environment.get(ROW).path("@odata.etag").asText();
        assertThat(environment.call("GET", ROW, null, "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        assertThat(environment.call("GET", ROW, null, "If-None-Match", "null").statusCode())
                .isEqualTo(200);
        environment.write("PATCH", ROW, "{\"firstname\":\"Bo\"}");
        assertThat(environment.call("GET", ROW, null, "If-None-Match", etag).statusCode())
                .as("a write of equal values is a change")
                .isEqualTo(200);
    }

    @Test
    void aRepresentationCarriesComputedColumnsDefaultsAndNulls() {
        HttpResponse<String> created = environment.call(
                "POST", "contacts", "{\"firstname\":\"Bo\",\"lastname\":\"Ex\"}", "Prefer", "return=representation");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("OData-EntityId")).isEmpty();
        JsonNode row = Environment.json(created);
        assertThat(row.path("fullname").asText()).isEqualTo("Bo Ex");
        assertThat(row.path("modifiedon").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(row.path("statuscode").asInt()).isEqualTo(1);
        assertThat(row.path("preferredcontactmethodcode").asInt()).isEqualTo(1);
        assertThat(row.path("emailaddress1").isNull()).isTrue();
        assertThat(row.path("@odata.etag").asText())
                .isEqualTo("W/\"" + row.path("versionnumber").asLong() + "\"");
    }

    @Test
    void badValuesAreRefusedWithTheCodesOfTheService() {
        String mobile = "{\"mobilephone\":\"+00 000 000 000 000 000\"}";
        environment.refused(environment.call("POST", "leads", mobile), 400, "0x80044331");
        environment.write("POST", "contacts", mobile);
        for (Map.Entry<String, String> wrong : Map.of(
                        "{\"gendercode\":5}",
                        "0x8004431A",
                        "{\"nosuch\":5}",
                        "0x0",
                        "{\"FirstName\":\"x\"}",
                        "0x0",
                        "{\"firstname\":5}",
                        "0x80048d19",
                        "{\"donotemail\":\"yes\"}",
                        "0x80048d19",
                        "{\"birthdate\":\"1990-01-01T00:00:00Z\"}",
                        "0x80048d19",
                        "{\"parentcustomerid@odata.bind\":\"/accounts(" + ID + ")\"}",
                        "0x80048d19",
                        "{\"parentcustomerid_account@odata.bind\":\"/contacts(" + ID + ")\"}",
                        "0x80048d19",
                        "{\"statecode\":1}",
                        "0x80040203",
                        "[]",
                        "0x80048d19")
                .entrySet()) {
            environment.refused(environment.call("POST", "contacts", wrong.getKey()), 400, wrong.getValue());
        }
        for (String early :
                List.of("\"birthdate\":\"1752-12-31\"", "\"overriddencreatedon\":\"1752-12-31T23:59:59Z\"")) {
            environment.refused(environment.call("POST", "contacts", "{" + early + "}"), 400, "0x80048d19");
        }
        environment.refused(environment.call("POST", "Contacts", "{}"), 404, "0x8006088a");
    }

    @Test
    void readOnlyColumnsAreRefusedOrIgnored() {
        environment.refused(environment.call("POST", "contacts", "{\"fullname\":\"x\"}"), 400, "0x80040203");
        environment.order("{\"switches\":{\"rejectReadOnlyColumns\":false}}");
        String id = environment.create("contacts", "{\"fullname\":\"x\",\"lastname\":\"Y\"}");
        assertThat(environment.get("contacts(" + id + ")").path("fullname").asText())
                .isEqualTo("Y");
    }

    @Test
    void aSingleColumnIsReadSetAndCleared() {
        environment.write("PATCH", ROW, "{\"firstname\":\"Bo\"}");
        environment.write("PUT", ROW + "/jobtitle", "{\"value\":\"Owner\"}");
        assertThat(environment.get(ROW + "/jobtitle").path("value").asText()).isEqualTo("Owner");
        environment.write("DELETE", ROW + "/jobtitle", null);
        assertThat(environment.call("GET", ROW + "/jobtitle", null).statusCode())
                .isEqualTo(204);
        assertThat(environment.call("PUT", ROW + "/nosuch", "{\"value\":1}").statusCode())
                .isBetween(400, 404);
    }

    @Test
    void stateAndStatusDependOnEachOther() {
        environment.write("PATCH", ROW, "{\"firstname\":\"Bo\"}");
        environment.write("PATCH", ROW, "{\"statecode\":1}");
        assertThat(environment.get(ROW).path("statuscode").asInt()).isEqualTo(2);
        environment.refused(environment.call("PATCH", ROW, "{\"statuscode\":1}"), 400, "0x80048408");
        environment.refused(environment.call("PATCH", ROW, "{\"statecode\":null}"), 400, "0x80040203");
    }

    @Test
    void moneyFillsCurrencyAndBaseAmount() {
        String id = environment.create("contacts", "{\"annualincome\":1234.56}");
        JsonNode row = environment.get("contacts(" + id + ")?$select=annualincome,annualincome_base");
        assertThat(row.path("annualincome_base").decimalValue()).isEqualByComparingTo("1234.56");
        assertThat(row.hasNonNull("_transactioncurrencyid_value")).isTrue();
    }

    @Test
    void rowsOfOtherTablesAreCreatedAlongWithARow() {
        String id = environment.create(
                "contacts",
                "{\"lastname\":\"Child\",\"parentcustomerid_account\":{\"name\":\"Acme\"},"
                        + "\"contact_customer_contacts\":[{\"lastname\":\"Grandchild\"}]}");
        JsonNode row = environment.get(
                "contacts(" + id + ")?$expand=parentcustomerid_account($select=name),contact_customer_contacts");
        assertThat(row.at("/parentcustomerid_account/name").asText()).isEqualTo("Acme");
        assertThat(row.path("_accountid_value").asText())
                .isEqualTo(row.path("_parentcustomerid_value").asText());
        assertThat(row.at("/contact_customer_contacts/0/lastname").asText()).isEqualTo("Grandchild");
    }

    @Test
    void lookupsAreBoundReplacedAndCleared() {
        String account = environment.create("accounts", "{\"name\":\"Acme\"}");
        String bind = "{\"parentcustomerid_account@odata.bind\":\"accounts(" + account + ")\"}";
        environment.write("PATCH", ROW, bind);
        assertThat(environment
                        .get(ROW + "/parentcustomerid_account")
                        .path("name")
                        .asText())
                .isEqualTo("Acme");
        assertThat(environment
                        .get("accounts(" + account + ")/contact_customer_accounts?$select=lastname")
                        .path("value"))
                .hasSize(1);
        environment.write("DELETE", ROW + "/parentcustomerid_account/$ref", null);
        assertThat(environment.get(ROW).path("_parentcustomerid_value").isNull())
                .isTrue();
        environment.write(
                "PUT",
                ROW + "/parentcustomerid_account/$ref",
                "{\"@odata.id\":\"" + environment.simulator.url() + "/api/data/v9.2/accounts(" + account + ")\"}");
        environment.write("PATCH", ROW, "{\"parentcustomerid_account@odata.bind\":null}");
        assertThat(environment.get(ROW).path("_parentcustomerid_value").isNull())
                .isTrue();
        String nowhere = bind.replace(account, ID);
        environment.refused(environment.call("PATCH", ROW, nowhere), 404, "0x80040217");
    }

    @Test
    void theAuthorIsTheApplicationUserOrWhomItActsFor() {
        String other = UUID.randomUUID().toString();
        environment.write("PATCH", ROW, "{\"firstname\":\"Bo\"}");
        String me = environment.get("WhoAmI").path("UserId").asText();
        assertThat(environment.get(ROW).path("_modifiedby_value").asText()).isEqualTo(me);
        environment.write("PATCH", ROW, "{\"firstname\":\"Di\"}", "CallerObjectId", other);
        JsonNode row = environment.get(ROW);
        assertThat(row.path("_modifiedby_value").asText()).isEqualTo(other);
        assertThat(row.path("_modifiedonbehalfby_value").asText()).isEqualTo(me);
        assertThat(row.path("_createdby_value").asText()).isEqualTo(me);
    }

    @Test
    void aRefusedValueFailsInWritesOfEveryKindAndStatisticsCountRecords() {
        environment.simulator.fill("contact", List.of(Map.of("contactid", ID, "firstname", "Ann")));
        environment.order("{\"rejectValue\":{\"property\":\"firstname\",\"value\":\"poison\"}}");
        environment.refused(environment.call("PATCH", ROW, "{\"firstname\":\"poison\"}"), 400, "0x80040265");
        String part = Environment.part("PATCH " + ROW, "{\"firstname\":\"poison\"}");
        assertThat(environment.batch(part + "--b1--\r\n").statusCode()).isEqualTo(400);
        environment.write("PATCH", ROW, "{\"firstname\":\"fine\"}");
        JsonNode stats =
                Environment.json(environment.send("GET", environment.simulator.url() + "/_sandbox/stats", null));
        assertThat(stats.path("recordsWritten").asInt()).isEqualTo(1);
        assertThat(stats.path("byOperation")
                        .path("PATCH /api/data/v9.2/contacts({id})")
                        .asInt())
                .isPositive();
    }
}
