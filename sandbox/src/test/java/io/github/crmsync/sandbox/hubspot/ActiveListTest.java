package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists with filters: who is in them, and when that changes. */
class ActiveListTest extends Simulated {
    private static final long DAY_MS = 86_400_000;

    private static String rooted(String... filters) {
        StringBuilder groups = new StringBuilder();
        for (String filter : filters) {
            groups.append(groups.isEmpty() ? "" : ",")
                    .append("{'filterBranchType':'AND','filterBranches':[],'filters':[")
                    .append(filter)
                    .append("]}");
        }
        return "{'filterBranchType':'OR','filters':[],'filterBranches':[" + groups + "]}";
    }

    private static String filter(String property, String operation) {
        return "{'filterType':'PROPERTY','property':'" + property + "','operation':{" + operation + "}}";
    }

    private static String in(String property, String... values) {
        return filter(
                property,
                "'operationType':'MULTISTRING','operator':'IS_EQUAL_TO','values':['" + String.join("','", values)
                        + "']");
    }

    private JsonNode make(String name, String type, String branch) throws Exception {
        return call(
                "POST",
                LISTS,
                "{'name':'" + name + "','objectTypeId':'0-1','processingType':'" + type + "','filterBranch':" + branch
                        + "}");
    }

    /** Path of a new active list. */
    private String active(String... filters) throws Exception {
        JsonNode made = make("Active " + System.nanoTime(), "DYNAMIC", rooted(filters));
        assertThat(status).as(made.toString()).isEqualTo(200);
        return LISTS + "/" + made.at("/list/listId").asText();
    }

    private List<String> members(String list) throws Exception {
        return call("GET", list + "/memberships", "").findValuesAsText("recordId");
    }

    @Test
    void contactsJoinAndLeaveAsTheyChange() throws Exception {
        String before = create("a@example.com");
        update(before, "'city':'Rome'");
        String list = active(in("city", "rome", "oslo"));
        assertThat(members(list)).containsExactly(before);
        String later = create("b@example.com");
        assertThat(members(list)).containsExactly(before);
        now.addAndGet(60_000);
        update(later, "'city':'Oslo'");
        assertThat(members(list)).containsExactly(before, later);
        assertThat(call("GET", list + "/memberships", "")
                        .at("/results/1/membershipTimestamp")
                        .asText())
                .isEqualTo(Contact.iso(now.get()));
        update(before, "'city':''");
        assertThat(members(list)).containsExactly(later);
        call("DELETE", CONTACTS + "/" + later, "");
        assertThat(members(list)).isEmpty();
        simulator.restore(later);
        assertThat(members(list)).containsExactly(later);
    }

    @Test
    void aContactThatComesBackWasFirstAddedEarlier() throws Exception {
        String id = create("a@example.com");
        String list = active(in("firstname", "ann"));
        long first = now.get();
        update(id, "'firstname':'Bea'");
        now.addAndGet(5_000);
        update(id, "'firstname':'Ann'");
        JsonNode membership =
                call("GET", LISTS + "/records/0-1/" + id + "/memberships", "").at("/results/0");
        assertThat(membership.path("firstAddedTimestamp").asText()).isEqualTo(Contact.iso(first));
        assertThat(membership.path("lastAddedTimestamp").asText()).isEqualTo(Contact.iso(now.get()));
        assertThat(list).endsWith(membership.path("listId").asText());
    }

