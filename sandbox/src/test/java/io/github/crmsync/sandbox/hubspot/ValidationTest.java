package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

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
}
