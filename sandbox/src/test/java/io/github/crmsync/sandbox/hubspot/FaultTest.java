package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

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
}
