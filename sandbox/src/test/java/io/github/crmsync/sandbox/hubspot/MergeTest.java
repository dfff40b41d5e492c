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
}
