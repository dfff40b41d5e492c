package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.sandbox.hubspot.HubSpotOptions;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every documented operation, in every version: the simulator serves it and answers in its documented shape. */
class SimulatorContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLIENT_FIELDS =
            "client_id=" + HubSpotSimulator.CLIENT_ID + "&client_secret=" + HubSpotSimulator.CLIENT_SECRET;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Contract.Watch contract = new Contract.Watch();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private HubSpotSimulator simulator;
    private String version;

    @BeforeEach
    void start() throws Exception {
        simulator =
                new HubSpotSimulator(HubSpotOptions.builder().indexLagMaxMs(0).build());
        simulator.observe(exchange -> {
            contract.see(exchange);
            if (exchange.response().status() < 300) {
                Contract.hubspot().operation(exchange.request()).ifPresent(seen::add);
            }
        });
        simulator.start();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private JsonNode call(int status, String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.url() + path))
                .header("Authorization", "Bearer " + simulator.accessToken())
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
        if (body != null) {
            boolean form = path.startsWith("/oauth/");
            request.header("Content-Type", form ? "application/x-www-form-urlencoded" : "application/json");
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        assertThat(response.statusCode())
                .as("%s %s: %s", method, path, response.body())
                .isEqualTo(status);
        return response.body().isEmpty() ? JSON.missingNode() : JSON.readTree(response.body());
    }

    private String area(String name) {
        return version.equals("v3") ? "/crm/v3/" + name : "/crm/" + name + "/" + version;
    }

    private String contactsPath() {
        return area("objects") + "/contacts";
    }

    @Test
    void everyOperationOfEveryVersionAnswersInItsShape() throws Exception {
        for (String one : new String[] {"v3", "2026-03", "2026-09"}) {
            version = one;
            seen.clear();
            tokens();
            properties();
            String id = contacts();
            lists(id);
            call(200, "GET", "/account-info/" + version + "/details", null);
            assertThat(seen)
                    .as(version)
                    .containsExactlyInAnyOrderElementsOf(Contract.hubspot().operations());
        }
        contract.verify();
    }

    private void tokens() throws Exception {
        String refresh = "grant_type=refresh_token&" + CLIENT_FIELDS + "&refresh_token=";
        String base = "/oauth/" + version + "/token";
        String token = call(200, "POST", base, refresh + HubSpotSimulator.REFRESH_TOKEN)
                .path("access_token")
                .asText();
        call(200, "POST", base, "grant_type=client_credentials&" + CLIENT_FIELDS);
        call(400, "POST", base, refresh + "gone");
        call(200, "POST", base + "/introspect", CLIENT_FIELDS + "&token=" + token);
        call(200, "POST", base + "/introspect", CLIENT_FIELDS + "&token=" + HubSpotSimulator.REFRESH_TOKEN);
        call(204, "POST", base + "/revoke", CLIENT_FIELDS + "&token=" + token);
        String old = call(200, "POST", "/oauth/v1/token", refresh + HubSpotSimulator.REFRESH_TOKEN)
                .path("access_token")
                .asText();
        call(400, "POST", "/oauth/v1/token", refresh + "gone");
        call(200, "GET", "/oauth/v1/access-tokens/" + old, null);
        call(404, "GET", "/oauth/v1/access-tokens/gone", null);
        call(200, "GET", "/oauth/v1/refresh-tokens/" + HubSpotSimulator.REFRESH_TOKEN, null);
        call(204, "DELETE", "/oauth/v1/refresh-tokens/gone", null);
    }

    private void properties() throws Exception {
        String all = area("properties") + "/contacts";
        String group = "g" + version.replaceAll("\\W", "");
        String name = "p" + version.replaceAll("\\W", "");
        String definition = "{'name':'" + name + "','label':'P','type':'enumeration','fieldType':'select',"
                + "'groupName':'" + group + "','options':["
                + "{'label':'R','value':'red','hidden':false,'displayOrder':0}]}";
        call(201, "POST", all + "/groups", "{'name':'" + group + "','label':'G','displayOrder':3}");
        call(200, "GET", all + "/groups", null);
        call(200, "GET", all + "/groups/" + group, null);
        call(200, "PATCH", all + "/groups/" + group, "{'label':'H'}");
        call(201, "POST", all, definition);
        call(409, "POST", all, definition);
        call(200, "GET", all + "?archived=false", null);
        call(200, "GET", all + "/" + name, null);
        call(404, "GET", all + "/nope", null);
        call(200, "PATCH", all + "/" + name, "{'label':'Q'}");
        String other = definition.replace(name, name + "b");
        call(201, "POST", all + "/batch/create", "{'inputs':[" + other + "]}");
        call(207, "POST", all + "/batch/create", "{'inputs':[" + other + "]}");
        call(200, "POST", all + "/batch/read", "{'archived':false,'inputs':[{'name':'" + name + "'}]}");
        call(207, "POST", all + "/batch/read", "{'archived':false,'inputs':[{'name':'nope'}]}");
        call(204, "POST", all + "/batch/archive", "{'inputs':[{'name':'" + name + "b'}]}");
        call(204, "DELETE", all + "/" + name, null);
        call(204, "DELETE", all + "/groups/" + group, null);
    }

    private String create(String name) throws Exception {
        String email = name + "." + version + "@example.com";
        return call(
                        201,
                        "POST",
                        contactsPath(),
                        "{'properties':{'email':'" + email + "','firstname':'A'},'associations':[]}")
                .path("id")
                .asText();
    }

    private String contacts() throws Exception {
        String all = contactsPath();
        String id = create("a");
        String email = "a." + version + "@example.com";
        call(409, "POST", all, "{'properties':{'email':'" + email + "'}}");
        call(400, "POST", all, "{'properties':{'email':'x','nope':'1'}}");
        call(200, "GET", all + "?limit=1&properties=email,city&propertiesWithHistory=email", null);
        call(200, "GET", all + "/" + email + "?idProperty=email&propertiesWithHistory=firstname", null);
        call(404, "GET", all + "/abc", null);
        call(200, "PATCH", all + "/" + id, "{'properties':{'city':'Rome','zip':''}}");
        call(
                200,
                "POST",
                all + "/search",
                "{'filterGroups':[{'filters':[{'propertyName':'city','operator':'IN','values':['rome']}]}],"
                        + "'sorts':['-createdate'],'properties':['city'],'limit':1,'after':'0','query':'a'}");
        call(400, "POST", all + "/search", "{'limit':300}");
        String input = "'properties':{'email':'b." + version + "@example.com'},'objectWriteTraceId':'1'";
        call(201, "POST", all + "/batch/create", "{'inputs':[{" + input + "}]}");
        call(207, "POST", all + "/batch/create", "{'inputs':[{" + input + "}]}");
        call(200, "POST", all + "/batch/read", "{'inputs':[{'id':'" + id + "'}],'propertiesWithHistory':['city']}");
        call(207, "POST", all + "/batch/read", "{'inputs':[{'id':'5'}],'properties':[]}");
        call(200, "POST", all + "/batch/update", "{'inputs':[{'id':'" + id + "','properties':{'zip':'1'}}]}");
        call(207, "POST", all + "/batch/update", "{'inputs':[{'id':'5','properties':{'zip':'1'}}]}");
        String upsert = "{'id':'c." + version + "@example.com','idProperty':'email','properties':{%s},"
                + "'objectWriteTraceId':'1'}";
        call(200, "POST", all + "/batch/upsert", "{'inputs':[" + upsert.formatted("") + "]}");
        call(207, "POST", all + "/batch/upsert", "{'inputs':[" + upsert.formatted("'nope':'1'") + "]}");
        String gone = create("gone");
        call(204, "DELETE", all + "/" + gone, null);
        call(200, "GET", all + "?archived=true", null);
        call(200, "GET", all + "/" + gone + "?archived=true", null);
        call(204, "POST", all + "/batch/archive", "{'inputs':[{'id':'" + create("gone2") + "'}]}");
        call(
                200,
                "POST",
                all + "/merge",
                "{'primaryObjectId':'" + create("m1") + "','objectIdToMerge':'" + create("m2") + "'}");
        call(204, "POST", all + "/gdpr-delete", "{'objectId':'m1." + version + "@example.com','idProperty':'email'}");
        return id;
    }

    private void lists(String contact) throws Exception {
        String all = area("lists");
        String create = "{'name':'%s " + version + "','objectTypeId':'0-1','processingType':'%s'%s}";
        String filters = "'filterBranch':{'filterBranchType':'OR','filterBranchOperator':'OR','filters':[],"
                + "'filterBranches':[{'filterBranchType':'AND','filterBranchOperator':'AND','filterBranches':[],"
                + "'filters':[{'filterType':'PROPERTY','property':'city','operation':{'operationType':'MULTISTRING',"
                + "'operator':'IS_EQUAL_TO','values':['Rome'],'includeObjectsWithNoValueSet':false}}]}]}";
        String list = all + "/"
                + call(200, "POST", all, create.formatted("Manual", "MANUAL", ""))
                        .at("/list/listId")
                        .asText();
        String active = call(200, "POST", all, create.formatted("Active", "DYNAMIC", "," + filters))
                .at("/list/listId")
                .asText();
        call(400, "POST", all, create.formatted("None", "DYNAMIC", ""));
        call(200, "GET", all + "?listIds=" + active + "&includeFilters=true", null);
        call(200, "GET", all + "/" + active + "?includeFilters=true", null);
        call(404, "GET", all + "/9", null);
        call(200, "GET", all + "/object-type-id/0-1/name/Manual%20" + version, null);
        call(
                200,
                "POST",
                all + "/search",
                "{'query':'a','offset':0,'count':10,'listIds':[],'processingTypes':[],'additionalProperties':[]}");
        call(200, "GET", all + "/idmapping?legacyListId=1", null);
        call(200, "POST", all + "/idmapping", "['1','99']");
        call(200, "PUT", list + "/memberships/add", "['" + contact + "','5']");
        call(200, "PUT", list + "/memberships/remove", "['" + contact + "']");
        call(
                200,
                "PUT",
                list + "/memberships/add-and-remove",
                "{'recordIdsToAdd':['" + contact + "'],'recordIdsToRemove':[]}");
        call(204, "PUT", list + "/memberships/add-from/" + active, null);
        call(400, "PUT", all + "/" + active + "/memberships/add", "['" + contact + "']");
        call(200, "GET", list + "/memberships?limit=1", null);
        call(200, "GET", list + "/memberships/join-order", null);
        call(200, "GET", all + "/records/0-1/" + contact + "/memberships", null);
        call(
                200,
                "POST",
                all + "/records/memberships/batch/read",
                "{'inputs':[{'objectTypeId':'0-1','recordId':'" + contact + "'}]}");
        call(200, "PUT", list + "/update-list-name?listName=Renamed%20" + version, null);
        call(200, "PUT", all + "/" + active + "/update-list-filters", "{" + filters + "}");
        call(204, "DELETE", list + "/memberships", null);
        call(204, "DELETE", list, null);
        call(204, "PUT", list + "/restore", null);
    }
}
