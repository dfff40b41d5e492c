package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.ID;
import static io.github.crmsync.sandbox.dynamics.Environment.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeadTest {
    private static final String LEAD = "leads(" + ID + ")";
    private static final String QUALIFY = LEAD + "/Microsoft.Dynamics.CRM.QualifyLead";

    private final Environment environment = new Environment();

    @BeforeEach
    void create() {
        environment.write(
                "PATCH",
                LEAD,
                "{\"firstname\":\"Lea\",\"emailaddress1\":\"lea@example.com\",\"subject\":\"Topic\",\"companyname\":\"Acme\"}");
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    private static String action(boolean account, boolean contact, boolean opportunity) {
        return "{\"CreateAccount\":" + account + ",\"CreateContact\":" + contact + ",\"CreateOpportunity\":"
                + opportunity + ",\"Status\":3}";
    }

    @Test
    void qualifyingCreatesLinkedRowsAndLocksTheLead() {
        HttpResponse<String> done = environment.call("POST", QUALIFY, action(true, true, true));
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(Environment.json(done).path("value").findValuesAsText("@odata.type"))
                .containsExactly(
                        "#Microsoft.Dynamics.CRM.account",
                        "#Microsoft.Dynamics.CRM.contact",
                        "#Microsoft.Dynamics.CRM.opportunity");
        JsonNode contact = environment
                .get("contacts?$filter=" + encode("_originatingleadid_value eq " + ID)
                        + "&$expand=parentcustomerid_account($select=name)")
                .at("/value/0");
        assertThat(contact.path("emailaddress1").asText()).isEqualTo("lea@example.com");
        assertThat(contact.at("/parentcustomerid_account/name").asText()).isEqualTo("Acme");
        JsonNode opportunity = environment.get("opportunities").at("/value/0");
        assertThat(opportunity.path("name").asText()).isEqualTo("Topic");
        assertThat(opportunity.path("_originatingleadid_value").asText()).isEqualTo(ID);
        JsonNode lead = environment.get(LEAD);
        assertThat(lead.path("statecode").asInt()).isEqualTo(1);
        assertThat(lead.path("statuscode").asInt()).isEqualTo(3);
        assertThat(lead.path("_parentcontactid_value").asText())
                .isEqualTo(contact.path("contactid").asText());
        environment.refused(environment.call("PATCH", LEAD, "{\"firstname\":\"No\"}"), 400, "0x80040203");
        environment.refused(environment.call("POST", QUALIFY, action(false, true, false)), 400, "0x80040203");
        environment.write("PATCH", LEAD, "{\"statecode\":0,\"statuscode\":1}");
        environment.write("PATCH", LEAD, "{\"firstname\":\"Yes\"}");
    }

    @Test
    void onlyWhatIsAskedForIsCreated() {
        environment.call("POST", QUALIFY, action(false, false, false));
        assertThat(environment.simulator.rows("contact")).isEmpty();
        assertThat(environment.simulator.rows("account")).isEmpty();
        assertThat(environment.get(LEAD).path("statecode").asInt()).isEqualTo(1);
    }

    @Test
    void allParametersAreRequired() {
        String complete = action(true, true, true);
        for (String missing : new String[] {"\"CreateAccount\":true,", "\"CreateContact\":true,", ",\"Status\":3"}) {
            environment.refused(environment.call("POST", QUALIFY, complete.replace(missing, "")), 400, "0x80040203");
        }
        assertThat(environment.get(LEAD).path("statecode").asInt()).isZero();
    }

    @Test
    void settingTheStateAloneCreatesNothingAndClosesTheLead() {
        environment.write("PATCH", LEAD, "{\"statecode\":2}");
        assertThat(environment.get(LEAD).path("statuscode").asInt()).isEqualTo(4);
        assertThat(environment.simulator.rows("contact")).isEmpty();
        environment.refused(environment.call("PATCH", LEAD, "{\"firstname\":\"No\"}"), 400, "0x80040203");
        environment.order("{\"switches\":{\"closedLeadsReadOnly\":false}}");
        environment.write("PATCH", LEAD, "{\"firstname\":\"Yes\"}");
    }
}
