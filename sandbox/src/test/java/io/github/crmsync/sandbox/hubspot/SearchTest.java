package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

    private static String filters(int groups, int each) {
        String filter = "{'propertyName':'city','operator':'HAS_PROPERTY'}";
        String group = "{'filters':[" + String.join(",", java.util.Collections.nCopies(each, filter)) + "]}";
        return "{'filterGroups':[" + String.join(",", java.util.Collections.nCopies(groups, group)) + "]}";
    }

    @Test
    void limitsOfPagesFiltersSortsAndLengthsAreKept() throws Exception {
        search("{'limit':201}");
        assertThat(status).isEqualTo(400);
        search("{'limit':'many'}");
        assertThat(status).isEqualTo(400);
        search("{'after':'9801','limit':200}");
        assertThat(status).isEqualTo(400);
        search("{'after':'9800','limit':200}");
        assertThat(status).isEqualTo(200);
        search("{'sorts':['email','city']}");
        assertThat(status).isEqualTo(400);
        for (int[] bad : new int[][] {{6, 1}, {1, 7}, {4, 5}}) {
            search(filters(bad[0], bad[1]));
            assertThat(status).isEqualTo(400);
        }
        search(filters(3, 6));
        assertThat(status).isEqualTo(200);
        search("{'query':'" + "x".repeat(3_000) + "'}");
        assertThat(status).isEqualTo(400);
        restart(Quirk.MORE_SEARCH_FILTERS, Quirk.LONG_SEARCH_BODIES);
        search(filters(2, 10));
        assertThat(status).isEqualTo(200);
        search("{'query':'" + "x".repeat(2_999) + "'}");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void operatorsFollowTheCaseRules() throws Exception {
        String id = create("a@example.com");
        update(id, "'city':'Rome','hs_lead_status':'NEW','annualrevenue':'7'");
        String[][] rules = {
            {"'propertyName':'city','operator':'EQ','value':'rOME'", "1"},
            {"'propertyName':'city','operator':'IN','values':['rome']", "1"},
            {"'propertyName':'city','operator':'IN','values':['Rome']", "0"},
            {"'propertyName':'city','operator':'NOT_IN','values':['rome']", "0"},
            {"'propertyName':'city','operator':'CONTAINS_TOKEN','value':'ro*'", "1"},
            {"'propertyName':'hs_lead_status','operator':'EQ','value':'new'", "0"},
            {"'propertyName':'hs_lead_status','operator':'IN','values':['NEW']", "1"},
            {"'propertyName':'annualrevenue','operator':'BETWEEN','value':'5','highValue':'7'", "1"},
            {"'propertyName':'company','operator':'NOT_HAS_PROPERTY'", "1"},
            {"'propertyName':'city','operator':'NEQ','value':'Oslo'", "1"},
        };
        for (String[] rule : rules) {
            assertThat(search("{'filters':[{" + rule[0] + "}]}").path("total").asText())
                    .as(rule[0])
                    .isEqualTo(rule[1]);
        }
        search("{'filters':[{'propertyName':'city','operator':'LIKE','value':'x'}]}");
        assertThat(status).isEqualTo(400);
        search("{'filters':[{'propertyName':'nope','operator':'HAS_PROPERTY'}]}");
        assertThat(status).isEqualTo(400);
        search("{'filters':[{'propertyName':'createdate','operator':'GT','value':'2020-11-15'}]}");
        assertThat(status).isEqualTo(400);
    }

    @Test
    void archivedAndPurgedContactsAreNotFound() throws Exception {
        call("DELETE", CONTACTS + "/" + create("a@example.com"), "");
        call("POST", CONTACTS + "/gdpr-delete", "{'objectId':'" + create("b@example.com") + "'}");
        assertThat(search("{}").path("total").asInt()).isZero();
    }

    @Test
    void aChangedContactMovesToTheEndAndShiftsOffsets() throws Exception {
        List<String> ids = simulator.load(
                List.of(Map.of("firstname", "A"), Map.of("firstname", "B"), Map.of("firstname", "C")), 1_000, 1_000);
        String body = "{'sorts':[{'propertyName':'lastmodifieddate','direction':'ASCENDING'}],'limit':1,'after':'%d'}";
        assertThat(search(body.formatted(0)).at("/results/0/id").asText()).isEqualTo(ids.get(0));
        simulator.edit(ids.get(0), Map.of("city", "Rome"));
        assertThat(search(body.formatted(1)).at("/results/0/id").asText()).isEqualTo(ids.get(2));
        assertThat(search(body.formatted(2)).at("/results/0/id").asText()).isEqualTo(ids.get(0));
    }

    @Test
    void theLagIsRandomButTheSameForTheSameSeed() throws Exception {
        List<List<Integer>> runs = new java.util.ArrayList<>();
        for (long seed : new long[] {5, 5, 6}) {
            restart(HubSpotOptions.builder().indexLagMaxMs(10_000).seed(seed));
            for (int i = 0; i < 20; i++) {
                create("p" + i + "@example.com");
            }
            List<Integer> totals = new java.util.ArrayList<>();
            for (int second = 0; second < 10; second++) {
                now.addAndGet(1_001);
                totals.add(search("{}").path("total").asInt());
            }
            assertThat(totals).isSorted().endsWith(20);
            runs.add(totals);
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
    }

    /** Every way through the index must give the answer of a plain filter and sort. */
    @Test
    void pagesAgreeWithAPlainFilterAndSortHoweverTheIndexIsUsed() throws Exception {
        List<Map<String, String>> people = new java.util.ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            people.add(Map.of("email", "p" + i + "@example.com", "city", i % 3 == 0 ? "Rome" : "Oslo"));
        }
        List<String> ids = simulator.load(people, 1_000_000, 10);
        String modified = "{'propertyName':'lastmodifieddate','operator':'BETWEEN','value':'%d','highValue':'%d'}"
                .formatted(1_000_000 + 10 * 500, 1_000_000 + 10 * 2_499);
        String above = "{'propertyName':'hs_object_id','operator':'GT','value':'" + ids.get(999) + "'}";
        String rome = "{'propertyName':'city','operator':'EQ','value':'Rome'}";
        String body = "{'filters':[%s],'sorts':['%s'],'limit':200,'after':'200'}";
        for (String sort : List.of("lastmodifieddate", "-lastmodifieddate", "hs_object_id", "-hs_object_id", "email")) {
            for (String filters : List.of(modified, modified + "," + above, modified + "," + above + "," + rome)) {
                List<String> expected = new java.util.ArrayList<>();
                for (int i = filters.contains("GT") ? 1_000 : 500; i < 2_500; i++) {
                    if (!filters.contains("Rome") || i % 3 == 0) {
                        expected.add(ids.get(i));
                    }
                }
                if (sort.equals("email")) {
                    expected.sort(java.util.Comparator.comparing(
                            id -> people.get(ids.indexOf(id)).get("email")));
                } else if (sort.startsWith("-")) {
                    java.util.Collections.reverse(expected);
                }
                JsonNode page = search(body.formatted(filters, sort));
                assertThat(page.path("total").asInt()).as(sort + filters).isEqualTo(expected.size());
                assertThat(page.path("results").findValuesAsText("id"))
                        .as(sort + filters)
                        .isEqualTo(expected.subList(200, 400));
            }
        }
    }

    @Test
    void anAddressFindsItsContactOnlyWhateverTheCase() throws Exception {
        // Two addresses of one hash.
        String id = create("a}@example.com");
        create("b^@example.com");
        String filter = "{'filters':[{'propertyName':'email','operator':'EQ','value':'%s'}]}";
        assertThat(search(filter.formatted("A}@Example.com")).findValuesAsText("id"))
                .containsExactly(id);
        update(id, "'email':'c@example.com'");
        assertThat(search(filter.formatted("a}@example.com")).path("total").asInt())
                .isZero();
        assertThat(search("{'sorts':['-email'],'limit':1}")
                        .at("/results/0/properties/email")
                        .asText())
                .isEqualTo("c@example.com");
        assertThat(search("{'filters':[{'propertyName':'email','operator':'NEQ','value':'c@example.com'}]}")
                        .path("total")
                        .asInt())
                .isEqualTo(1);
    }
}
