package io.github.crmsync.hubspot;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Addresses of the API's operations in the spelling of one version. */
final class HubSpotPaths {
    private final String url;
    private final String version;
    private final boolean dated;

    HubSpotPaths(String url, String version) {
        this.url = url;
        this.version = version;
        this.dated = !version.startsWith("v");
    }

    /** @param rest what follows {@code contacts}, such as {@code /batch/read} */
    URI contacts(String rest, Map<String, String> query) {
        return uri(dated ? "/crm/objects/" + version + "/contacts" + rest : "/crm/v3/objects/contacts" + rest, query);
    }

    URI properties() {
        return uri(dated ? "/crm/properties/" + version + "/contacts" : "/crm/v3/properties/contacts", Map.of());
    }

    /** @param rest what follows the area, such as {@code /7/memberships} */
    URI lists(String rest, Map<String, String> query) {
        return uri((dated ? "/crm/lists/" + version : "/crm/v3/lists") + rest, query);
    }

    URI token() {
        return uri("/oauth/" + version + "/token", Map.of());
    }

    URI accountInfo() {
        return uri("/account-info/" + version + "/details", Map.of());
    }

    /** The numbered spelling, which every portal knows. */
    URI accountInfoV3() {
        return uri("/account-info/v3/details", Map.of());
    }

    private URI uri(String path, Map<String, String> query) {
        String text = query.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return URI.create(url + path + (text.isEmpty() ? "" : "?" + text));
    }
}
