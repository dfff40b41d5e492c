package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.github.crmsync.core.http.HttpSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several application users, against a server that gives each of them a token of its own. */
class ApplicationUsersTest {
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean token = exchange.getRequestURI().getPath().endsWith("/token");
            boolean wrong = form.contains("client_secret=wrong");
            String body = token
                    ? wrong
                            ? "{\"error\":\"invalid_client\",\"error_codes\":[7000215]}"
                            : "{\"expires_in\":3599,\"access_token\":\"" + form.replaceAll(".*client_id=(\\w+).*", "$1")
                                    + "\"}"
                    : "{\"@odata.context\":\"#WhoAmI\",\"OrganizationId\":\"00000000-0000-0000-0000-000000000001\"}";
            if (!token) {
                authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(token && wrong ? 401 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private DynamicsSourceConfig config(String additional) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return new DynamicsSourceConfig(Map.of(
                "topic", "people",
                "dynamics.url", url,
                "dynamics.authority.url", url,
                "dynamics.tenant.id", "tenant",
                "dynamics.client.id", "first",
                "dynamics.client.secret", "s",
                "dynamics.additional.clients", additional));
    }

    @Test
    void theyTakeTurns() {
        try (DataverseApi api = new DataverseApi(config("second:a:b~c, third:x"), HttpSettings.defaults())) {
            for (int i = 0; i < 6; i++) {
                api.organizationId();
            }
        }
        assertThat(authorizations)
                .containsExactly(
                        "Bearer first",
                        "Bearer second",
                        "Bearer third",
                        "Bearer first",
                        "Bearer second",
                        "Bearer third");
    }

    @Test
    void aMistakeInOneOfThemIsFoundAndNamesTheSetting() {
        try (DataverseApi api = new DataverseApi(config("second:wrong"), HttpSettings.defaults())) {
            assertThatThrownBy(api::users)
                    .isInstanceOfSatisfying(
                            SettingException.class,
                            e -> assertThat(e.setting()).isEqualTo(DynamicsConfig.ADDITIONAL_CLIENTS));
        }
        assertThatThrownBy(() -> config("second").additionalClients())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(DynamicsConfig.ADDITIONAL_CLIENTS)
                .hasMessageNotContaining("second");
    }
}
