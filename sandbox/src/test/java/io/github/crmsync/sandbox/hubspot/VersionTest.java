package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The spellings of paths, and the rules that only later versions of the API enforce. */
class VersionTest extends Simulated {
    private static final String SEPTEMBER = "/crm/objects/2026-09/contacts";

    private void restartWithRules() throws Exception {
        restart(HubSpotOptions.builder()
                .indexLagMaxMs(0)
                .rules(new PortalRules(
                        Set.of("lastname"),
                        List.of(new PortalRules.Conditional("lifecyclestage", "customer", "company")))));
    }

    @Test
    void everySpellingOfAPathLeadsToTheSameContact() throws Exception {
        String id = create("a@example.com");
        for (String path : List.of(
                "/crm/objects/2026-03/contacts/",
                "/crm/objects/2026-09/contacts/",
                "/crm/objects/2026-03/0-1/",
                "/crm/v3/objects/contacts/")) {
            assertThat(call("GET", path + id, "").path("id").asText()).isEqualTo(id);
        }
        for (String path : List.of("/crm/objects/2025-01/contacts/", "/crm/v4/objects/contacts/")) {
            call("GET", path + id, "");
            assertThat(status).isEqualTo(404);
        }
        call("GET", "/crm/v3/properties/contacts/email", "");
        assertThat(status).isEqualTo(200);
        call("GET", "/crm/v3/lists?listIds=1", "");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void whatTheCreateFormRequiresIsEnforcedFromSeptemberOn() throws Exception {
        restartWithRules();
        String ann = "{'properties':{'email':'a@example.com'}}";
        JsonNode error = call("POST", SEPTEMBER, ann);
        assertThat(status).isEqualTo(400);
        assertThat(error.at("/errors/0/code").asText()).isEqualTo("MISSING_REQUIRED_PROPERTY");
        assertThat(error.at("/errors/0/context/propertyName/0").asText()).isEqualTo("lastname");
        call("POST", CONTACTS, ann);
        assertThat(status).isEqualTo(201);
        call("POST", "/crm/v3/objects/contacts", ann.replace("a@", "b@"));
        assertThat(status).isEqualTo(201);
        call("POST", SEPTEMBER + "/batch/create", "{'inputs':[" + ann.replace("a@", "c@") + "]}");
        assertThat(status).isEqualTo(400);
    }

    @Test
    void conditionallyRequiredPropertiesAreEnforcedFromSeptemberOn() throws Exception {
        restartWithRules();
        String id = create("a@example.com");
        JsonNode error = call("PATCH", SEPTEMBER + "/" + id, "{'properties':{'lifecyclestage':'customer'}}");
        assertThat(status).isEqualTo(400);
        assertThat(error.at("/errors/0/code").asText()).isEqualTo("MISSING_CONDITIONAL_REQUIRED_PROPERTY");
        assertThat(error.at("/errors/0/message").asText()).contains("company", "[lifecyclestage]");
        call("PATCH", SEPTEMBER + "/" + id, "{'properties':{'lifecyclestage':'customer','company':'Acme'}}");
        assertThat(status).isEqualTo(200);
        call("PATCH", SEPTEMBER + "/" + id, "{'properties':{'company':''}}");
        assertThat(status).isEqualTo(400);
        update(id, "'company':''");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void timesInSecondsCanBeRefusedFromSeptemberOn() throws Exception {
        restart(Quirk.REJECT_EPOCH_SECONDS);
        String id = create("a@example.com");
        String seconds = "{'properties':{'closedate':'1790000000'}}";
        call("PATCH", SEPTEMBER + "/" + id, seconds);
        assertThat(status).isEqualTo(400);
        call("PATCH", CONTACTS + "/" + id, seconds);
        assertThat(status).isEqualTo(200);
    }

    @Test
    void theAccountTellsItsTimeZone() throws Exception {
        restart(HubSpotOptions.builder().timeZone(java.time.ZoneId.of("America/New_York")));
        JsonNode account = call("GET", "/account-info/v3/details", "");
        assertThat(account.path("timeZone").asText()).isEqualTo("America/New_York");
        assertThat(account.path("utcOffsetMilliseconds").asInt()).isEqualTo(-4 * 3_600_000);
    }
}
