package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What values a write may have. */
class ValidationTest extends Simulated {
    @Test
    void invalidValuesAreRefusedWithTheirCodes() throws Exception {
        JsonNode error = call("POST", CONTACTS, "{'properties':{'email':'x','nope':'1','createdate':'1'}}");
        assertThat(status).isEqualTo(400);
        assertThat(error.path("message").asText()).startsWith("Property values were not valid: [{");
        assertThat(error.findValuesAsText("code"))
                .containsExactly("INVALID_EMAIL", "PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE");
    }

    private String code(String property, String value) throws Exception {
        String id = create("v" + (++made) + "@example.com");
        JsonNode error = update(id, "'" + property + "':'" + value + "'");
        return status == 400 ? error.at("/errors/0/code").asText() : "";
    }

    private int made;

    @ParameterizedTest
    @CsvSource({
        "email,None,INVALID_EMAIL",
        "email,a@localhost,INVALID_EMAIL",
        "email,a b@example.com,INVALID_EMAIL",
        "lifecyclestage,Customer,INVALID_OPTION",
        "hs_lead_status,new,INVALID_OPTION",
        "numemployees,7,INVALID_OPTION",
        "annualrevenue,'1,000',INVALID_INTEGER",
        "annualrevenue,many,INVALID_INTEGER",
        "closedate,yesterday,INVALID_DATE",
        "hs_email_domain,example.com,READ_ONLY_VALUE",
        "hs_object_id,7,READ_ONLY_VALUE",
        "lastmodifieddate,1,READ_ONLY_VALUE",
        "no_such_property,1,PROPERTY_DOESNT_EXIST",
        "annualrevenue,1000.5,''",
        "closedate,1790000000000,''",
        "closedate,2026-01-02T03:04:05Z,''",
        "hs_lead_status,NEW,''",
        "firstname,'  kept  ',''",
    })
    void eachKindOfValueHasItsCode(String property, String value, String code) throws Exception {
        assertThat(code(property, value)).isEqualTo(code);
    }

    @Test
    void anUnknownPropertyIsRefusedEvenWithoutAValue() throws Exception {
        JsonNode error = call("POST", CONTACTS, "{'properties':{'email':'a@example.com','nope':null}}");
        assertThat(status).isEqualTo(400);
        assertThat(error.findValuesAsText("code")).containsExactly("PROPERTY_DOESNT_EXIST");
    }

    @Test
    void aTextHasALimit() throws Exception {
        assertThat(code("jobtitle", "x".repeat(65_536))).isEmpty();
        assertThat(code("jobtitle", "x".repeat(65_537))).isNotEmpty();
    }

    @Test
    void datesAreDaysOrMidnights() throws Exception {
        call(
                "POST",
                PROPERTIES,
                "{'name':'born','label':'B','type':'date','fieldType':'date','groupName':'contactinformation'}");
        assertThat(code("born", "2026-02-30")).isEqualTo("INVALID_DATE");
        assertThat(code("born", "1790000000001")).isEqualTo("INVALID_DATE");
        String id = create("a@example.com");
        update(id, "'born':'1789948800000'");
        assertThat(value(id, "born")).isEqualTo("2026-09-21");
    }

    @Test
    void severalOptionsAreReplacedOrAppended() throws Exception {
        call(
                "POST",
                PROPERTIES,
                "{'name':'colours','label':'C','type':'enumeration','fieldType':'checkbox',"
                        + "'groupName':'contactinformation','options':["
                        + "{'label':'R','value':'red','hidden':false,'displayOrder':0},"
                        + "{'label':'B','value':'blue','hidden':false,'displayOrder':1}]}");
        assertThat(status).isEqualTo(201);
        String id = create("a@example.com");
        update(id, "'colours':'red'");
        update(id, "'colours':';blue'");
        assertThat(value(id, "colours")).isEqualTo("red;blue");
        update(id, "'colours':'blue'");
        assertThat(value(id, "colours")).isEqualTo("blue");
        update(id, "'colours':'blue;green'");
        assertThat(status).isEqualTo(400);
    }

