package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;

/** Says what a refusal of Microsoft Entra means, by its error codes: its texts are translated and change. */
final class TokenError {
    private TokenError() {}

    static SettingException of(int status, JsonNode body) {
        int code = body.path("error_codes").path(0).asInt();
        String error = body.path("error").asText("HTTP " + status);
        String reason = " (Microsoft Entra: " + error + (code == 0 ? "" : ", AADSTS" + code) + ")";
        return switch (code) {
            case 90002, 900023 ->
                new SettingException(
                        DynamicsConfig.TENANT_ID,
                        "There is no such tenant; copy the directory (tenant) id of the app registration" + reason);
            case 700016 ->
                new SettingException(
                        DynamicsConfig.CLIENT_ID,
                        "The tenant has no such application; copy the application (client) id of the app registration"
                                + reason);
            case 7000215 ->
                new SettingException(
                        DynamicsConfig.CLIENT_SECRET,
                        "The client secret is wrong; use the secret's value, not its id" + reason);
            case 7000222 ->
                new SettingException(
                        DynamicsConfig.CLIENT_SECRET,
                        "The client secret has expired; create a new one in the app registration" + reason);
            case 70011, 500011, 1002012 ->
                new SettingException(
                        DynamicsConfig.URL, "The tenant knows no such environment; check its URL" + reason);
            default -> byName(error, reason);
        };
    }

    private static SettingException byName(String error, String reason) {
        return switch (error) {
            case "invalid_client" ->
                new SettingException(
                        DynamicsConfig.CLIENT_SECRET, "Client id and client secret are not accepted" + reason);
            case "unauthorized_client" ->
                new SettingException(
                        DynamicsConfig.CLIENT_ID, "The application may not sign in in this tenant" + reason);
            case "invalid_scope", "invalid_resource" ->
                new SettingException(
                        DynamicsConfig.URL, "The tenant knows no such environment; check its URL" + reason);
            default ->
                new SettingException(
                        DynamicsConfig.AUTHORITY_URL,
                        "No access token was issued; check authority, tenant and client id" + reason);
        };
    }
}
