package io.github.crmsync.sandbox.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.sandbox.dynamics.ServiceProtection.Admission;
import io.github.crmsync.sandbox.dynamics.ServiceProtection.Limits;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServiceProtectionTest {
    private static final UUID USER = new UUID(0, 1);

    private long now;
    private final Limits limits = new Limits(10, 1000, 3, 300_000, 1);

    private ServiceProtection protection(Limits chosen) {
        return new ServiceProtection(() -> java.time.Instant.ofEpochMilli(now), chosen);
    }

    @Test
    void requestsAreCountedInASlidingWindowAndPushingLengthensTheWait() {
        ServiceProtection protection = protection(limits);
        for (int i = 0; i < 10; i++) {
            protection.leave(protection.enter(USER, 0), 1);
        }
        Admission refused = protection.enter(USER, 0);
        protection.leave(refused, 1);
        assertThat(refused.refusal().code()).isEqualTo("0x80072322");
        assertThat(refused.refusal().retryAfterSeconds()).isEqualTo(300);
        Admission again = protection.enter(USER, 0);
        protection.leave(again, 1);
        assertThat(again.refusal().retryAfterSeconds()).isGreaterThan(300);
        now += 300_000;
        assertThat(protection.enter(USER, 0).refusal()).isNull();
    }

    @Test
    void executionTimeIsAddedUp() {
        ServiceProtection protection = protection(limits);
        protection.leave(protection.enter(USER, 0), 600);
        assertThat(protection.remainingSeconds(protection.enter(USER, 0))).isZero();
        now += 1000;
        protection.leave(protection.enter(USER, 0), 600);
        Admission refused = protection.enter(USER, 0);
        assertThat(refused.refusal().code()).isEqualTo("0x80072321");
        assertThat(refused.refusal().message()).contains("exceeded limit of 1,000 milliseconds");
        assertThat(refused.refusal().retryAfterSeconds()).isEqualTo(299);
    }

    @Test
    void concurrentRequestsAreRefusedAtOnce() {
        ServiceProtection protection = protection(limits);
        List<Admission> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(protection.enter(USER, 0));
        }
        Admission refused = protection.enter(USER, 0);
        assertThat(refused.refusal().code()).isEqualTo("0x80072326");
        protection.leave(refused, 0);
        protection.leave(running.get(0), 0);
        assertThat(protection.enter(USER, 0).refusal()).isNull();
    }

    @Test
    void eachUserAndServerHasItsOwnAccountAndAffinityKeepsTheServer() {
        ServiceProtection protection = protection(limits.withServers(2));
        int server = protection.enter(USER, -1).server();
        assertThat(protection.enter(USER, -1).server()).isNotEqualTo(server);
        for (int i = 0; i < 9; i++) {
            protection.leave(protection.enter(USER, server), 0);
        }
        assertThat(protection.enter(USER, server).refusal()).isNotNull();
        assertThat(protection.enter(USER, 1 - server).refusal()).isNull();
        assertThat(protection.enter(new UUID(0, 2), server).refusal()).isNull();
    }

    @Test
    void theServiceAnswers429WithRetryAfterAndTellsWhatIsLeft() {
        try (Environment environment = new Environment(DynamicsOptions.builder().quota(true))) {
            HttpResponse<String> first = environment.call("GET", "WhoAmI", null);
            assertThat(first.headers().firstValue("x-ms-dop-hint")).contains("4");
            assertThat(first.headers().firstValue("x-ms-ratelimit-burst-remaining-xrm-requests"))
                    .contains("5999");
            assertThat(first.headers().firstValue("x-ms-ratelimit-time-remaining-xrm-requests"))
                    .isPresent();
            assertThat(first.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("ARRAffinity=0");
            for (int i = 1; i < 6000; i++) {
                environment.call("GET", "WhoAmI", null);
            }
            HttpResponse<String> refused = environment.call("GET", "WhoAmI", null);
            environment.refused(refused, 429, "0x80072322");
            assertThat(refused.headers().firstValue("Retry-After")).contains("300");
            environment.now = environment.now.plusSeconds(301);
            assertThat(environment.call("GET", "WhoAmI", null).statusCode()).isEqualTo(200);
        }
    }
}
