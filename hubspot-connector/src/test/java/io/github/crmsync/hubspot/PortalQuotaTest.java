package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PortalQuotaTest {
    private static final long NOON = Instant.parse("2026-03-10T12:00:00Z").toEpochMilli();
    private static final long HOUR = 3_600_000;
    private final PortalQuota quota = PortalQuota.of(UUID.randomUUID().toString(), 170, 0.8);

    private static ApiResponse remaining(long calls) {
        return new ApiResponse(
                200,
                Map.of(
                        "x-hubspot-ratelimit-daily",
                        "1000",
                        "x-hubspot-ratelimit-daily-remaining",
                        Long.toString(calls)),
                new byte[0]);
    }

    private static ApiResponse refused(String policy) {
        return new ApiResponse(429, Map.of(), ("{\"policyName\":\"" + policy + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theShareIsThatOfTheDayAndEndsAtMidnightOfThePortal() {
        quota.timeZone("America/New_York");
        quota.observe(remaining(201), NOON);
        assertThatCode(() -> quota.check(NOON)).doesNotThrowAnyException();
        quota.observe(remaining(200), NOON);
        // New York is at UTC-4 then.
        assertThatThrownBy(() -> quota.check(NOON + 16 * HOUR - 1)).isInstanceOf(PortalQuota.UsedUpException.class);
        assertThatCode(() -> quota.check(NOON + 16 * HOUR + 2_000)).doesNotThrowAnyException();
        quota.observe(remaining(1_000), NOON + 16 * HOUR + 2_000);
        assertThatCode(() -> quota.check(NOON + 17 * HOUR)).doesNotThrowAnyException();
    }

    @Test
    void aRefusalForTheDayClosesItAndOneForTenSecondsDoesNot() {
        quota.timeZone("Etc/UTC");
        quota.observe(refused("TEN_SECONDLY_ROLLING"), NOON);
        assertThatCode(() -> quota.check(NOON)).doesNotThrowAnyException();
        quota.observe(refused("DAILY"), NOON);
        assertThatThrownBy(() -> quota.check(NOON + 11 * HOUR)).isInstanceOf(PortalQuota.UsedUpException.class);
        assertThatCode(() -> quota.check(NOON + 12 * HOUR + 2_000)).doesNotThrowAnyException();
    }

    @Test
    void withoutATimeZoneACallIsTriedEveryHour() {
        quota.timeZone("");
        quota.observe(remaining(0), NOON);
        assertThatThrownBy(() -> quota.check(NOON + HOUR - 1)).isInstanceOf(PortalQuota.UsedUpException.class);
        assertThatCode(() -> quota.check(NOON + HOUR)).doesNotThrowAnyException();
        quota.observe(remaining(0), NOON + HOUR);
        assertThatThrownBy(() -> quota.check(NOON + HOUR)).isInstanceOf(PortalQuota.UsedUpException.class);
    }

    @Test
    void answersWithoutHeadersAsThoseOfSearchesAndOauthAppsLimitNothing() {
        quota.observe(new ApiResponse(200, Map.of(), new byte[0]), NOON);
        assertThatCode(() -> quota.check(NOON)).doesNotThrowAnyException();
    }
}
