package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that answers instead of Dataverse: nothing that it says counts for what is in the table. */
class ForeignAnswersTest implements HttpRuntime {
    private static final String OWN = "{\"@odata.context\":\"#contacts\",\"value\":[]}";

    private final DynamicsSourceConfig config = new DynamicsSourceConfig(Map.of(
            "topic", "people",
            "dynamics.url", "https://foreign.crm4.dynamics.com",
            "dynamics.tenant.id", "tenant",
            "dynamics.client.id", "foreign",
            "dynamics.client.secret", "s"));
    private final DataverseApi api = new DataverseApi(config, config.http(), this);
    private int status = 200;
    private String body = OWN;
    private long now = 1_000_000;

    @Override
    public long millis() {
        return now;
    }

    @Override
    public boolean await(CountDownLatch ended, long ms) {
        now += ms;
        return false;
    }

    @Override
    public boolean acquire(RateLimiter budget, Duration most) {
        return true;
    }

    @Override
    public long random(long bound) {
        return 0;
    }

    @Override
    public Transport connect(HttpSettings settings) {
        return new Transport() {
            @Override
            public ApiResponse exchange(ApiRequest request, String authorization, long timeoutMs) {
                boolean token = request.uri().getPath().endsWith("/token");
                String answer = token ? "{\"access_token\":\"t\",\"expires_in\":360000}" : body;
                return new ApiResponse(token ? 200 : status, Map.of(), answer.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void close() {}
        };
    }

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 404, 410, 500})
    void aPageOfAGatewayIsNoEmptyTable(int foreign) {
        status = foreign;
        for (String page : List.of("<html>Sign in</html>", "", "{}", "[]")) {
            body = page;
            assertThatThrownBy(() -> api.query("contacts", "$select=contactid")).isInstanceOf(RetriableException.class);
        }
    }

    @Test
    void itIsWaitedOutForABoundedTime() {
        status = 403;
        body = "<html>Blocked</html>";
        assertThatThrownBy(() -> api.query("contacts", "")).isInstanceOf(RetriableException.class);
        now += Duration.ofMinutes(16).toMillis();
        assertThatThrownBy(() -> api.query("contacts", ""))
                .isNotInstanceOf(RetriableException.class)
                .hasMessageContaining("HTTP 403")
                .hasMessageContaining("dynamics.url");
        status = 200;
        body = OWN;
        assertThat(api.query("contacts", "").path("value")).isEmpty();
        status = 403;
        body = "";
        assertThatThrownBy(() -> api.query("contacts", ""))
                .as("the time begins anew")
                .isInstanceOf(RetriableException.class);
    }
}
