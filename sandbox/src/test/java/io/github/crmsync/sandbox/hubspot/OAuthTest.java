package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
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

    private static final String CLIENT_FIELDS =
            "client_id=" + HubSpotSimulator.CLIENT_ID + "&client_secret=" + HubSpotSimulator.CLIENT_SECRET;

    private JsonNode refresh(String version, String refreshToken) throws Exception {
        return call(
                "POST",
                "/oauth/" + version + "/token",
                "grant_type=refresh_token&" + CLIENT_FIELDS + "&refresh_token=" + refreshToken);
    }

    private JsonNode introspect(String token) throws Exception {
        return call("POST", "/oauth/2026-09/token/introspect", CLIENT_FIELDS + "&token=" + token);
    }

    @Test
    void aRefreshTokenComesBackUnchangedAndItsAccessTokenTellsItsEnd() throws Exception {
        JsonNode answer = refresh("2026-03", HubSpotSimulator.REFRESH_TOKEN);
        assertThat(answer.path("refresh_token").asText()).isEqualTo(HubSpotSimulator.REFRESH_TOKEN);
        assertThat(answer.path("expires_in").asInt()).isEqualTo(1800);
        assertThat(answer.path("token_type").asText()).isEqualTo("bearer");
        assertThat(answer.path("token_use").asText()).isEqualTo("access_token");
    }

    @Test
    void anAuthorizationCodeIsGoodOnce() throws Exception {
        String form = "grant_type=authorization_code&redirect_uri=http://localhost/done&code="
                + HubSpotSimulator.AUTHORIZATION_CODE + "&" + CLIENT_FIELDS;
        String refreshToken =
                call("POST", "/oauth/2026-09/token", form).path("refresh_token").asText();
        refresh("v3", refreshToken);
        assertThat(status).isEqualTo(200);
        JsonNode again = call("POST", "/oauth/2026-09/token", form);
        assertThat(status).isEqualTo(400);
        assertThat(again.path("error").asText()).isEqualTo("invalid_grant");
        assertThat(again.path("status").asText()).isEqualTo("BAD_AUTH_CODE");
    }

    @Test
    void clientCredentialsGiveNoRefreshToken() throws Exception {
        JsonNode answer =
                call("POST", "/oauth/2026-03/token", "grant_type=client_credentials&scope=oauth&" + CLIENT_FIELDS);
        assertThat(answer.has("refresh_token")).isFalse();
        assertThat(answer.path("token_use").asText()).isEqualTo("client_credentials");
    }

    @Test
    void newEndpointsAnswerErrorsInBothStylesAndOldOnesInTheirs() throws Exception {
        JsonNode dated = refresh("2026-03", "gone");
        assertThat(status).isEqualTo(400);
        assertThat(dated.path("error").asText()).isEqualTo("invalid_grant");
        assertThat(dated.path("error_description").asText())
                .isEqualTo(dated.path("message").asText());
        assertThat(dated.path("status").asText()).isEqualTo("BAD_REFRESH_TOKEN");
        JsonNode v1 = refresh("v1", "gone");
        assertThat(status).isEqualTo(400);
        assertThat(v1.has("error")).isFalse();
        assertThat(v1.path("status").asText()).isEqualTo("BAD_REFRESH_TOKEN");
        assertThat(call("POST", "/oauth/v3/token", "grant_type=password")
                        .path("error")
                        .asText())
                .isEqualTo("unsupported_grant_type");
        assertThat(call("POST", "/oauth/v3/token", "grant_type=refresh_token&client_id=x")
                        .path("error")
                        .asText())
                .isEqualTo("invalid_client");
    }

    @Test
    void tokensAreIntrospectedUntilTheyEndOrAreRevoked() throws Exception {
        String token = refresh("2026-03", HubSpotSimulator.REFRESH_TOKEN)
                .path("access_token")
                .asText();
        JsonNode access = introspect(token);
        assertThat(access.path("active").asBoolean()).isTrue();
        assertThat(access.path("token_use").asText()).isEqualTo("access_token");
        assertThat(access.path("token_type").asText()).isEqualTo("Bearer");
        now.addAndGet(1_800_000);
        assertThat(introspect(token).path("active").asBoolean(true)).isFalse();
        assertThat(introspect(HubSpotSimulator.REFRESH_TOKEN).path("token_use").asText())
                .isEqualTo("refresh_token");
        call("POST", "/oauth/2026-03/token/revoke", CLIENT_FIELDS + "&token=" + HubSpotSimulator.REFRESH_TOKEN);
        assertThat(status).isEqualTo(204);
        introspect(HubSpotSimulator.REFRESH_TOKEN);
        assertThat(status).isEqualTo(400);
        assertThat(refresh("2026-03", HubSpotSimulator.REFRESH_TOKEN)
                        .path("error")
                        .asText())
                .isEqualTo("invalid_grant");
    }

    @Test
    void aRevokedAccessTokenIsRefused() throws Exception {
        String token = refresh("2026-03", HubSpotSimulator.REFRESH_TOKEN)
                .path("access_token")
                .asText();
        call("GET", CONTACTS, "", token);
        assertThat(status).isEqualTo(200);
        call("POST", "/oauth/2026-03/token/revoke", CLIENT_FIELDS + "&token=" + token);
        assertThat(call("GET", CONTACTS, "", token).path("category").asText()).isEqualTo("INVALID_AUTHENTICATION");
        assertThat(status).isEqualTo(401);
    }

    @Test
    void versionOneHasItsOwnCallsAboutTokens() throws Exception {
        String token = refresh("v1", HubSpotSimulator.REFRESH_TOKEN)
                .path("access_token")
                .asText();
        assertThat(call("GET", "/oauth/v1/access-tokens/" + token, "")
                        .path("token_type")
                        .asText())
                .isEqualTo("access");
        assertThat(call("GET", "/oauth/v1/refresh-tokens/" + HubSpotSimulator.REFRESH_TOKEN, "")
                        .path("token_type")
                        .asText())
                .isEqualTo("refresh");
        call("DELETE", "/oauth/v1/refresh-tokens/" + HubSpotSimulator.REFRESH_TOKEN, "");
        assertThat(status).isEqualTo(204);
        call("GET", "/oauth/v1/refresh-tokens/" + HubSpotSimulator.REFRESH_TOKEN, "");
        assertThat(status).isEqualTo(404);
    }

    @Test
    void aRefreshTokenCanEndForWantOfUse() throws Exception {
        restart(HubSpotOptions.builder().refreshTokenIdleMs(1_000));
        now.addAndGet(999);
        refresh("2026-03", HubSpotSimulator.REFRESH_TOKEN);
        assertThat(status).isEqualTo(200);
        now.addAndGet(1_000);
        refresh("2026-03", HubSpotSimulator.REFRESH_TOKEN);
        assertThat(status).isEqualTo(400);
    }

    @Test
    void eachCallNeedsItsScopes() throws Exception {
        restart(HubSpotOptions.builder().scopes(Set.of("crm.objects.contacts.read", "crm.lists.write")));
        call("GET", CONTACTS, "");
        assertThat(status).isEqualTo(200);
        call("GET", PROPERTIES, "");
        assertThat(status).isEqualTo(200);
        call("GET", "/account-info/v3/details", "");
        assertThat(status).isEqualTo(200);
        JsonNode error = call("POST", CONTACTS, "{}");
        assertThat(status).isEqualTo(403);
        assertThat(error.path("category").asText()).isEqualTo("MISSING_SCOPES");
        assertThat(error.at("/errors/0/context/requiredGranularScopes/0").asText())
                .isEqualTo("crm.objects.contacts.write");
        call("POST", PROPERTIES, UNIQUE);
        assertThat(status).isEqualTo(403);
        String list = call("POST", LISTS, "{'name':'L','objectTypeId':'0-1','processingType':'MANUAL'}")
                .at("/list/listId")
                .asText();
        assertThat(status).isEqualTo(200);
        call("PUT", LISTS + "/" + list + "/memberships/add", "[]");
        assertThat(status).isEqualTo(403);
    }

    @Test
    void theHistoryNamesTheAppThatWrote() throws Exception {
        String token = refresh("2026-03", HubSpotSimulator.REFRESH_TOKEN)
                .path("access_token")
                .asText();
        String id = create("a@example.com");
        now.addAndGet(5);
        call("PATCH", CONTACTS + "/" + id, "{'properties':{'firstname':'Bea'}}", token);
        JsonNode history = call("GET", CONTACTS + "/" + id + "?propertiesWithHistory=firstname", "")
                .at("/propertiesWithHistory/firstname");
        assertThat(history.findValuesAsText("sourceType")).containsExactly("INTEGRATION", "INTEGRATION");
        assertThat(history.get(0).path("sourceId").asText())
                .isNotEqualTo(history.get(1).path("sourceId").asText());
    }
}
