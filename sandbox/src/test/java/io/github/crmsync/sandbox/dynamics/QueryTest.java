package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.CRM;
import static io.github.crmsync.sandbox.dynamics.Environment.ID;
import static io.github.crmsync.sandbox.dynamics.Environment.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    private void people() {
        environment.contact("Ann", "O'Neil", "ann@example.com");
        environment.contact("Bob", "Stone", "bob@example.com");
        environment.contact("Cid", null, null);
    }

    @Test
    void filtersCompareTextWithoutCaseAndDropNulls() {
        people();
        assertThat(environment.names("emailaddress1 eq 'ANN@example.com'")).containsExactly("Ann");
        assertThat(environment.names("lastname ne 'stone'")).containsExactly("Ann");
        assertThat(environment.names("lastname eq null")).containsExactly("Cid");
        assertThat(environment.names("not (lastname eq 'Stone') or firstname eq 'Cid'"))
                .containsExactlyInAnyOrder("Ann", "Cid");
        assertThat(environment.names("contains(lastname,'''NE') and statecode eq 0"))
                .containsExactly("Ann");
        assertThat(environment.names("startswith(firstname,'b') or endswith(firstname,'D')"))
                .containsExactlyInAnyOrder("Bob", "Cid");
        assertThat(environment.names("modifiedon ge 2026-03-01T10:00:00Z and versionnumber gt 1"))
                .hasSize(3);
        assertThat(environment.names("firstname eq lastname")).isEmpty();
        assertThat(environment.names("donotemail")).isEmpty();
        assertThat(environment.names("donotemail eq false")).hasSize(3);
    }

    @Test
    void likeWildcardsWorkInTextFunctionsAndBehindASwitchInEquality() {
        people();
        assertThat(environment.names("contains(firstname,'_n[n-z]')")).containsExactly("Ann");
        assertThat(environment.names("contains(firstname,'%n%')")).containsExactly("Ann");
        assertThat(environment.names("startswith(firstname,'[^ab]')")).containsExactly("Cid");
        assertThat(environment.names("firstname eq 'A%'")).isEmpty();
        environment.order("{\"switches\":{\"wildcardsInEquality\":true}}");
        assertThat(environment.names("firstname eq 'A%'")).containsExactly("Ann");
        assertThat(environment.names("firstname ne 'A%'")).containsExactlyInAnyOrder("Bob", "Cid");
    }

    @Test
    void queryFunctionsTakeValuesAndAliases() {
        people();
        String in = CRM + "In(PropertyName=@p1,PropertyValues=@p2)";
        JsonNode found = environment.get("contacts?$select=firstname&$filter=" + encode(in) + "&@p1="
                + encode("'lastname'") + "&@p2=" + encode("[\"O'Neil\", \"x\"]"));
        assertThat(found.path("value")).hasSize(1);
        String id = found.at("/value/0/contactid").asText();
        assertThat(environment.names("contactid eq " + id + " or contactid eq " + ID))
                .containsExactly("Ann");
        assertThat(environment.names(CRM + "In(PropertyName='contactid',PropertyValues=[\"" + id + "\"])"))
                .containsExactly("Ann");
        assertThat(environment.names(CRM + "NotIn(PropertyName='firstname',PropertyValues=[\"ann\",\"bob\"])"))
                .containsExactly("Cid");
        assertThat(environment.names(CRM + "Between(PropertyName='statuscode',PropertyValues=[\"1\",\"2\"])"))
                .hasSize(3);
        assertThat(environment.names(CRM + "LastXHours(PropertyName='createdon',PropertyValue='2')"))
                .hasSize(3);
        assertThat(environment.names(CRM + "OlderThanXMinutes(PropertyName='createdon',PropertyValue='2')"))
                .isEmpty();
        assertThat(environment.names(CRM + "On(PropertyName='createdon',PropertyValue='2026-03-01')"))
                .hasSize(3);
        assertThat(environment.names(CRM + "Yesterday(PropertyName='createdon')"))
                .isEmpty();
        assertThat(environment.names(CRM + "EqualUserId(PropertyName='modifiedby')"))
                .hasSize(3);
    }

    @Test
    void filtersFollowLookupsAndCollections() {
        String account = environment.create("accounts", "{\"name\":\"Acme\"}");
        environment.create(
                "contacts",
                "{\"firstname\":\"Kim\",\"parentcustomerid_account@odata.bind\":\"/accounts(" + account + ")\"}");
        people();
        assertThat(environment.names("parentcustomerid_account/name eq 'acme'")).containsExactly("Kim");
        assertThat(environment.names("_parentcustomerid_value eq " + account)).containsExactly("Kim");
        String any = "contact_customer_accounts/any(c:c/firstname eq 'Kim')";
        assertThat(environment
                        .get("accounts?$select=name&$filter=" + encode(any))
                        .path("value"))
                .hasSize(1);
        String none = "contact_customer_accounts/all(c:c/firstname eq 'Bob')";
        assertThat(environment
                        .get("accounts?$select=name&$filter=" + encode(none))
                        .path("value"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$skip=1",
                "$search=x",
                "$format=json",
                "nosuchoption=1",
                "$select=nosuch",
                "$select=FirstName",
                "$select=parentcustomerid",
                "$filter=nosuch eq 1",
                "$filter=firstname eq 5",
                "$filter=firstname eq 'x",
                "$filter=contactid eq 'x'",
                "$filter=firstname",
                "$filter=firstname eq 'a' and",
                "$filter=tolower(firstname) eq 'a'",
                "$filter=length(firstname) gt 1",
                "$filter=firstname in ('a','b')",
                "$filter=statecode add 1 eq 2",
                "$filter=modifiedon ge yesterday",
                "$filter=Microsoft.Dynamics.CRM.Nope(PropertyName='firstname')",
                "$filter=Microsoft.Dynamics.CRM.In(PropertyName='nosuch',PropertyValues=[\"a\"])",
                "$filter=Microsoft.Dynamics.CRM.In(PropertyName='firstname',PropertyValues=[5])",
                "$filter=Microsoft.Dynamics.CRM.In(PropertyName='statecode',PropertyValues=[\"x\"])",
                "$orderby=firstname up",
                "$orderby=nosuch",
                "$top=0",
                "$top=x",
                "$count=maybe",
                "$expand=nosuch",
                "$expand=parentcustomerid_account($select=nosuch)",
                "$skiptoken=abc",
                "$select=firstname&$select=lastname"
            })
    void whatODataOrTheServiceForbidsIsRefused(String query) {
        String path = "contacts?"
                + query.replace(" ", "%20")
                        .replace("\"", "%22")
                        .replace("[", "%5B")
                        .replace("]", "%5D");
        JsonNode error = Environment.json(environment.call("GET", path, null)).path("error");
        assertThat(environment.call("GET", path, null).statusCode()).isEqualTo(400);
        assertThat(error.path("message").asText()).isNotEmpty();
    }

    @Test
    void refusalsNameTheProperty() {
        for (String query : List.of("$select=nosuch", "$filter=nosuch%20eq%201", "$orderby=nosuch")) {
            JsonNode error = Environment.json(environment.call("GET", "contacts?" + query, null))
                    .path("error");
            assertThat(error.path("code").asText()).isEqualTo("0x0");
            assertThat(error.path("message").asText())
                    .isEqualTo("Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.contact'.");
        }
    }

    @Test
    void wrongAddressesAreRefused() {
        assertThat(environment
                        .call("GET", "contacts?$filter=" + "x".repeat(33_000), null)
                        .statusCode())
                .isEqualTo(414);
        assertThat(environment.call("PATCH", "contacts", "{}").statusCode()).isEqualTo(405);
        environment.refused(environment.call("GET", "nosuch", null), 404, "0x8006088a");
        environment.refused(environment.call("GET", "contacts(5)", null), 400, "0x80060888");
        environment.refused(environment.call("GET", "contacts(firstname='x')", null), 400, "0x80060888");
        assertThat(environment.call("POST", "WhoAmI", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void expansionsBringRelatedRowsAlong() {
        String account = environment.create("accounts", "{\"name\":\"Acme\"}");
        for (String name : List.of("Bob", "Ann", "Cid")) {
            environment.create(
                    "contacts",
                    "{\"firstname\":\"" + name + "\",\"parentcustomerid_account@odata.bind\":\"/accounts(" + account
                            + ")\"}");
        }
        JsonNode one = environment.get("accounts(" + account + ")?$select=name&$expand=contact_customer_accounts("
                + encode("$select=firstname;$orderby=firstname desc;$filter=firstname ne 'Bob';$top=1") + ")");
        assertThat(one.at("/contact_customer_accounts").findValuesAsText("firstname"))
                .containsExactly("Cid");
        JsonNode many = environment.get(
                "contacts?$select=firstname&$expand=parentcustomerid_account($select=name)&$orderby=firstname");
        assertThat(many.at("/value/0/parentcustomerid_account/name").asText()).isEqualTo("Acme");
    }

    @Test
    void annotationsGiveLabelsAndTargetsOfLookups() {
        String account = environment.create("accounts", "{\"name\":\"Acme\"}");
        environment.create(
                "contacts",
                "{\"gendercode\":2,\"parentcustomerid_account@odata.bind\":\"/accounts(" + account + ")\"}");
        JsonNode row = environment
                .get(
                        "contacts?$select=gendercode,donotemail,createdon,_parentcustomerid_value",
                        "Prefer",
                        "odata.include-annotations=\"*\"")
                .at("/value/0");
        String formatted = "@OData.Community.Display.V1.FormattedValue";
        assertThat(row.path("gendercode" + formatted).asText()).isEqualTo("Female");
        assertThat(row.path("donotemail" + formatted).asText()).isEqualTo("Allow");
        assertThat(row.path("_parentcustomerid_value" + formatted).asText()).isEqualTo("Acme");
        assertThat(row.path("_parentcustomerid_value@" + CRM + "lookuplogicalname")
                        .asText())
                .isEqualTo("account");
        assertThat(row.path("_parentcustomerid_value@" + CRM + "associatednavigationproperty")
                        .asText())
                .isEqualTo("parentcustomerid_account");
    }

    @Test
    void applyAggregatesAndGroups() {
        people();
        environment.create("contacts", "{\"firstname\":\"Dee\",\"numberofchildren\":3,\"gendercode\":2}");
        environment.create("contacts", "{\"firstname\":\"Eve\",\"numberofchildren\":1,\"gendercode\":2}");
        JsonNode sum = environment.get(
                "contacts?$apply=" + encode("aggregate(numberofchildren with sum as children,$count as people)"));
        assertThat(sum.at("/value/0/children").asInt()).isEqualTo(4);
        assertThat(sum.at("/value/0/people").asInt()).isEqualTo(5);
        JsonNode groups = environment.get(
                "contacts?$apply="
                        + encode(
                                "filter(firstname ne 'Ann')/groupby((gendercode),aggregate(numberofchildren with max as most))"));
        assertThat(groups.path("value")).hasSize(2);
        assertThat(environment
                        .call("GET", "contacts?$apply=" + encode("identity"), null)
                        .statusCode())
                .isEqualTo(400);
    }
}
