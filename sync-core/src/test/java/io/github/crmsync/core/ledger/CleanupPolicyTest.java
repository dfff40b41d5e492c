package io.github.crmsync.core.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;

class CleanupPolicyTest {
    /** Nothing listens there. */
    private static final Map<String, Object> AWAY =
            Map.of("bootstrap.servers", "127.0.0.1:1", "request.timeout.ms", 300, "default.api.timeout.ms", 600);

    @Test
    void brokersThatDoNotAnswerAreAskedAgain() {
        try (Admin admin = Admin.create(AWAY)) {
            CleanupPolicy policy = new CleanupPolicy(admin, AWAY);
            assertThatThrownBy(() -> policy.require(List.of("crm.hubspot.contacts")))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("cleanup.policy of crm.hubspot.contacts");
            assertThatThrownBy(() -> policy.refuseAutoCreation(Set.of("crm.hubspot.contacts")))
                    .isInstanceOf(RetriableException.class);
        }
    }
}
