package io.github.crmsync.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void readsSecondsFractionsAndDates() {
        assertThat(RetryPolicy.retryAfterMs("7", NOW)).isEqualTo(7_000);
        assertThat(RetryPolicy.retryAfterMs("0.25", NOW)).isEqualTo(250);
        assertThat(RetryPolicy.retryAfterMs("Tue, 24 Nov 2026 10:00:05 GMT", NOW))
                .isEqualTo(5_000);
        assertThat(RetryPolicy.retryAfterMs("Tue, 24 Nov 2026 09:00:05 GMT", NOW))
                .isZero();
        assertThat(RetryPolicy.retryAfterMs("soon", NOW)).isEqualTo(-1);
        assertThat(RetryPolicy.retryAfterMs(null, NOW)).isEqualTo(-1);
    }

    @Test
    void waitsGrowAndStayBounded() {
        for (int i = 0; i < 100; i++) {
            assertThat(RetryPolicy.waitMs(503, null, 0, HttpRuntime.SYSTEM)).isBetween(200L, 400L);
            assertThat(RetryPolicy.waitMs(503, null, 60, HttpRuntime.SYSTEM)).isBetween(5_000L, 10_000L);
            assertThat(RetryPolicy.waitMs(423, null, 0, HttpRuntime.SYSTEM)).isGreaterThanOrEqualTo(2_000);
        }
    }

    @Test
    void noPauseAndAnEndlessOneAreBothBounded() {
        assertThat(RetryPolicy.waitMs(503, "0", 0, HttpRuntime.SYSTEM)).isGreaterThanOrEqualTo(200);
        assertThat(RetryPolicy.waitMs(429, "0", 8, HttpRuntime.SYSTEM)).isGreaterThanOrEqualTo(5_000);
        assertThat(RetryPolicy.waitMs(503, "999999999", 0, HttpRuntime.SYSTEM)).isEqualTo(86_400_000);
    }
}
