package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Quotas by credential and tier. */
class RateLimitTest extends Simulated {
    @Test
    void theSixthSearchOfASecondIsRefusedWhenQuotasAreOn() throws Exception {
        restart(HubSpotOptions.builder().quota(true));
        for (int i = 0; i < 5; i++) {
            call("POST", CONTACTS + "/search", "{}");
            assertThat(status).isEqualTo(200);
        }
        assertThat(call("POST", CONTACTS + "/search", "{}").path("policyName").asText())
                .isEqualTo("SECONDLY");
        assertThat(status).isEqualTo(429);
    }
}
