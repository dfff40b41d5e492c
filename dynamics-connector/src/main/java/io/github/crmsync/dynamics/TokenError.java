package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;

/** Says what a refusal of Microsoft Entra means, by its error codes: its texts are translated and change. */
final class TokenError {
    private TokenError() {}

    /**
     * @param credential name of the setting that holds the secret or the certificate
     */
    static SettingException of(int status, JsonNode body, String credential) {
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
                        credential, "The client secret is wrong; use the secret's value, not its id" + reason);
            case 7000222 ->
                new SettingException(
                        credential, "The client secret has expired; create a new one in the app registration" + reason);
            case 700027 ->
                new SettingException(
                        credential,
                        "The app registration does not know the certificate, or it has expired; upload it there"
                                + reason);
            case 70011, 500011, 1002012 ->
                new SettingException(
                        DynamicsConfig.URL, "The tenant knows no such environment; check its URL" + reason);
            default -> byName(error, reason, credential);
        };
    }

    private static SettingException byName(String error, String reason, String credential) {
        return switch (error) {
            case "invalid_client" ->
                new SettingException(credential, "Client id and " + credential + " are not accepted" + reason);
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
