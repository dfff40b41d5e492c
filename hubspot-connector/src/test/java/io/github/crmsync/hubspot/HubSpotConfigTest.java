package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSpotConfigTest {
    private static List<String> errors(Config config, String setting) {
        return config.configValues().stream()
                .filter(value -> value.name().equals(setting))
                .findFirst()
                .orElseThrow()
                .errorMessages();
    }

    private static Config validate(Map<String, String> props) {
        return new HubSpotSourceConnector().validate(new HashMap<>(props));
    }

    @Test
    void mistakesAreReportedOnTheirSetting() {
        assertThat(errors(validate(Map.of()), "hubspot.access.token"))
                .singleElement()
                .asString()
                .contains("service key");
        assertThat(errors(
                        validate(Map.of("hubspot.access.token", "a", "hubspot.oauth.client.id", "b")),
                        "hubspot.access.token"))
                .hasSize(1);
        assertThat(errors(validate(Map.of("hubspot.url", "https://x.com/crm")), "hubspot.url"))
                .hasSize(1);
        assertThat(errors(
                        validate(Map.of(
                                "hubspot.access.token",
                                "a",
                                "hubspot.url",
                                "http://127.0.0.1:1",
                                "retry.max.wait.ms",
                                "0")),
                        "hubspot.url"))
                .singleElement()
                .asString()
                .contains("cannot be reached");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.hubapi.com",
                "http://10.0.0.7:8080",
                "http://127.0.0.1.example.com",
                "http://127.evil.example",
                "http://localhost.example.com",
                "http://proxy",
                "http://user@localhost"
            })
    void anAddressInClearIsRefusedButForThisMachine(String url) {
        assertThat(errors(validate(Map.of("hubspot.url", url)), "hubspot.url")).hasSize(1);
        for (String local : List.of("http://localhost:8101", "http://127.0.0.1:1", "http://[::1]:8101/")) {
            assertThat(errors(validate(Map.of("hubspot.url", local)), "hubspot.url"))
                    .isEmpty();
        }
    }

    @Test
    void recordsWithoutAnAddressNeedALinkProperty() {
        Map<String, String> props = new HashMap<>(Map.of(
                "transforms", "map, email",
                "transforms.email.type", "io.github.crmsync.transforms.EmailDedup",
                "transforms.email.on.invalid", "pass",
                "link.property", " "));
        assertThat(errors(new HubSpotSinkConnector().validate(props), "link.property"))
                .singleElement()
                .asString()
                .contains("on.invalid");
        props.put("transforms.email.on.invalid", "exclude");
        assertThat(errors(new HubSpotSinkConnector().validate(props), "link.property"))
                .isEmpty();
        props.put("transforms.email.on.invalid", "pass");
        props.remove("link.property");
        assertThat(errors(new HubSpotSinkConnector().validate(props), "link.property"))
                .isEmpty();
    }

    @Test
    void connectorsWithTheSameCredentialsShareTheirBudgets() {
        HubSpotConfig source = new HubSpotSourceConfig(Map.of("hubspot.access.token", "one")).connection();
        HubSpotConfig sink = new HubSpotSinkConfig(
                        Map.of("hubspot.access.token", "one", "ledger.bootstrap.servers", "none:9092"))
                .connection();
        HubSpotConfig other = new HubSpotSourceConfig(Map.of("hubspot.access.token", "two")).connection();
        assertThat(source.quota()).isSameAs(sink.quota()).isNotSameAs(other.quota());
        assertThat(source.searchLimiter()).isSameAs(sink.searchLimiter()).isNotSameAs(other.searchLimiter());
        assertThat(source.searchLimiter()).isNotSameAs(source.quota());
    }

    @Test
    void everySettingIsDescribed() {
        for (ConfigDef def : List.of(new HubSpotSourceConnector().config(), new HubSpotSinkConnector().config())) {
            assertThat(def.configKeys().values()).allSatisfy(key -> {
                assertThat(key.documentation).isNotBlank();
                assertThat(key.displayName).isNotBlank();
                assertThat(key.group).isNotBlank();
            });
        }
    }

    @Test
    void pathsFollowTheVersion() {
        assertThat(new HubSpotPaths("http://h", "2026-09").contacts("/search", Map.of()))
                .hasToString("http://h/crm/objects/2026-09/contacts/search");
        assertThat(new HubSpotPaths("http://h", "v3").contacts("", Map.of("after", "a b")))
                .hasToString("http://h/crm/v3/objects/contacts?after=a+b");
        assertThat(new HubSpotPaths("http://h", "v3").properties()).hasToString("http://h/crm/v3/properties/contacts");
    }

    @Test
    void searchesFilterByLastmodifieddateInMilliseconds() {
        JsonNode body = SearchBody.of(new ContactSearch.Query(5, 9, true, "77", java.util.Set.of()));
        assertThat(body.toString())
                .contains("\"lastmodifieddate\",\"operator\":\"GTE\",\"value\":\"5\"")
                .contains("\"hs_object_id\",\"operator\":\"GT\",\"value\":\"77\"")
                .contains("\"limit\":200")
                .doesNotContain("hs_lastmodifieddate");
    }
}
