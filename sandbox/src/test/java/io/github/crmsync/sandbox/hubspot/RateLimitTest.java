package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quotas by credential and tier. */
class RateLimitTest extends Simulated {
    @Test
    void theSixthSearchOfASecondIsRefusedWhenQuotasAreOn() throws Exception {
        restart(HubSpotOptions.builder().quota(true));
        for (int i = 0; i < 5; i++) {
            call("POST", CONTACTS + "/search", "{}");
            assertThat(status).isEqualTo(200);
        }
        assertThat(call("POST", CONTACTS + "/search", "{}").path("policyName").asText())
                .isEqualTo("SECONDLY");
        assertThat(status).isEqualTo(429);
    }

    private void refuseAfter(int calls, String token) throws Exception {
        for (int i = 0; i < calls; i++) {
            call("GET", PROPERTIES + "/email", "", token);
            assertThat(status).isEqualTo(200);
        }
        call("GET", PROPERTIES + "/email", "", token);
        assertThat(status).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({"FREE,0,100", "STARTER,0,100", "PROFESSIONAL,0,190", "ENTERPRISE,0,190", "PROFESSIONAL,1,250"})
    void tenSecondsOfAnAppHaveTheTiersLimit(Tier tier, int increases, int limit) throws Exception {
        restart(HubSpotOptions.builder().quota(true).tier(tier).limitIncreases(increases));
        refuseAfter(limit, simulator.accessToken());
        now.addAndGet(9_999);
        JsonNode error = call("GET", CONTACTS, "");
        assertThat(status).isEqualTo(429);
        assertThat(error.path("policyName").asText()).isEqualTo("TEN_SECONDLY_ROLLING");
        assertThat(error.path("message").asText()).isEqualTo("You have reached your ten_secondly_rolling limit.");
        assertThat(error.path("errorType").asText()).isEqualTo("RATE_LIMIT");
        assertThat(headers.firstValue("Retry-After")).isEmpty();
        now.addAndGet(1);
        call("GET", CONTACTS, "");
        assertThat(status).isEqualTo(200);
    }

    @Test
    void theDaysLimitIsTheTiersAndStartsAgainAtTheAccountsMidnight() {
        AtomicLong clock = new AtomicLong(Instant.parse("2026-11-24T04:59:59Z").toEpochMilli());
        HubSpotOptions options = HubSpotOptions.builder()
                .quota(true)
                .tier(Tier.FREE)
                .timeZone(ZoneId.of("America/New_York"))
                .clock(() -> Instant.ofEpochMilli(clock.get()))
                .build();
        RateLimits limits = new RateLimits(options);
        clock.addAndGet(-86_000_000);
        for (int i = 0; i < 250_000; i++) {
            clock.addAndGet(i % 3 == 0 ? 1_000 / 3 : 0);
            limits.take(Tokens.App.PRIVATE, false);
        }
        clock.addAndGet(20_000);
        assertThatThrownBy(() -> limits.take(Tokens.App.PRIVATE, false))
                .hasMessage("You have reached your daily limit.");
        limits.take(Tokens.App.OAUTH, false);
        clock.set(Instant.parse("2026-11-24T05:00:00Z").toEpochMilli());
        limits.take(Tokens.App.PRIVATE, false);
    }

    @Test
    void anAppInstalledThroughOauthHasItsOwnLimitWithoutSearches() throws Exception {
        restart(HubSpotOptions.builder().quota(true));
        String form = "grant_type=refresh_token&client_id=" + HubSpotSimulator.CLIENT_ID + "&client_secret="
                + HubSpotSimulator.CLIENT_SECRET + "&refresh_token=" + HubSpotSimulator.REFRESH_TOKEN;
        String token =
                call("POST", "/oauth/v3/token", form).path("access_token").asText();
        for (int i = 0; i < 5; i++) {
            call("POST", CONTACTS + "/search", "{}", token);
        }
        refuseAfter(110, token);
        call("GET", CONTACTS, "");
        assertThat(status).isEqualTo(200);
        now.addAndGet(10_000);
        call("GET", CONTACTS, "", token);
        assertThat(headers.firstValue("X-HubSpot-RateLimit-Max")).hasValue("110");
        assertThat(headers.firstValue("X-HubSpot-RateLimit-Daily")).isEmpty();
    }

    @Test
    void answersTellWhatIsLeftButSearchesDoNot() throws Exception {
        restart(HubSpotOptions.builder().quota(true));
        call("GET", CONTACTS, "");
        assertThat(headers.firstValue("X-HubSpot-RateLimit-Max")).hasValue("190");
        assertThat(headers.firstValue("X-HubSpot-RateLimit-Remaining")).hasValue("189");
        assertThat(headers.firstValue("X-HubSpot-RateLimit-Daily")).hasValue("625000");
        assertThat(headers.firstValue("X-HubSpot-RateLimit-Daily-Remaining")).hasValue("624999");
        assertThat(headers.firstValue("X-HubSpot-RateLimit-Interval-Milliseconds"))
                .hasValue("10000");
        search("{}");
        assertThat(headers.map().keySet()).noneMatch(name -> name.toLowerCase().startsWith("x-hubspot-ratelimit"));
    }

    @Test
    void theOlderBodyAndRetryAfterAreSwitches() throws Exception {
        restart(HubSpotOptions.builder().quota(true).with(Quirk.OLDER_ERROR_BODIES, Quirk.RETRY_AFTER_ON_429));
        for (int i = 0; i < 5; i++) {
            search("{}");
        }
        JsonNode error = search("{}");
        assertThat(status).isEqualTo(429);
        assertThat(error.path("category").asText()).isEqualTo("RATE_LIMITS");
        assertThat(error.has("errorType")).isFalse();
        assertThat(headers.firstValue("Retry-After")).hasValue("1");
    }
}
