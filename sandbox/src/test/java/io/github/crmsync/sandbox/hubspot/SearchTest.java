package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The search call. */
class SearchTest extends Simulated {
    @Test
    void searchFindsByModificationTimeButNotByItsOtherName() throws Exception {
        create("a@example.com");
        String search = "{'limit':200,'filterGroups':[{'filters':[{'propertyName':'%s','operator':'GTE','value':'"
                + now.get() + "'}]}]}";
        assertThat(call("POST", CONTACTS + "/search", search.formatted("lastmodifieddate"))
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(call("POST", CONTACTS + "/search", search.formatted("hs_lastmodifieddate"))
                        .path("total")
                        .asInt())
                .isZero();
        call("POST", CONTACTS + "/search", "{'after':'9900','limit':200}");
        assertThat(status).isEqualTo(400);
    }

    @Test
    void searchLagsBehindTheStore() throws Exception {
        restart(HubSpotOptions.builder().indexLagMaxMs(5000));
        create("a@example.com");
        assertThat(call("POST", CONTACTS + "/search", "{}").path("total").asInt())
                .isZero();
        now.addAndGet(5001);
        assertThat(call("POST", CONTACTS + "/search", "{}").path("total").asInt())
                .isEqualTo(1);
    }

    @Test
    void equalTimesComeInAnotherOrderEachTimeButNoneIsMissing() throws Exception {
        List<Map<String, String>> people = new java.util.ArrayList<>();
        for (int i = 0; i < 30; i++) {
            people.add(Map.of("email", "p" + i + "@example.com"));
        }
        simulator.load(people, now.get(), 0);
        String search = "{'limit':200,'sorts':['lastmodifieddate']}";
        List<String> once = call("POST", CONTACTS + "/search", search).findValuesAsText("id");
        List<String> again = call("POST", CONTACTS + "/search", search).findValuesAsText("id");
        assertThat(again).containsExactlyInAnyOrderElementsOf(once).isNotEqualTo(once);
    }
}
