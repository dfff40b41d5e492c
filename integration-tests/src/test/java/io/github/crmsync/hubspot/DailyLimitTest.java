package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.sink.Outcome.Kind;
import io.github.crmsync.core.sink.Work;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the connectors do when their share of the portal's daily limit is used up. */
class DailyLimitTest {
    private final Portal portal = Portal.open();
    private final Relay relay = new Relay(portal);
    private final AtomicLong remaining = new AtomicLong(100_000);

    @AfterEach
    void close() {
        relay.close();
        portal.close();
    }

    /** A portal in whose time zone midnight comes that soon. */
    private Map<String, String> portal(Duration beforeMidnight) {
        LocalTime utc = LocalTime.now(ZoneOffset.UTC);
        int seconds = LocalTime.MIDNIGHT.minus(beforeMidnight).toSecondOfDay() - utc.toSecondOfDay();
        int offset = seconds > 12 * 3600 ? seconds - 24 * 3600 : seconds < -12 * 3600 ? seconds + 24 * 3600 : seconds;
        String zone = ZoneOffset.ofTotalSeconds(offset).getId();
        relay.change(answer -> answer.with("X-HubSpot-RateLimit-Daily", "100000")
                .with("X-HubSpot-RateLimit-Daily-Remaining", Long.toString(remaining.get()))
                .instead(answer.status(), answer.body().replace("Etc/UTC", zone)));
        return Map.of(HubSpotConfig.URL, relay.url(), HubSpotConfig.DAILY_SHARE, "0.5");
    }

    private void untilUsedUp(SourceRun source) {
        int calls = relay.requests.size();
        remaining.set(50_000);
        source.until(() -> relay.requests.size() > calls);
    }

    @Test
    void theSourceWaitsForMidnightAndGoesOn() {
        String id = portal.create(Portal.person("a@example.com", "Ann"));
        try (SourceRun source = new SourceRun(portal, portal(Duration.ofSeconds(8)), null).snapshot()) {
            source.forget();
            untilUsedUp(source);
            portal.update(id, Map.of("firstname", "Bea"));
            remaining.set(100_000);
            source.until(() -> source.ids().contains(id));
        }
    }

    @Test
    void theSourceMakesNoCallBeforeMidnight() {
        portal.create(Portal.person("a@example.com", "Ann"));
        try (SourceRun source = new SourceRun(portal, portal(Duration.ofHours(5)), null).snapshot()) {
            untilUsedUp(source);
            int calls = relay.requests.size();
            for (int i = 0; i < 3; i++) {
                source.poll();
            }
            assertThat(relay.requests).hasSize(calls);
        }
    }

    @Test
    void theSinkAsksToWaitUntilMidnightAndWritesNothing() {
        try (SinkRun sink = new SinkRun(portal, portal(Duration.ofHours(5)))) {
            Work work = sink.image("d1", Map.of("email", "a@example.com"));
            assertThat(sink.process(work).kind()).isEqualTo(Kind.CREATED);
            remaining.set(50_000);
            sink.process(sink.image("d2", Map.of("email", "b@example.com")));
            int calls = relay.requests.size();
            assertThatThrownBy(() -> sink.process(sink.image("d3", Map.of("email", "c@example.com"))))
                    .isInstanceOfSatisfying(
                            RetryLaterException.class,
                            e -> assertThat(e.waitMs()).isBetween(4 * 3_600_000L, 6 * 3_600_000L));
            assertThat(relay.requests).hasSize(calls);
        }
    }
}
