package io.github.crmsync.sandbox.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DuplicateDetectionTest {
    private static final String[] DETECT = {"MSCRM.SuppressDuplicateDetection", "false"};
    private static final String ANN = "{\"emailaddress1\":\"ann@example.com\"}";

    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void rulesAreAskedOnDemandOnly() {
        String ann = environment.create("contacts", ANN);
        environment.refused(
                environment.call(
                        "POST",
                        "contacts",
                        ANN.toUpperCase(java.util.Locale.ROOT).replace("EMAILADDRESS1", "emailaddress1"),
                        DETECT),
                412,
                "0x80040333");
        environment.write("POST", "leads", ANN, DETECT);
        environment.write("PATCH", "contacts(" + ann + ")", ANN, DETECT);
        environment.write("POST", "contacts", ANN);
        environment.refused(environment.call("PATCH", "contacts(" + ann + ")", ANN, DETECT), 412, "0x80040333");
    }

    @Test
    void theStatusOfTheRefusalAndTheSettingOfTheOrganizationAreSwitches() {
        environment.write("POST", "contacts", ANN);
        environment.order("{\"switches\":{\"duplicateDetectionStatus\":500}}");
        environment.refused(environment.call("POST", "contacts", ANN, DETECT), 500, "0x80040333");
        environment.order("{\"switches\":{\"duplicateDetection\":false}}");
        environment.write("POST", "contacts", ANN, DETECT);
    }

    @Test
    void rulesCanBeAddedPublishedAndWithdrawn() {
        String rule = environment.create(
                "duplicaterules",
                "{\"name\":\"Phones\",\"baseentityname\":\"contact\",\"matchingentityname\":\"contact\","
                        + "\"DuplicateRule_DuplicateRuleConditions\":[{\"baseattributename\":\"mobilephone\","
                        + "\"matchingattributename\":\"mobilephone\",\"operatorcode\":2,\"operatorparam\":4}]}");
        environment.write("POST", "contacts", "{\"mobilephone\":\"+1 555 1234\"}");
        String second = "{\"mobilephone\":\"1234\"}";
        environment.write("POST", "contacts", second.replace("1234", "99991234"), DETECT);
        String action = "duplicaterules(" + rule + ")/Microsoft.Dynamics.CRM.";
        assertThat(environment
                        .call("POST", action + "PublishDuplicateRule", "{}")
                        .statusCode())
                .isEqualTo(200);
        environment.refused(environment.call("POST", "contacts", second, DETECT), 412, "0x80040333");
        environment.write("POST", action + "UnpublishDuplicateRule", "{}");
        environment.write("POST", "contacts", second, DETECT);
    }
}
