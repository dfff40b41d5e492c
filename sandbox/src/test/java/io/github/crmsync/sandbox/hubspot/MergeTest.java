package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Merges, and the addresses of contacts. */
class MergeTest extends Simulated {
    @Test
    void aMergeMakesANewIdThatTheOldOnesLeadTo() throws Exception {
        String one = create("a@example.com");
        String two = create("b@example.com");
        JsonNode merged =
                call("POST", CONTACTS + "/merge", "{'primaryObjectId':'" + one + "','objectIdToMerge':'" + two + "'}");
        assertThat(merged.at("/properties/hs_additional_emails").asText()).isEqualTo("b@example.com");
        assertThat(call("GET", CONTACTS + "/" + one, "").path("id").asText())
                .isEqualTo(merged.path("id").asText())
                .isNotEqualTo(one);
        call("POST", CONTACTS, "{'properties':{'email':'b@example.com'}}");
        assertThat(status).isEqualTo(409);
    }

    private String merge(String primary, String other) throws Exception {
        return call(
                        "POST",
                        CONTACTS + "/merge",
                        "{'primaryObjectId':'" + primary + "','objectIdToMerge':'" + other + "'}")
                .path("id")
                .asText();
    }

    @Test
    void thePrimarysValuesWinTheOthersFillGapsAndTheFurthestStageStays() throws Exception {
        String primary = create("a@example.com");
        String other = create("b@example.com");
        update(other, "'firstname':'Bea','city':'Rome','lifecyclestage':'customer'");
        String survivor = merge(primary, other);
        assertThat(value(survivor, "firstname")).isEqualTo("Ann");
        assertThat(value(survivor, "city")).isEqualTo("Rome");
        assertThat(value(survivor, "lifecyclestage")).isEqualTo("customer");
        assertThat(value(survivor, "hs_merged_object_ids")).isEqualTo(primary + ";" + other);
    }

    @Test
    void chainedMergesKeepAllIdsInOnePropertyAndOnlyTheLastInTheOlderOne() throws Exception {
        String one = create("a@example.com");
        String first = merge(one, create("b@example.com"));
        String last = merge(first, create("c@example.com"));
        assertThat(value(last, "hs_merged_object_ids")).contains(one, first);
        assertThat(value(last, "hs_calculated_merged_vids"))
                .contains(first + ":")
                .doesNotContain(one);
        assertThat(call("GET", CONTACTS + "/" + one, "").path("id").asText()).isEqualTo(last);
        assertThat(value(last, "hs_additional_emails")).isEqualTo("b@example.com;c@example.com");
    }

    @Test
    void thePrimarysIdIsKeptWithTheSwitch() throws Exception {
        restart(Quirk.KEEP_MERGED_PRIMARY_ID);
        String primary = create("a@example.com");
        String other = create("b@example.com");
        assertThat(merge(primary, other)).isEqualTo(primary);
        assertThat(call("GET", CONTACTS + "/" + other, "").path("id").asText()).isEqualTo(primary);
    }

    @Test
    void aBatchReadFollowsMergesUnlessTheSwitchSaysOtherwise() throws Exception {
        for (boolean missing : new boolean[] {false, true}) {
            restart(HubSpotOptions.builder().indexLagMaxMs(0).set(Quirk.MERGED_IDS_MISSING_IN_BATCH_READ, missing));
            String primary = create("a@example.com");
            String survivor = merge(primary, create("b@example.com"));
            JsonNode answer = call("POST", CONTACTS + "/batch/read", "{'inputs':[{'id':'" + primary + "'}]}");
            assertThat(status).isEqualTo(missing ? 207 : 200);
            assertThat(answer.at("/results/0/id").asText()).isEqualTo(missing ? "" : survivor);
        }
    }

    @Test
    void historiesMoveToTheSurvivor() throws Exception {
        String primary = create("a@example.com");
        now.addAndGet(5);
        update(primary, "'firstname':'Bea'");
        String survivor = merge(primary, create("b@example.com"));
        assertThat(call("GET", CONTACTS + "/" + survivor + "?propertiesWithHistory=firstname", "")
                        .at("/propertiesWithHistory/firstname")
                        .findValuesAsText("value"))
                .containsExactly("Bea", "Ann");
    }

    @Test
    void aContactIsMadeOfAtMost250() throws Exception {
        String survivor = create("p0@example.com");
        for (int i = 1; i < 250; i++) {
            survivor = merge(survivor, create("p" + i + "@example.com"));
            assertThat(status).isEqualTo(200);
        }
        merge(survivor, create("one-too-many@example.com"));
        assertThat(status).isEqualTo(414);
    }

    @Test
    void aContactCannotBeMergedWithItselfOrWithNobody() throws Exception {
        String id = create("a@example.com");
        merge(id, id);
        assertThat(status).isEqualTo(400);
        merge(id, "5");
        assertThat(status).isEqualTo(404);
    }

    @Test
    void anAdditionalAddressFindsItsContactExceptInSearches() throws Exception {
        String survivor = merge(create("a@example.com"), create("b@example.com"));
        assertThat(call("GET", CONTACTS + "/b%40example.com?idProperty=email", "")
                        .path("id")
                        .asText())
                .isEqualTo(survivor);
        String filter =
                "{'filterGroups':[{'filters':[{'propertyName':'%s','operator':'%s','value':'b@example.com'}]}]}";
        assertThat(search(filter.formatted("email", "EQ")).path("total").asInt())
                .isZero();
        assertThat(search(filter.formatted("hs_additional_emails", "CONTAINS_TOKEN"))
                        .path("total")
                        .asInt())
                .isEqualTo(1);
    }
}