    @Test
    void emptyTextClearsAndNullDoesOnlyWithTheSwitch() throws Exception {
        for (boolean clears : new boolean[] {false, true}) {
            restart(HubSpotOptions.builder().indexLagMaxMs(0).set(Quirk.NULL_CLEARS, clears));
            String id = create("a@example.com");
            update(id, "'city':'Rome','company':'Acme'");
            update(id, "'city':'','company':null");
            assertThat(value(id, "city")).isNull();
            assertThat(value(id, "company")).isEqualTo(clears ? null : "Acme");
        }
    }

    @Test
    void numbersAndBooleansAreStoredAsText() throws Exception {
        String id = create("a@example.com");
        JsonNode answer = update(id, "'annualrevenue':17,'firstname':true");
        assertThat(answer.at("/properties/annualrevenue").isTextual()).isTrue();
        assertThat(value(id, "annualrevenue")).isEqualTo("17");
        assertThat(value(id, "firstname")).isEqualTo("true");
        update(id, "'firstname':{}");
        assertThat(status).isEqualTo(400);
    }

    @Test
    void aContactNeedsAnAddressOrANameUnlessTheSwitchSaysOtherwise() throws Exception {
        String body = "{'properties':{'city':'Rome'}}";
        call("POST", CONTACTS, body);
        assertThat(status).isEqualTo(400);
        restart(Quirk.NAMELESS_CONTACTS);
        call("POST", CONTACTS, body);
        assertThat(status).isEqualTo(201);
    }

    @Test
    void olderBodiesTellTheProblemsInTheMessageOnly() throws Exception {
        String body = "{'properties':{'email':'x'}}";
        JsonNode current = call("POST", CONTACTS, body);
        assertThat(current.path("errors")).hasSize(1);
        restart(Quirk.OLDER_ERROR_BODIES);
        JsonNode older = call("POST", CONTACTS, body);
        assertThat(older.has("errors")).isFalse();
        assertThat(older.path("message").asText())
                .isEqualTo(current.path("message").asText());
        assertThat(older.path("correlationId").asText())
                .isEqualTo(headers.firstValue("X-HubSpot-Correlation-Id").orElseThrow());
    }

    @Test
    void malformedJsonIsRefusedWithItsPlace() throws Exception {
        JsonNode error = call("POST", CONTACTS, "{'properties':{");
        assertThat(status).isEqualTo(400);
        assertThat(error.path("message").asText()).startsWith("Invalid input JSON on line 1, column ");
    }

    @Test
    void aBackwardStageCanBeRefused() throws Exception {
        restart(Quirk.REJECT_LIFECYCLE_BACKWARDS);
        String id = create("a@example.com");
        update(id, "'lifecyclestage':'customer'");
        update(id, "'lifecyclestage':'lead'");
        assertThat(status).isEqualTo(400);
        update(id, "'lifecyclestage':''");
        update(id, "'lifecyclestage':'lead'");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void stagesOfThePortalsOwnGoByTheirDisplayOrder() throws Exception {
        call(
                "PATCH",
                PROPERTIES + "/lifecyclestage",
                "{'options':[{'label':'C','value':'customer','hidden':false,'displayOrder':2},"
                        + "{'label':'T','value':'88120','hidden':false,'displayOrder':1},"
                        + "{'label':'L','value':'lead','hidden':false,'displayOrder':0}]}");
        assertThat(status).isEqualTo(200);
        String id = create("a@example.com");
        update(id, "'lifecyclestage':'88120'");
        assertThat(value(id, "lifecyclestage")).isEqualTo("88120");
        update(id, "'lifecyclestage':'lead'");
        assertThat(value(id, "lifecyclestage")).isEqualTo("88120");
        update(id, "'lifecyclestage':'subscriber'");
        assertThat(status).isEqualTo(400);
    }
}
