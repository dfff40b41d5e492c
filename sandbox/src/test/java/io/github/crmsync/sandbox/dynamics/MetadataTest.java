package io.github.crmsync.sandbox.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetadataTest {
    private static final String CONTACT = "EntityDefinitions(LogicalName='contact')";
    private static final String LEAD = "EntityDefinitions(LogicalName='lead')";
    private static final String CRM = "/Attributes/Microsoft.Dynamics.CRM.";

    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void tablesAreDescribed() {
        JsonNode lead = environment.get(LEAD);
        assertThat(lead.path("EntitySetName").asText()).isEqualTo("leads");
        assertThat(lead.path("PrimaryIdAttribute").asText()).isEqualTo("leadid");
        assertThat(lead.path("ChangeTrackingEnabled").asBoolean()).isTrue();
        assertThat(lead.at("/CanChangeTrackingBeEnabled/Value").asBoolean()).isTrue();
        String id = lead.path("MetadataId").asText();
        assertThat(environment
                        .get("EntityDefinitions(" + id + ")?$select=LogicalName")
                        .path("LogicalName")
                        .asText())
                .isEqualTo("lead");
        assertThat(environment
                        .get("EntityDefinitions?$select=LogicalName")
                        .path("value")
                        .findValuesAsText("LogicalName"))
                .contains("contact", "account", "list", "savedquery");
        assertThat(environment
                        .call("GET", "EntityDefinitions(LogicalName='nosuch')", null)
                        .statusCode())
                .isEqualTo(404);
        assertThat(environment.call("GET", LEAD + "?$select=NoSuch", null).statusCode())
                .isEqualTo(400);
    }

    @Test
    void columnsHaveTypesLengthsAndRequiredLevels() {
        String strings = environment
                .get(LEAD + CRM + "StringAttributeMetadata?$select=LogicalName,MaxLength")
                .toString();
        assertThat(strings).contains("{\"LogicalName\":\"mobilephone\",\"MaxLength\":20,");
        JsonNode all = environment.get(CONTACT
                + "/Attributes?$select=LogicalName,AttributeType,IsValidForCreate,IsValidForUpdate,IsValidForRead");
        assertThat(all.path("value").size()).isGreaterThan(180);
        JsonNode last = environment.get(CONTACT + "/Attributes(LogicalName='lastname')");
        assertThat(last.path("SchemaName").asText()).isEqualTo("LastName");
        assertThat(last.at("/RequiredLevel/Value").asText()).isEqualTo("ApplicationRequired");
        assertThat(last.path("MaxLength").asInt()).isEqualTo(50);
        JsonNode birth = environment.get(CONTACT + CRM.replace("/Attributes/", "/Attributes(LogicalName='birthdate')/")
                + "DateTimeAttributeMetadata");
        assertThat(birth.at("/DateTimeBehavior/Value").asText()).isEqualTo("DateOnly");
        JsonNode customer = environment.get(
                CONTACT + CRM + "LookupAttributeMetadata?$filter=LogicalName%20eq%20'parentcustomerid'");
        assertThat(customer.at("/value/0/Targets").toString()).isEqualTo("[\"account\",\"contact\"]");
        assertThat(customer.at("/value/0/AttributeType").asText()).isEqualTo("Customer");
        assertThat(environment
                        .call("GET", CONTACT + "/Attributes?$select=MaxLength", null)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void choicesListTheirOptions() {
        JsonNode choices = environment.get(CONTACT + CRM + "PicklistAttributeMetadata?$select=LogicalName"
                + "&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)");
        assertThat(choices.toString()).contains("gendercode").contains("\"Label\":\"Female\"");
        JsonNode status = environment.get(LEAD + CRM.replace("/Attributes/", "/Attributes(LogicalName='statuscode')/")
                + "StatusAttributeMetadata?$expand=OptionSet");
        assertThat(status.at("/OptionSet/Options/2/State").asInt()).isEqualTo(1);
        JsonNode flag = environment.get(CONTACT
                + CRM.replace("/Attributes/", "/Attributes(LogicalName='donotemail')/")
                + "BooleanAttributeMetadata?$expand=OptionSet");
        assertThat(flag.at("/OptionSet/TrueOption/Label/UserLocalizedLabel/Label")
                        .asText())
                .isEqualTo("Do Not Allow");
    }

    @Test
    void lookupsAreRelationships() {
        JsonNode lookups = environment.get(CONTACT + "/ManyToOneRelationships?$select=ReferencedEntity,"
                + "ReferencingAttribute,ReferencingEntityNavigationPropertyName&$filter="
                + Environment.encode("ReferencingAttribute eq 'parentcustomerid'"));
        assertThat(lookups.path("value").findValuesAsText("ReferencingEntityNavigationPropertyName"))
                .containsExactlyInAnyOrder("parentcustomerid_account", "parentcustomerid_contact");
    }

    @Test
    void theDocumentDescribesTypesSetsFunctionsAndOnDemandTracking() {
        HttpResponse<String> document = environment.call("GET", "$metadata", null);
        assertThat(document.headers().firstValue("Content-Type")).contains("application/xml");
        assertThat(document.body())
                .contains(
                        "<EntityType Name=\"contact\"",
                        "<EntitySet Name=\"leads\"",
                        "Name=\"QualifyLead\"",
                        "Name=\"In\"")
                .contains("Name=\"parentcustomerid_account\" Type=\"mscrm.account\"")
                .doesNotContain("ChangeTracking");
        assertThat(environment.call("GET", "$metadata?annotations=true", null).body())
                .contains("Org.OData.Capabilities.V1.ChangeTracking");
    }
}
