package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentUrlTest {
    private static String environment(String url) {
        return new DynamicsSourceConfig(Map.of(
                        "topic", "people",
                        "dynamics.url", url,
                        "dynamics.tenant.id", "t",
                        "dynamics.client.id", "c",
                        "dynamics.client.secret", "s"))
                .environment()
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "https://contoso.api.crm4.dynamics.com/api/data/v9.2/, https://contoso.api.crm4.dynamics.com",
        "https://contoso.crm4.dynamics.com/api/data/v9.2, https://contoso.crm4.dynamics.com",
        "https://contoso.crm4.dynamics.com/, https://contoso.crm4.dynamics.com",
        "contoso.api.crm4.dynamics.com/api/data/v9.2/, https://contoso.api.crm4.dynamics.com",
        "contoso.api.crm4, https://contoso.api.crm4.dynamics.com",
        "contoso.crm4, https://contoso.crm4.dynamics.com",
        "contoso, https://contoso.crm.dynamics.com",
    })
    void theWebApisAddressNamesTheEnvironment(String url, String environment) {
        assertThat(environment(url)).isEqualTo(environment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://crm.example.com/contoso", "https://contoso.crm4.dynamics.com/main.aspx"})
    void anyOtherPathIsRefusedWithTheRightForm(String url) {
        assertThatThrownBy(() -> environment(url))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("https://contoso.crm4.dynamics.com");
    }
}
