package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.ROW;
import static io.github.crmsync.sandbox.dynamics.Environment.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeTrackingTest {
    private static final String OTHER = "contacts(00000000-0000-0000-0000-0000000000c2)";

    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void deltaGivesChangedRowsByVersionAndThenDeletions() {
        String ann = environment.contact("Ann", "A", null);
        String bob = environment.contact("Bob", "B", null);
        List<JsonNode> full =
                environment.pages("contacts?$select=firstname", "odata.track-changes,odata.maxpagesize=1");
        assertThat(full).hasSize(2);
        environment.write("PATCH", "contacts(" + bob + ")", "{\"firstname\":\"Bert\"}");
        environment.write("PATCH", ROW, "{\"firstname\":\"Cid\"}");
        environment.write("DELETE", "contacts(" + ann + ")", null);
        environment.write("PATCH", OTHER, "{\"firstname\":\"Eve\"}");
        environment.write("DELETE", OTHER, null);
        String link = full.get(1).path("@odata.deltaLink").asText();
        String token = link.substring(link.indexOf("$deltatoken="));
        assertThat(environment.call("GET", "contacts/$count?" + token, null).body())
                .isEqualTo("4");
        List<JsonNode> delta = environment.follow(link, "odata.maxpagesize=3");
        assertThat(delta).hasSize(2);
        assertThat(delta.get(0).path("@odata.context").asText()).endsWith("#contacts(firstname)/$delta");
        JsonNode rows = delta.get(0).path("value");
        assertThat(rows.at("/0/firstname").asText()).isEqualTo("Bert");
        assertThat(rows.at("/1/firstname").asText()).isEqualTo("Cid");
        assertThat(rows.at("/2/id").asText()).isEqualTo(ann);
        assertThat(rows.at("/2/@odata.context").asText()).endsWith("#contacts/$deletedEntity");
        assertThat(delta.get(1).path("value")).hasSize(1);
        String next = delta.get(1).path("@odata.deltaLink").asText();
        assertThat(environment.follow(next, "").get(0).path("value")).isEmpty();
    }

    @Test
    void optionsThatDoNotGoWithTrackingAreRefused() {
        for (String option : List.of(
                "$filter=" + encode("firstname eq 'x'"),
                "$orderby=firstname",
                "$top=5",
                "$expand=parentcustomerid_account")) {
            HttpResponse<String> refused =
                    environment.call("GET", "contacts?" + option, null, "Prefer", "odata.track-changes");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("isn't supported when Change Tracking is enabled.");
        }
    }

    @Test
    void deltaLinksExpireByAgeAndOnDemand() {
        String link = environment.tracked().path("@odata.deltaLink").asText();
        environment.order("{\"expireDeltaLinks\":true}");
        environment.refused(environment.send("GET", link, null), 400, "0x80044352");
        environment.simulator.setDeltaDays(0);
        assertThat(environment
                        .get("organizations?$select=expirechangetrackingindays")
                        .at("/value/0/expirechangetrackingindays")
                        .asInt())
                .isZero();
        String fresh = environment.tracked().path("@odata.deltaLink").asText();
        assertThat(environment.send("GET", fresh, null).statusCode()).isEqualTo(200);
        environment.now = environment.now.plusSeconds(5);
        environment.order("{\"switches\":{\"expiredTokenStatus\":410}}");
        environment.refused(environment.send("GET", fresh, null), 410, "0x80044352");
        environment.refused(environment.call("GET", "contacts?$deltatoken=x", null), 400, "0x80040203");
    }

    @Test
    void aTableWithoutTrackingGivesNoDeltaLinkOrFails() {
        String link = environment.tracked().path("@odata.deltaLink").asText();
        environment.order("{\"changeTracking\":{\"table\":\"contact\",\"on\":false}}");
        assertThat(environment.tracked().has("@odata.deltaLink")).isFalse();
        environment.refused(environment.send("GET", link, null), 400, "0x80072491");
        environment.order("{\"switches\":{\"untrackedReadFails\":true}}");
        environment.refused(
                environment.call("GET", "contacts", null, "Prefer", "odata.track-changes"), 400, "0x80072491");
        assertThat(environment
                        .get("EntityDefinitions(LogicalName='contact')?$select=ChangeTrackingEnabled")
                        .path("ChangeTrackingEnabled")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void aQuietAnswerMayComeWithoutDeltaLink() {
        String link = environment.tracked().path("@odata.deltaLink").asText();
        environment.order("{\"switches\":{\"quietDeltaLink\":false}}");
        JsonNode quiet = Environment.json(environment.send("GET", link, null));
        assertThat(quiet.path("value")).isEmpty();
        assertThat(quiet.has("@odata.deltaLink")).isFalse();
    }

    @Test
    void aTouchedRowComesAgainWithoutAnyChange() {
        String ann = environment.contact("Ann", "A", null);
        JsonNode full = environment.tracked();
        environment.order("{\"touch\":{\"table\":\"contact\",\"id\":\"" + ann + "\"}}");
        JsonNode delta = Environment.json(
                environment.send("GET", full.path("@odata.deltaLink").asText(), null));
        assertThat(delta.at("/value/0/firstname").asText()).isEqualTo("Ann");
        assertThat(delta.at("/value/0/@odata.etag")).isNotEqualTo(full.at("/value/0/@odata.etag"));
    }
}
