package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.junit.jupiter.api.Test;

class DynamicsSourceConnectorTest {
    private static final Map<String, String> SETTINGS = Map.of(
            DynamicsConfig.URL, "contoso.crm4",
            DynamicsConfig.TENANT_ID, "t",
            DynamicsConfig.CLIENT_ID, "c",
            DynamicsConfig.CLIENT_SECRET, "s",
            DynamicsSourceConfig.TOPIC, "people");
    private static final Map<String, String> OWN =
            Map.of("environment", "contoso.crm4.dynamics.com", "table", "contact");

    private final DynamicsSourceConnector connector = new DynamicsSourceConnector();

    private boolean alter(Map<String, ?> partition, Map<String, ?> offset) {
        return connector.alterOffsets(SETTINGS, Collections.singletonMap(partition, offset));
    }

    private static Map<String, Object> live(String link) {
        return new SourceOffset("org", "firstname", SourceOffset.Phase.LIVE, link, 0).toMap();
    }

    @Test
    void credentialsGoInClearToThisMachineOnly() {
        for (String setting : new String[] {DynamicsConfig.URL, DynamicsConfig.AUTHORITY_URL}) {
            for (String url : new String[] {
                "http://contoso.crm4.dynamics.com", "http://proxy", "http://127.evil.example", "http://host.internal"
            }) {
                Map<String, String> settings = new HashMap<>(SETTINGS);
                settings.put(setting, url);
                assertThatThrownBy(() -> new DynamicsSourceConfig(settings))
                        .hasMessageContaining(setting)
                        .hasMessageContaining("https");
            }
            Map<String, String> settings = new HashMap<>(SETTINGS);
            settings.put(setting, "http://localhost:8102");
            assertThat(new DynamicsSourceConfig(settings)).isNotNull();
        }
    }

    @Test
    void offsetsCanBeDeletedAndReplacedByOthersOfTheSameTable() {
        assertThat(alter(OWN, null)).isTrue();
        assertThat(alter(OWN, live("https://contoso.crm4.dynamics.com/api/data/v9.2/contacts?$deltatoken=1")))
                .isTrue();
        assertThat(alter(OWN, SourceOffset.beginning("org", "firstname").toMap()))
                .isTrue();
    }

    @Test
    void foreignOffsetsAreRefusedWithAReason() {
        Map<String, String> leads = new HashMap<>(OWN);
        leads.put("table", "lead");
        assertThatThrownBy(() -> alter(leads, live("https://contoso.crm4.dynamics.com/")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("reads partition");
        assertThatThrownBy(() -> alter(OWN, live("https://fabrikam.crm4.dynamics.com/contacts?$deltatoken=1")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("the access token would go with it");
        assertThatThrownBy(() -> alter(OWN, Map.of("position", 7)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("format");
        assertThatThrownBy(() -> alter(OWN, live(null)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("needs a link");
    }

    @Test
    void offsetsTravelWithTheirRecords() {
        assertThat(connector.exactlyOnceSupport(SETTINGS)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }
}
