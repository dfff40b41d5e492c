package io.github.crmsync.sandbox.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class DecisionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Decisions decisions = new Decisions();

    @Test
    void aConflictThatBothSinksReportCountsOnce() throws JsonProcessingException {
        decision("dynamics", "d1", "h1", "parked_conflict", "", "{\"city~address1_city\":\"hubspot\"}");
        decision("hubspot", "h1", "d1", "updated", "", "{\"city~address1_city\":\"hubspot\"}");
        decision("hubspot", "h2", "d2", "updated", "", "{\"city~address1_city\":\"hubspot\"}");

        assertThat(decisions.conflicts()).isEqualTo(2);
    }

    @Test
    void aRecordThatCameBackIntoTheFilterIsNotCounted() throws JsonProcessingException {
        decision("hubspot", "h1", null, "excluded", "filter", "{}");
        decision("hubspot", "h2", null, "excluded", "filter", "{}");
        decision("hubspot", "h3", null, "excluded", "no-email", "{}");
        decision("hubspot", "h2", "d2", "created", null, "{}");

        assertThat(decisions.filtered()).isEqualTo(1);
    }

    private void decision(String app, String id, String target, String kind, String detail, String conflicts)
            throws JsonProcessingException {
        decisions.add(JSON.createObjectNode()
                .put("sourceApp", app)
                .put("sourceId", id)
                .put("targetId", target)
                .put("decision", kind)
                .put("detail", detail)
                .set("conflicts", JSON.readTree(conflicts)));
    }
}
