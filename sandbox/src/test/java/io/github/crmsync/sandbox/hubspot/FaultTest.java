package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Failures ordered from outside. */
class FaultTest extends Simulated {
    @Test
    void orderedFaultsHappenOnceEachAndAConnectionCanBreakAfterTheWork() throws Exception {
        call(
                "POST",
                "/_sandbox/faults",
                "[{'match':'GET .*contacts','status':503,'times':1},"
                        + "{'match':'POST .*contacts$','kind':'reset-after'}]");
        call("GET", CONTACTS, "");
        assertThat(status).isEqualTo(503);
        Assertions.assertThatThrownBy(() -> create("a@example.com")).isInstanceOf(IOException.class);
        assertThat(call("GET", CONTACTS, "").path("results")).hasSize(1);
        assertThat(call("GET", "/_sandbox/stats", "").path("recordsWritten").asInt())
                .isEqualTo(1);
    }

    private JsonNode failWith(int httpStatus) throws Exception {
        call("POST", "/_sandbox/faults", "[{'match':'GET .*contacts','status':" + httpStatus + "}]");
        JsonNode error = call("GET", CONTACTS, "");
        assertThat(status).isEqualTo(httpStatus);
        assertThat(error.path("status").asText()).isEqualTo("error");
        return error;
    }

    @Test
    void locksMovesAndOverloadHaveTheirBodies() throws Exception {
        assertThat(failWith(423).path("message").asText()).contains("locked");
        assertThat(headers.firstValue("Retry-After")).isEmpty();
        failWith(477);
        assertThat(headers.firstValue("Retry-After")).isPresent();
        assertThat(failWith(429).path("policyName").asText()).isEqualTo("TEN_SECONDLY_ROLLING");
        failWith(502);
        call("GET", CONTACTS, "");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void aLongAddressIsRefusedBeforeAnythingElse() throws Exception {
        restart(HubSpotOptions.builder().maxUrlLength(100));
        call("GET", CONTACTS + "?properties=" + "x".repeat(100), "", "no token");
        assertThat(status).isEqualTo(414);
        call("GET", CONTACTS + "?properties=x", "");
        assertThat(status).isEqualTo(200);
    }
}
