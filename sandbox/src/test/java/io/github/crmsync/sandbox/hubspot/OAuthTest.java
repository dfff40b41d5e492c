package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** Tokens and scopes. */
class OAuthTest extends Simulated {
    @Test
    void tokensAreNeededAndRefreshedOnesExpire() throws Exception {
        HttpRequest bare =
                HttpRequest.newBuilder(URI.create(simulator.url() + CONTACTS)).build();
        assertThat(CLIENT.send(bare, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        String form = "grant_type=refresh_token&client_id=" + HubSpotSimulator.CLIENT_ID + "&client_secret="
                + HubSpotSimulator.CLIENT_SECRET + "&refresh_token=" + HubSpotSimulator.REFRESH_TOKEN;
        String token =
                call("POST", "/oauth/2026-03/token", form).path("access_token").asText();
        HttpRequest authorised = HttpRequest.newBuilder(URI.create(simulator.url() + CONTACTS))
                .header("Authorization", "Bearer " + token)
                .build();
        assertThat(CLIENT.send(authorised, BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        now.addAndGet(1_800_000);
        assertThat(CLIENT.send(authorised, BodyHandlers.ofString()).body()).contains("EXPIRED_AUTHENTICATION");
    }
}