    @Test
    void groupsAreAlternativesAndTheFiltersOfAGroupHoldTogether() throws Exception {
        String both = create("a@example.com");
        update(both, "'city':'Rome','company':'Acme'");
        String other = create("b@example.com");
        update(other, "'country':'Peru'");
        update(create("c@example.com"), "'city':'Rome'");
        assertThat(members(active(in("city", "Rome") + "," + in("company", "Acme"), in("country", "Peru"))))
                .containsExactly(both, other);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "company  | 'operationType':'STRING','operator':'CONTAINS','value':'cm'                     | true",
                "company  | 'operationType':'STRING','operator':'STARTS_WITH','value':'ME'                  | false",
                "company  | 'operationType':'STRING','operator':'ENDS_WITH','value':'me'                    | true",
                "company  | 'operationType':'STRING','operator':'IS_NOT_EQUAL_TO','value':'ACME'            | false",
                "company  | 'operationType':'STRING','operator':'DOES_NOT_CONTAIN','value':'zz'             | true",
                "city     | 'operationType':'STRING','operator':'IS_NOT_EQUAL_TO','value':'Rome'            | false",
                "city     | 'operationType':'STRING','operator':'IS_NOT_EQUAL_TO','value':'Rome','includeObjectsWithNoValueSet':true | true",
                "city     | 'operationType':'ALL_PROPERTY','operator':'IS_UNKNOWN'                          | true",
                "company  | 'operationType':'ALL_PROPERTY','operator':'IS_KNOWN'                            | true",
                "company  | 'operationType':'STRING','operator':'HAS_EVER_BEEN_EQUAL_TO','value':'Old Inc'  | true",
                "company  | 'operationType':'STRING','operator':'HAS_NEVER_BEEN_EQUAL_TO','value':'Old Inc' | false",
                "annualrevenue | 'operationType':'NUMBER','operator':'IS_GREATER_THAN','value':4.5          | true",
                "annualrevenue | 'operationType':'NUMBER','operator':'IS_LESS_THAN_OR_EQUAL_TO','value':4   | false",
                "annualrevenue | 'operationType':'NUMBER_RANGED','operator':'IS_BETWEEN','lowerBound':1,'upperBound':5 | true",
                "lifecyclestage | 'operationType':'ENUMERATION','operator':'IS_ANY_OF','values':['lead','other'] | true",
                "lifecyclestage | 'operationType':'ENUMERATION','operator':'IS_NONE_OF','values':['lead']   | false",
                "lifecyclestage | 'operationType':'ENUMERATION','operator':'IS_EXACTLY','values':['Lead']   | false"
            })
    void eachOperatorDecides(String property, String operation, boolean member) throws Exception {
        String id = create("a@example.com");
        update(id, "'company':'Old Inc','annualrevenue':'5'");
        now.addAndGet(5);
        update(id, "'company':'Acme'");
        assertThat(members(active(filter(property, operation)))).hasSize(member ? 1 : 0);
    }

    @Test
    void timeAloneMovesContactsOfRelativeFilters() throws Exception {
        String id = create("a@example.com");
        update(id, "'closedate':'" + now.get() + "'");
        String recent = active(filter(
                "closedate",
                "'operationType':'ROLLING_DATE_RANGE','operator':'IS_LESS_THAN_X_DAYS_AGO','numberOfDays':2,"
                        + "'requiresTimeZoneConversion':false"));
        String fixed = active(filter(
                "closedate",
                "'operationType':'TIME_POINT','operator':'IS_AFTER','type':'TIME_POINT','timePoint':{"
                        + "'timeType':'DATE','zoneId':'US/Eastern','year':2020,'month':1,'day':1}"));
        assertThat(members(recent)).containsExactly(id);
        now.addAndGet(3 * DAY_MS);
        assertThat(members(recent)).isEmpty();
        assertThat(members(fixed)).containsExactly(id);
    }

    @Test
    void listsCanBuildOnOtherLists() throws Exception {
        String id = create("a@example.com");
        String base = active(in("firstname", "Ann"));
        String number = base.substring(base.lastIndexOf('/') + 1);
        String outside = active("{'filterType':'IN_LIST','operator':'NOT_IN_LIST','listId':'" + number + "'}");
        assertThat(members(outside)).isEmpty();
        update(id, "'firstname':'Bea'");
        assertThat(members(outside)).containsExactly(id);
    }

    @Test
    void membersOfActiveListsLagBehindWhenToldSo() throws Exception {
        restart(HubSpotOptions.builder().indexLagMaxMs(0).listLagMaxMs(10_000).seed(3));
        String list = active(in("firstname", "Ann"));
        String id = create("a@example.com");
        assertThat(members(list)).isEmpty();
        now.addAndGet(10_001);
        assertThat(members(list)).containsExactly(id);
    }

    @Test
    void membersOfActiveListsCannotBeChangedButThoseOfSnapshotsCan() throws Exception {
        String id = create("a@example.com");
        String list = active(in("firstname", "Nobody"));
        call("PUT", list + "/memberships/add", "['" + id + "']");
        assertThat(status).isEqualTo(400);
        String snapshot = LISTS + "/"
                + make("Snap", "SNAPSHOT", rooted(in("firstname", "Ann")))
                        .at("/list/listId")
                        .asText();
        update(id, "'firstname':'Bea'");
        assertThat(members(snapshot)).containsExactly(id);
        call("PUT", snapshot + "/memberships/remove", "['" + id + "']");
        assertThat(members(snapshot)).isEmpty();
    }

    @Test
    void filtersAreShownOnRequestAndCanBeReplaced() throws Exception {
        String id = create("a@example.com");
        String list = active(in("firstname", "Nobody"));
        assertThat(call("GET", list, "").at("/list").has("filterBranch")).isFalse();
        assertThat(call("GET", list + "?includeFilters=true", "")
                        .at("/list/filterBranch/filterBranchType")
                        .asText())
                .isEqualTo("OR");
        JsonNode changed =
                call("PUT", list + "/update-list-filters", "{'filterBranch':" + rooted(in("firstname", "Ann")) + "}");
        assertThat(changed.at("/updatedList/listVersion").asInt()).isEqualTo(2);
        assertThat(members(list)).containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'filterBranchType':'AND','filters':[],'filterBranches':[]}",
                "{'filterBranchType':'OR','filters':[],'filterBranches':[]}",
                "{'filterBranchType':'OR','filters':[],'filterBranches':[{'filterBranchType':'AND','filters':[{'filterType':'PROPERTY','property':'nope','operation':{'operationType':'ALL_PROPERTY','operator':'IS_KNOWN'}}]}]}",
                "{'filterBranchType':'OR','filters':[],'filterBranches':[{'filterBranchType':'AND','filters':[{'filterType':'PROPERTY','property':'city','operation':{'operationType':'NUMBER','operator':'IS_EQUAL_TO','value':1}}]}]}",
                "{'filterBranchType':'OR','filters':[],'filterBranches':[{'filterBranchType':'AND','filters':[{'filterType':'PROPERTY','property':'city','operation':{'operationType':'STRING','operator':'IS_LIKE','value':'x'}}]}]}",
                "null"
            })
    void badFiltersAreRefused(String branch) throws Exception {
        JsonNode error = make("Bad", "DYNAMIC", branch);
        assertThat(status).isEqualTo(400);
        assertThat(error.path("category").asText()).isEqualTo("VALIDATION_ERROR");
    }

    @Test
    void aPropertyThatAListFiltersByCannotBeArchived() throws Exception {
        call("POST", PROPERTIES, UNIQUE);
        String list = active(in("ext_id", "7"));
        JsonNode error = call("DELETE", PROPERTIES + "/ext_id", "");
        assertThat(status).isEqualTo(400);
        assertThat(error.path("subCategory").asText()).endsWith("CANNOT_DELETE_PROPERTY_IN_USE");
        call("DELETE", list, "");
        call("DELETE", PROPERTIES + "/ext_id", "");
        assertThat(status).isEqualTo(204);
    }
}
