package io.github.crmsync.sandbox.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DynamicsSimulatorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "00000000-0000-0000-0000-0000000000c1";

    private final HttpClient http = HttpClient.newHttpClient();
    private Instant now = Instant.parse("2026-03-01T10:00:00.500Z");
    private DynamicsSimulator simulator;
    private String token;

    @BeforeEach
    void start() throws Exception {
        open(DynamicsSimulator.Options.defaults().withClock(() -> now));
    }

    private void open(DynamicsSimulator.Options options) throws Exception {
        simulator = new DynamicsSimulator(options).start();
        token = JSON.readTree(login(options.clientSecret(), simulator.url() + "/.default")
                        .body())
                .path("access_token")
                .asText();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void wrongSecretAndWrongScopeAreRefusedWithTheirCodes() throws Exception {
        HttpResponse<String> secret = login("nope", simulator.url() + "/.default");
        assertThat(secret.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(secret.body()).at("/error_codes/0").asInt()).isEqualTo(7000215);
        HttpResponse<String> scope = login(simulator.options().clientSecret(), "https://elsewhere/.default");
        assertThat(scope.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(scope.body()).path("error").asText()).isEqualTo("invalid_scope");
    }

    @Test
    void anExpiredTokenIsAnsweredWith401AndAChallenge() throws Exception {
        assertThat(call("GET", "WhoAmI", null).statusCode()).isEqualTo(200);
        now = now.plus(Duration.ofHours(2));
        HttpResponse<String> refused = call("GET", "WhoAmI", null);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer authorization_uri=");
    }

    @Test
    void patchCreatesAMissingRowAndIfMatchStarDoesNot() throws Exception {
        HttpResponse<String> missing = call("PATCH", row(), "{\"firstname\":\"Bo\"}", "If-Match", "*");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(code(missing)).isEqualTo("0x80040217");
        HttpResponse<String> created = call("PATCH", row(), "{\"firstname\":\"Bo\",\"lastname\":\"Ex\"}");
        assertThat(created.statusCode()).isEqualTo(204);
        assertThat(created.headers().firstValue("OData-EntityId").orElseThrow()).endsWith(row());
        HttpResponse<String> again = call("PATCH", row(), "{\"firstname\":\"Bo\"}", "If-None-Match", "*");
        assertThat(again.statusCode()).isEqualTo(412);
        assertThat(code(again)).isEqualTo("0x80040237");
    }

    @Test
    void aStaleEtagIsRefusedAndTheCurrentOneAccepted() throws Exception {
        call("PATCH", row(), "{\"firstname\":\"Bo\"}");
        String etag = get(row()).path("@odata.etag").asText();
        assertThat(call("PATCH", row(), "{\"firstname\":\"Di\"}", "If-Match", etag)
                        .statusCode())
                .isEqualTo(204);
        HttpResponse<String> stale = call("DELETE", row(), null, "If-Match", etag);
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(code(stale)).isEqualTo("0x80060882");
    }

    @Test
    void aRepresentationCarriesComputedColumnsDefaultsAndNulls() throws Exception {
        HttpResponse<String> created = call(
                "POST", "contacts", "{\"firstname\":\"Bo\",\"lastname\":\"Ex\"}", "Prefer", "return=representation");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("OData-EntityId")).isEmpty();
        JsonNode row = JSON.readTree(created.body());
        assertThat(row.path("fullname").asText()).isEqualTo("Bo Ex");
        assertThat(row.path("modifiedon").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(row.path("statuscode").asInt()).isEqualTo(1);
        assertThat(row.path("emailaddress1").isNull()).isTrue();
        assertThat(row.path("@odata.etag").asText())
                .isEqualTo("W/\"" + row.path("versionnumber").asLong() + "\"");
    }

    @Test
    void badValuesAreRefusedWithTheCodesOfTheService() throws Exception {
        String mobile = "{\"mobilephone\":\"+00 000 000 000 000 000\"}";
        assertThat(code(call("POST", "leads", mobile))).isEqualTo("0x80044331");
        assertThat(call("POST", "contacts", mobile).statusCode()).isEqualTo(204);
        assertThat(code(call("POST", "contacts", "{\"gendercode\":5}"))).isEqualTo("0x8004431A");
        assertThat(code(call("POST", "contacts", "{\"nosuch\":5}"))).isEqualTo("0x0");
        assertThat(code(call("POST", "contacts", "{\"parentcustomerid@odata.bind\":\"/accounts(" + ID + ")\"}")))
                .isEqualTo("0x80048d19");
        assertThat(code(call("POST", "Accounts", "{}"))).isEqualTo("0x8006088a");
        assertThat(call("POST", "contacts", "{\"fullname\":\"x\"}").statusCode())
                .isEqualTo(400);
        simulator.setRejectReadOnly(false);
        assertThat(call("POST", "contacts", "{\"fullname\":\"x\"}").statusCode())
                .isEqualTo(204);
    }

    @Test
    void filtersCompareTextWithoutCaseAndDropNulls() throws Exception {
        contact("Ann", "O'Neil", "ann@example.com");
        contact("Bob", "Stone", "bob@example.com");
        contact("Cid", null, null);
        assertThat(names("emailaddress1 eq 'ANN@example.com'")).containsExactly("Ann");
        assertThat(names("lastname ne 'stone'")).containsExactly("Ann");
        assertThat(names("lastname eq null")).containsExactly("Cid");
        assertThat(names("not (lastname eq 'Stone') or firstname eq 'Cid'")).containsExactlyInAnyOrder("Ann", "Cid");
        assertThat(names("contains(lastname,'''NE') and statecode eq 0")).containsExactly("Ann");
        assertThat(names("startswith(firstname,'b') or endswith(firstname,'D')"))
                .containsExactlyInAnyOrder("Bob", "Cid");
        assertThat(names("modifiedon ge 2026-03-01T10:00:00Z")).hasSize(3);
        JsonNode in = get("contacts?$select=firstname&$filter="
                + encode("Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)") + "&@p1="
                + encode("'lastname'")
                + "&@p2=" + encode("[\"O'Neil\",\"x\"]"));
        assertThat(in.path("value")).hasSize(1);
        String id = in.at("/value/0/contactid").asText();
        assertThat(names("contactid eq " + id + " or contactid eq " + ID)).containsExactly("Ann");
        assertThat(names("Microsoft.Dynamics.CRM.In(PropertyName='contactid',PropertyValues=[\"" + id + "\"])"))
                .containsExactly("Ann");
    }

    @Test
    void wrongQueriesAreRefused() throws Exception {
        for (String query : List.of(
                "$skip=1",
                "$search=x",
                "$select=nosuch",
                "$select=parentcustomerid",
                "$filter=" + encode("nosuch eq 1"),
                "$filter=" + encode("firstname eq 5"),
                "$filter=" + encode("contactid eq 'x'"),
                "$filter=" + encode("firstname eq 'x"),
                "$orderby=" + encode("firstname up"),
                "$skiptoken=abc")) {
            assertThat(call("GET", "contacts?" + query, null).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(call("GET", "contacts?$filter=" + "x".repeat(33_000), null).statusCode())
                .isEqualTo(414);
        assertThat(call("PATCH", "contacts", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void pagesFollowEachOtherWithoutGapsInKeyOrderAndInAnyOtherOrder() throws Exception {
        for (int i = 0; i < 23; i++) {
            contact("N" + i % 4, "L" + i, null);
        }
        for (String query : List.of("", "&$orderby=" + encode("firstname desc,createdon"))) {
            List<JsonNode> pages = pages("contacts?$select=firstname,lastname" + query, "odata.maxpagesize=5");
            Set<String> ids = new HashSet<>();
            List<String> first = new ArrayList<>();
            for (JsonNode page : pages) {
                page.path("value").forEach(row -> {
                    ids.add(row.path("contactid").asText());
                    first.add(row.path("firstname").asText());
                });
            }
            assertThat(pages).hasSize(5);
            assertThat(ids).hasSize(23);
            if (!query.isEmpty()) {
                assertThat(first).isSortedAccordingTo(java.util.Comparator.reverseOrder());
            }
        }
        JsonNode counted = get("contacts?$count=true&$top=3&$select=firstname");
        assertThat(counted.path("@odata.count").asInt()).isEqualTo(23);
        assertThat(counted.path("value")).hasSize(3);
    }

    @Test
    void deltaGivesChangedRowsByVersionAndThenDeletions() throws Exception {
        contact("Ann", "A", null);
        contact("Bob", "B", null);
        List<JsonNode> full = pages("contacts?$select=firstname", "odata.track-changes,odata.maxpagesize=1");
        assertThat(full).hasSize(2);
        String ann = id("Ann");
        String bob = id("Bob");
        call("PATCH", "contacts(" + bob + ")", "{\"firstname\":\"Bert\"}");
        call("PATCH", row(), "{\"firstname\":\"Cid\"}");
        call("DELETE", "contacts(" + ann + ")", null);
        call("PATCH", "contacts(00000000-0000-0000-0000-0000000000c2)", "{\"firstname\":\"Eve\"}");
        call("DELETE", "contacts(00000000-0000-0000-0000-0000000000c2)", null);
        List<JsonNode> delta = follow(full.get(1).path("@odata.deltaLink").asText(), "odata.maxpagesize=3");
        assertThat(delta).hasSize(2);
        JsonNode rows = delta.get(0).path("value");
        assertThat(rows.at("/0/firstname").asText()).isEqualTo("Bert");
        assertThat(rows.at("/1/firstname").asText()).isEqualTo("Cid");
        assertThat(rows.at("/2/id").asText()).isEqualTo(ann);
        assertThat(rows.at("/2/@odata.context").asText()).endsWith("#contacts/$deletedEntity");
        assertThat(delta.get(1).path("value")).hasSize(1);
        String next = delta.get(1).path("@odata.deltaLink").asText();
        assertThat(follow(next, "").get(0).path("value")).isEmpty();
    }

    @Test
    void deltaLinksExpireByAgeAndOnDemandAndNeedTracking() throws Exception {
        assertThat(call("GET", "contacts?$filter=" + encode("firstname eq 'x'"), null, "Prefer", "odata.track-changes")
                        .body())
                .contains("isn't supported when Change Tracking is enabled.");
        String link = tracked().path("@odata.deltaLink").asText();
        simulator.expireDeltaLinks();
        assertThat(code(send("GET", link, null))).isEqualTo("0x80044352");
        simulator.setDeltaDays(0);
        String fresh = tracked().path("@odata.deltaLink").asText();
        assertThat(send("GET", fresh, null).statusCode()).isEqualTo(200);
        now = now.plusSeconds(5);
        assertThat(code(send("GET", fresh, null))).isEqualTo("0x80044352");
        simulator.setChangeTracking("contact", false);
        assertThat(tracked().has("@odata.deltaLink")).isFalse();
    }

    @Test
    void aBatchStopsAtTheFirstErrorUnlessToldToGoOn() throws Exception {
        String body = part("POST contacts", "{\"gendercode\":9}") + part("POST contacts", "{\"firstname\":\"Zoë\"}")
                + "--b1--\r\n";
        HttpResponse<String> stopped = batch(body);
        assertThat(stopped.statusCode()).isEqualTo(400);
        assertThat(stopped.body()).contains("0x8004431A").doesNotContain("HTTP/1.1 204");
        HttpResponse<String> all = batch(body, "Prefer", "odata.continue-on-error");
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body()).contains("HTTP/1.1 400 Bad Request").contains("HTTP/1.1 204 No Content");
        assertThat(names("firstname eq 'zoë'")).containsExactly("Zoë");
        assertThat(batch(body.replace("\r\n", "\n")).statusCode()).isEqualTo(400);
        assertThat(batch(part("GET WhoAmI", "").repeat(1001) + "--b1--\r\n").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aChangeSetIsAtomicAndResolvesReferences() throws Exception {
        String create = inner(1, "POST /api/data/v9.2/contacts", "{\"firstname\":\"Bo\"}");
        String good = changeSet(create + inner(2, "PATCH $1", "{\"jobtitle\":\"Owner\"}"));
        assertThat(batch(good).body()).contains("changesetresponse_").contains("Content-ID: 2");
        assertThat(simulator.rows("contact"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("jobtitle", "Owner"));
        String bad = changeSet(create + inner(2, "PATCH $1", "{\"gendercode\":7}"));
        assertThat(batch(bad).statusCode()).isEqualTo(400);
        assertThat(simulator.rows("contact")).hasSize(1);
        assertThat(batch(changeSet(inner(1, "PATCH $7", "{}"))).body())
                .contains("Content-ID Reference: '$7' does not exist in the batch context.");
    }

    @Test
    void bulkMessagesWriteAllOrNothing() throws Exception {
        String type = "\"@odata.type\":\"Microsoft.Dynamics.CRM.contact\"";
        String create = "contacts/Microsoft.Dynamics.CRM.CreateMultiple";
        String two = "{\"Targets\":[{" + type + ",\"firstname\":\"A\"},{" + type + ",\"firstname\":\"B\"}]}";
        JsonNode ids = JSON.readTree(call("POST", create, two).body()).path("Ids");
        assertThat(ids).hasSize(2);
        assertThat(call("POST", create, two.replace("\"B\"", "5")).statusCode()).isEqualTo(400);
        assertThat(call("POST", create, "{\"Targets\":[{\"firstname\":\"A\"}]}").statusCode())
                .isEqualTo(400);
        assertThat(simulator.rows("contact")).hasSize(2);
        String update = "contacts/Microsoft.Dynamics.CRM.UpdateMultiple";
        String change = "{\"Targets\":[{" + type + ",\"contactid\":" + ids.get(0) + ",\"firstname\":\"C\"},{" + type
                + ",\"contactid\":\"" + ID + "\",\"firstname\":\"D\"}]}";
        assertThat(call("POST", update, change).body()).contains("Contact With Ids = " + ID + " Do Not Exist");
        assertThat(names("firstname eq 'C'")).isEmpty();
        assertThat(call("POST", update, change.replace(ID, ids.get(1).asText())).statusCode())
                .isEqualTo(204);
    }

    @Test
    void qualifyingALeadCreatesAContactAndLocksTheLead() throws Exception {
        String lead = "leads(" + ID + ")";
        call("PATCH", lead, "{\"firstname\":\"Lea\",\"emailaddress1\":\"lea@example.com\",\"subject\":\"Topic\"}");
        String action = "{\"CreateAccount\":false,\"CreateContact\":true,\"CreateOpportunity\":false,\"Status\":3}";
        HttpResponse<String> done = call("POST", lead + "/Microsoft.Dynamics.CRM.QualifyLead", action);
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(simulator.rows("contact"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("emailaddress1", "lea@example.com")
                        .containsEntry("_originatingleadid_value", UUID.fromString(ID)));
        assertThat(get(lead).path("statecode").asInt()).isEqualTo(1);
        assertThat(call("PATCH", lead, "{\"firstname\":\"No\"}").statusCode()).isEqualTo(400);
        assertThat(call("PATCH", lead, "{\"statecode\":0,\"statuscode\":1}").statusCode())
                .isEqualTo(204);
    }

    @Test
    void metadataDescribesTablesColumnsAndOptions() throws Exception {
        String entity = "EntityDefinitions(LogicalName='lead')";
        assertThat(get(entity + "?$select=ChangeTrackingEnabled,EntitySetName")
                        .path("ChangeTrackingEnabled")
                        .asBoolean())
                .isTrue();
        String lengths = get(entity
                        + "/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength")
                .toString();
        assertThat(lengths).contains("{\"LogicalName\":\"mobilephone\",\"MaxLength\":20,");
        JsonNode choices = get("EntityDefinitions(LogicalName='contact')/Attributes/"
                + "Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName"
                + "&$expand=OptionSet($select=Options)");
        assertThat(choices.toString()).contains("gendercode").contains("\"Label\":\"Female\"");
        JsonNode all = get("EntityDefinitions(LogicalName='contact')/Attributes?$select=LogicalName,AttributeType,"
                + "IsValidForCreate,IsValidForUpdate,IsValidForRead");
        assertThat(all.path("value").size()).isGreaterThan(80);
        assertThat(get("organizations?$select=expirechangetrackingindays")
                        .at("/value/0/expirechangetrackingindays")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void theRequestLimitAnswers429WithRetryAfter() throws Exception {
        stop();
        open(DynamicsSimulator.Options.defaults().withClock(() -> now).withQuota(true));
        for (int i = 0; i < 6000; i++) {
            call("GET", "WhoAmI", null);
        }
        HttpResponse<String> refused = call("GET", "WhoAmI", null);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(code(refused)).isEqualTo("0x80072322");
        assertThat(refused.headers().firstValue("Retry-After")).contains("300");
        now = now.plusSeconds(301);
        assertThat(call("GET", "WhoAmI", null).statusCode()).isEqualTo(200);
    }

    @Test
    void aRefusedValueFailsInWritesOfEveryKindAndStatisticsCountRecords() throws Exception {
        simulator.fill("contact", List.of(Map.of("contactid", ID, "firstname", "Ann")));
        send(
                "POST",
                simulator.url() + "/_sandbox/faults",
                "{\"rejectValue\":{\"property\":\"firstname\",\"value\":\"poison\"}}");
        assertThat(call("PATCH", row(), "{\"firstname\":\"poison\"}").statusCode())
                .isEqualTo(400);
        assertThat(batch(part("PATCH " + row(), "{\"firstname\":\"poison\"}") + "--b1--\r\n")
                        .statusCode())
                .isEqualTo(400);
        assertThat(call("PATCH", row(), "{\"firstname\":\"fine\"}").statusCode())
                .isEqualTo(204);
        JsonNode stats = JSON.readTree(
                send("GET", simulator.url() + "/_sandbox/stats", null).body());
        assertThat(stats.path("recordsWritten").asInt()).isEqualTo(1);
        assertThat(stats.path("byOperation")
                        .path("PATCH /api/data/v9.2/contacts({id})")
                        .asInt())
                .isPositive();
    }

    private HttpResponse<String> login(String secret, String scope) throws Exception {
        String form = "grant_type=client_credentials&client_id="
                + simulator.options().clientId() + "&client_secret=" + encode(secret) + "&scope=" + encode(scope);
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.tokenUrl()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> call(String method, String path, String body, String... headers) throws Exception {
        return send(method, simulator.url() + "/api/data/v9.2/" + path, body, headers);
    }

    private HttpResponse<String> send(String method, String url, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0 && !headers[1].isEmpty()) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response = call("GET", path, null);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private JsonNode tracked() throws Exception {
        return JSON.readTree(call("GET", "contacts?$select=firstname", null, "Prefer", "odata.track-changes")
                .body());
    }

    private List<JsonNode> pages(String path, String prefer) throws Exception {
        return follow(simulator.url() + "/api/data/v9.2/" + path, prefer);
    }

    private List<JsonNode> follow(String url, String prefer) throws Exception {
        List<JsonNode> pages = new ArrayList<>();
        for (String next = url; !next.isEmpty(); ) {
            HttpResponse<String> response = send("GET", next, null, "Prefer", prefer);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            pages.add(JSON.readTree(response.body()));
            next = pages.get(pages.size() - 1).path("@odata.nextLink").asText();
        }
        return pages;
    }

    private void contact(String first, String last, String email) throws Exception {
        String body = JSON.createObjectNode()
                .put("firstname", first)
                .put("lastname", last)
                .put("emailaddress1", email)
                .toString();
        assertThat(call("POST", "contacts", body).statusCode()).isEqualTo(204);
    }

    private List<String> names(String filter) throws Exception {
        return get("contacts?$select=firstname&$filter=" + encode(filter)).findValuesAsText("firstname");
    }

    private String id(String first) throws Exception {
        return get("contacts?$select=contactid&$filter=" + encode("firstname eq '" + first + "'"))
                .at("/value/0/contactid")
                .asText();
    }

    private HttpResponse<String> batch(String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Content-Type", "multipart/mixed; boundary=\"b1\""));
        all.addAll(List.of(headers));
        return call("POST", "$batch", body, all.toArray(String[]::new));
    }

    private static String part(String line, String body) {
        return "--b1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n" + line
                + " HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + body + "\r\n";
    }

    private static String inner(int id, String line, String body) {
        return part(line, body).replace("--b1\r\n", "--c1\r\nContent-ID: " + id + "\r\n");
    }

    private static String changeSet(String operations) {
        return "--b1\r\nContent-Type: multipart/mixed; boundary=\"c1\"\r\n\r\n" + operations
                + "--c1--\r\n\r\n--b1--\r\n";
    }

    private static String row() {
        return "contacts(" + ID + ")";
    }

    private static String code(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body()).at("/error/code").asText();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
