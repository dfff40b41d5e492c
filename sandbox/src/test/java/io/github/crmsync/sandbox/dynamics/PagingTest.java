package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PagingTest {
    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void pagesFollowEachOtherWithoutGapsInKeyOrderAndInAnyOtherOrder() {
        for (int i = 0; i < 23; i++) {
            environment.contact("N" + i % 4, "L" + i, null);
        }
        for (String query : List.of("", "&$orderby=" + encode("firstname desc,createdon"))) {
            List<JsonNode> pages =
                    environment.pages("contacts?$select=firstname,lastname" + query, "odata.maxpagesize=5");
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
                assertThat(first).isSortedAccordingTo(Comparator.reverseOrder());
            }
        }
    }

    @Test
    void topIsIgnoredWithAPageSize() {
        IntStream.range(0, 7).forEach(i -> environment.contact("N" + i, null, null));
        assertThat(environment.get("contacts?$top=3").path("value")).hasSize(3);
        JsonNode page = environment.get("contacts?$top=3", "Prefer", "odata.maxpagesize=5");
        assertThat(page.path("value")).hasSize(5);
        assertThat(page.has("@odata.nextLink")).isTrue();
    }

    @Test
    void countsStopAt5000AndSoDoPages() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 5001; i++) {
            rows.add(Map.of("firstname", "N" + i));
        }
        environment.simulator.fill("contact", rows);
        String annotations = "odata.include-annotations=\"*\",odata.maxpagesize=9000";
        JsonNode page = environment.get("contacts?$select=firstname&$count=true", "Prefer", annotations);
        assertThat(page.path("value")).hasSize(5000);
        assertThat(page.path("@odata.count").asInt()).isEqualTo(5000);
        assertThat(page.path("@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded")
                        .asBoolean())
                .isTrue();
        assertThat(environment.call("GET", "contacts/$count", null).body()).isEqualTo("5000");
        assertThat(environment
                        .call("GET", "contacts/$count?$filter=" + encode("firstname eq 'n7'"), null)
                        .body())
                .isEqualTo("1");
        JsonNode total = environment.get("RetrieveTotalRecordCount(EntityNames=@p1)?@p1=" + encode("[\"contact\"]"));
        assertThat(total.at("/EntityRecordCountCollection/Values/0").asInt()).isEqualTo(5001);
        JsonNode uncounted =
                environment.get("contacts?$top=1", "Prefer", annotations.split(",")[0]);
        assertThat(uncounted.path("@Microsoft.Dynamics.CRM.totalrecordcount").asInt())
                .isEqualTo(-1);
    }

    @Test
    void aLinkThatWasEncodedAgainIsRefused() {
        IntStream.range(0, 3).forEach(i -> environment.contact("N" + i, null, null));
        String link = environment
                .get("contacts", "Prefer", "odata.maxpagesize=1")
                .path("@odata.nextLink")
                .asText();
        int token = link.indexOf("$skiptoken=") + "$skiptoken=".length();
        String again = link.substring(0, token) + encode(link.substring(token));
        assertThat(environment.send("GET", again, null).statusCode()).isEqualTo(400);
        assertThat(environment.send("GET", link, null).statusCode()).isEqualTo(200);
    }
}
