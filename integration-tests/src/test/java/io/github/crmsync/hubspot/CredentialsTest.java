package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.SideBySide;
import io.github.crmsync.sandbox.hubspot.HubSpotSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens that are wrong, lack scopes, expire or are withdrawn. */
class CredentialsTest {
    private static final long MINUTE_MS = 60_000;
    private Portal portal = Portal.open();

    @AfterEach
    void close() {
        portal.close();
    }

    private HubSpotApi oauthApi(String refreshToken, java.util.function.LongSupplier clock) {
        HubSpotSourceConfig config = new HubSpotSourceConfig(portal.oauthConnection(refreshToken));
        return new HubSpotApi(config.connection(), HttpSettings.defaults(), clock);
    }

    @Test
    void aRefusedTokenStopsTheSourceWithASentence() {
        Map<String, String> settings =
                Map.of(HubSpotConfig.ACCESS_TOKEN, "pat-na1-revoked", HttpSettings.RETRY_MAX_WAIT_MS, "0");
        try (SourceRun source = new SourceRun(portal, settings, null)) {
            assertThatThrownBy(source::poll)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("HubSpot does not accept the credentials")
                    .hasMessageContaining(HubSpotConfig.ACCESS_TOKEN)
                    .hasMessageNotContaining("revoked");
        }
    }

    @Test
    void aMissingScopeStopsTheSourceAndIsNamed() {
        portal.close();
        portal = Portal.open(options -> options.scopes(Set.of("crm.objects.contacts.write")));
        try (SourceRun source = new SourceRun(portal)) {
            assertThatThrownBy(source::snapshot)
                    .isInstanceOf(HubSpotErrors.Forbidden.class)
                    .hasMessageContaining("crm.objects.contacts.read");
        }
    }

    @Test
    void anOauthTokenIsRenewedBeforeItExpires() {
        try (HubSpotApi api = oauthApi(HubSpotSimulator.REFRESH_TOKEN, portal::now)) {
            api.accountInfo();
            api.accountInfo();
            assertThat(portal.calls("/token")).isEqualTo(1);
            for (int i = 0; i < 10; i++) {
                portal.advance(13 * MINUTE_MS);
                api.accountInfo();
            }
            assertThat(portal.calls("/token")).isEqualTo(6);
            assertThat(portal.answers(401)).isZero();
        }
    }

    @Test
    void allTasksOfAWorkerShareTheTokenOfAGrant() {
        List<HubSpotApi> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tasks.add(oauthApi(HubSpotSimulator.REFRESH_TOKEN, portal::now));
        }
        try (SideBySide threads = new SideBySide(4, "crmsync-hubspot-batch")) {
            List<Callable<HubSpotApi.Account>> calls = new ArrayList<>();
            tasks.forEach(api -> calls.add(api::accountInfo));
            threads.run(calls);
            portal.advance(27 * MINUTE_MS);
            threads.run(calls);
        }
        assertThat(portal.calls("/token")).isEqualTo(2);
        tasks.forEach(HubSpotApi::close);
    }

    @Test
    void aTokenThatExpiredUnnoticedIsRenewedOnceForAllCallsThatItFailed() {
        long stopped = portal.now();
        try (HubSpotApi api = oauthApi(HubSpotSimulator.REFRESH_TOKEN, () -> stopped);
                SideBySide threads = new SideBySide(4, "crmsync-hubspot-batch")) {
            api.accountInfo();
            portal.advance(31 * MINUTE_MS);
            List<Callable<HubSpotApi.Account>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(api::accountInfo);
            }
            assertThat(threads.run(calls)).hasSize(20);
            assertThat(portal.calls("/token")).isEqualTo(2);
        }
    }

    @Test
    void aDeadRefreshTokenStopsTheSourceWithASentence() {
        Map<String, String> settings = portal.oauthConnection("na1-withdrawn");
        settings.put(HubSpotConfig.ACCESS_TOKEN, "");
        try (SourceRun source = new SourceRun(portal, settings, null)) {
            assertThatThrownBy(source::poll)
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(org.apache.kafka.connect.errors.RetriableException.class)
                    .hasMessageContaining("invalid_grant")
                    .hasMessageContaining(HubSpotConfig.OAUTH_REFRESH_TOKEN)
                    .hasMessageContaining("grant access again")
                    .hasMessageNotContaining("withdrawn");
            assertThat(portal.calls("/token")).isEqualTo(1);
        }
    }

    @Test
    void aDeadRefreshTokenStopsTheSinkWithASentence() {
        Map<String, String> settings = portal.oauthConnection("na1-withdrawn");
        settings.put(HubSpotConfig.ACCESS_TOKEN, "");
        try (SinkRun sink = new SinkRun(portal, settings)) {
            assertThatThrownBy(() -> sink.process(sink.people(1, "city", "Rome")))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("invalid_grant");
        }
    }

    @Test
    void aTokenEndpointThatIsDownIsWaitedFor() {
        portal.fault(Map.of("match", "/token", "status", 503));
        Map<String, String> settings = portal.oauthConnection(HubSpotSimulator.REFRESH_TOKEN);
        settings.put(HubSpotConfig.ACCESS_TOKEN, "");
        try (SourceRun source = new SourceRun(portal, settings, null)) {
            assertThat(source.snapshot().delivered()).isEmpty();
        }
    }
}
