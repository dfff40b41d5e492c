package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.SharedLimiters;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The calls of the Dataverse Web API v9.2 that the connectors use.
 *
 * @see <a href="https://learn.microsoft.com/power-apps/developer/data-platform/webapi/overview">Dataverse Web API</a>
 */
final class DataverseApi implements AutoCloseable {
    static final String ROOT = "/api/data/v9.2/";
    private static final Map<String, String> HEADERS =
            Map.of("Accept", "application/json", "OData-MaxVersion", "4.0", "OData-Version", "4.0");

    private final URI origin;
    private final ApiClient client;

    DataverseApi(DynamicsConfig config) {
        HttpSettings http = HttpSettings.from(config);
        TokenProvider tokens = new TokenProvider(config, http);
        origin = config.origin();
        client = new ApiClient(
                http,
                SharedLimiters.of(
                        origin + " " + config.getString(DynamicsConfig.CLIENT_ID),
                        config.getInt(DynamicsConfig.RATE_LIMIT),
                        Duration.ofMinutes(5)),
                tokens,
                tokens::forget);
    }

    /** Id of the organisation that the credentials belong to. */
    String organizationId() {
        return expectOk(get(ROOT + "WhoAmI", Map.of()))
                .json()
                .path("OrganizationId")
                .asText();
    }

    /** Definition of a column: its type, and whether it can be written. */
    record Column(String name, String type, boolean creatable, boolean updatable) {}

    /** Columns of a table by logical name. */
    Map<String, Column> columns(String logicalName) {
        ApiResponse response = expectOk(get(
                ROOT + "EntityDefinitions(LogicalName='" + logicalName
                        + "')/Attributes?$select=LogicalName,AttributeType,IsValidForCreate,IsValidForUpdate",
                Map.of()));
        Map<String, Column> columns = new LinkedHashMap<>();
        for (JsonNode node : response.json().path("value")) {
            columns.put(
                    node.path("LogicalName").asText(),
                    new Column(
                            node.path("LogicalName").asText(),
                            node.path("AttributeType").asText(),
                            node.path("IsValidForCreate").asBoolean(true),
                            node.path("IsValidForUpdate").asBoolean(true)));
        }
        return columns;
    }

    boolean tracksChanges(String logicalName) {
        return expectOk(get(
                        ROOT + "EntityDefinitions(LogicalName='" + logicalName + "')?$select=ChangeTrackingEnabled",
                        Map.of()))
                .json()
                .path("ChangeTrackingEnabled")
                .asBoolean();
    }

    /** First page of a change-tracked reading, or the page behind a link that the service gave. */
    ApiResponse changes(String entitySet, Collection<String> columns, String link, int pageSize) {
        if (link == null) {
            return get(
                    ROOT + entitySet + "?$select=" + String.join(",", columns),
                    Map.of("Prefer", "odata.track-changes,odata.maxpagesize=" + pageSize));
        }
        return get(ownLink(link), Map.of("Prefer", "odata.maxpagesize=" + pageSize));
    }

    /** A page of a plain reading of all rows. */
    ApiResponse rows(String entitySet, Collection<String> columns, String link, int pageSize) {
        String target = link == null ? ROOT + entitySet + "?$select=" + String.join(",", columns) : ownLink(link);
        return get(target, Map.of("Prefer", "odata.maxpagesize=" + pageSize));
    }

    /** Rows whose column has one of the values. String comparison in Dataverse ignores case. */
    ApiResponse in(String entitySet, Collection<String> select, String column, List<String> values) {
        StringBuilder list = new StringBuilder("[");
        for (String value : values) {
            list.append(list.length() > 1 ? "," : "")
                    .append(com.fasterxml.jackson.databind.node.TextNode.valueOf(value));
        }
        return get(
                ROOT + entitySet + "?$select=" + String.join(",", select)
                        + "&$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1="
                        + encode("'" + column + "'") + "&@p2="
                        + encode(list.append("]").toString()),
                Map.of());
    }

    /** A batch that goes on after an error; not repeated by itself, since its parts may have been carried out. */
    ApiResponse batch(String body, String boundary) {
        Map<String, String> headers = new LinkedHashMap<>(HEADERS);
        headers.put("Prefer", "odata.continue-on-error");
        return client.send(new ApiRequest(
                "POST",
                origin.resolve(ROOT + "$batch"),
                headers,
                body.getBytes(StandardCharsets.UTF_8),
                "multipart/mixed; boundary=" + boundary,
                false));
    }

    private ApiResponse get(String pathOrLink, Map<String, String> extra) {
        Map<String, String> headers = new LinkedHashMap<>(HEADERS);
        headers.putAll(extra);
        return client.send(new ApiRequest("GET", origin.resolve(pathOrLink), headers, null, null, true));
    }

    /** The token goes with the request: links are only followed on the configured origin. */
    private String ownLink(String link) {
        URI uri = URI.create(link);
        if (!link.startsWith(origin + "/")) {
            throw new ConnectException(
                    "The service gave a link to another host, " + uri.getHost() + "; it was not followed");
        }
        return link;
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The response if it is a success, else an exception that says what to do. */
    ApiResponse expectOk(ApiResponse response) {
        if (response.ok()) {
            return response;
        }
        String message = response.json().path("error").path("message").asText("HTTP " + response.status());
        if (response.status() == 401 || response.status() == 403) {
            throw new ConnectException("Dynamics refuses access (" + message
                    + "): check that the app registration has an application user with a security role in "
                    + origin.getHost());
        }
        throw new ConnectException("Dynamics answered: " + message);
    }

    @Override
    public void close() {
        client.close();
    }
}
