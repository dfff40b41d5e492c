package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.junit.jupiter.api.Test;

class DynamicsSourceConnectorTest {
    private static final Map<String, String> SETTINGS = Map.of(
            DynamicsConfig.URL, "contoso.crm4",
            DynamicsConfig.TENANT_ID, "t",
            DynamicsConfig.CLIENT_ID, "c",
            DynamicsConfig.CLIENT_SECRET, "s",
            DynamicsSourceConfig.TOPIC, "people");
    private static final Map<String, String> OWN = Map.of("table", "contact");

    private static final String LINK = "https://contoso.crm4.dynamics.com/api/data/v9.2/contacts?$deltatoken=1";

    private String organization = "org";
    private final DynamicsSourceConnector connector = new DynamicsSourceConnector(config -> {
        if (organization == null) {
            throw new RetriableException("no connection");
        }
        return organization;
    });

    private boolean alter(Map<String, ?> partition, Map<String, ?> offset) {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(partition, offset);
        return connector.alterOffsets(SETTINGS, offsets);
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
        assertThat(alter(OWN, live(LINK))).isTrue();
        assertThat(alter(OWN, SourceOffset.beginning("org", "firstname").toMap()))
                .isTrue();
    }

    @Test
    void foreignOffsetsAreRefusedWithAReason() {
        Map<String, String> leads = new HashMap<>(OWN);
        leads.put("table", "lead");
        Map<String, Object> mistyped = new HashMap<>(live(LINK));
        mistyped.put("swepped", "0");
        assertThatThrownBy(() -> alter(leads, live("https://contoso.crm4.dynamics.com/")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("\"table\": \"contact\"");
        assertThatThrownBy(
                        () -> alter(Map.of("environment", "contoso.crm4.dynamics.com", "table", "contact"), live(LINK)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("earlier versions");
        assertThatThrownBy(() -> alter(OWN, mistyped))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("swepped");
        assertThatThrownBy(() -> alter(OWN, live(LINK.replace("/contacts", "/leads"))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("not for table contact");
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
    void anOffsetOfAnotherOrganizationIsRefusedWhenItIsPut() {
        organization = "other";
        assertThatThrownBy(() -> alter(OWN, live(LINK)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("another organization (org, now other)");
        organization = null;
        assertThatThrownBy(() -> alter(OWN, live(LINK)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("try again");
    }

    @Test
    void offsetsTravelWithTheirRecords() {
        assertThat(connector.exactlyOnceSupport(SETTINGS)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }
}
