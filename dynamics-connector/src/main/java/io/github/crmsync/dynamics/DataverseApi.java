package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.core.http.RetryLaterException;
import java.net.URI;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * The calls of the Dataverse Web API (v9.2) that the connectors need. Safe for use by several threads.
 *
 * <p>Methods throw {@link RetriableException} when the service cannot answer now, {@link SettingException} when a setting is
 * to blame, and {@link DataverseException} for every other refusal.
 */
final class DataverseApi implements AutoCloseable {
    /** Preference for labels of options and names of lookups. */
    static final String LABELS = "odata.include-annotations=\"" + ColumnTypes.FORMATTED + "\"";
    /** Path of the service root. */
    static final String ROOT = "/api/data/v9.2/";

    private final URI root;
    private final Table table;
    private final ApiClient tokenClient;
    /** One for each application user; they take turns. */
    private final List<ApiClient> clients = new ArrayList<>();

    private final HttpRuntime runtime;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile int recommendedParallelism;
    private volatile long quietUntil;

    DataverseApi(DynamicsConfig config, HttpSettings http) {
        this(config, http, HttpRuntime.SYSTEM);
    }

    DataverseApi(DynamicsConfig config, HttpSettings http, HttpRuntime runtime) {
        this.runtime = runtime;
        root = config.environment().resolve(ROOT);
        table = config.table();
        tokenClient = new ApiClient(http, RateLimiter.NONE, runtime);
        addClient(
                config,
                http,
                config.getString(DynamicsConfig.CLIENT_ID),
                new TokenProvider(config, tokenClient, runtime::millis));
        for (DynamicsConfig.AdditionalClient other : config.additionalClients()) {
            addClient(config, http, other.id(), new TokenProvider(config, tokenClient, other, runtime::millis));
        }
    }

    private void addClient(DynamicsConfig config, HttpSettings http, String id, TokenProvider tokens) {
        clients.add(new ApiClient(
                http, config.limiter(id), tokens::authorization, tokens::forget, response -> {}, runtime));
    }

    /** Ids of the application users. Each sends a request, so that mistakes in any of them show. */
    List<String> users() {
        return clients.stream().map(client -> whoAmI().path("UserId").asText()).toList();
    }

    /**
     * Whether a user has no role that gives the privilege (Dataverse documentation, "Security roles and privileges"). Where the
     * service does not say, false: the first write will tell.
     */
    boolean lacks(String user, String privilege) {
        String function =
                "Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='" + privilege + "')";
        try {
            return get("systemusers(" + user + ")/" + function)
                    .path("RolePrivileges")
                    .isEmpty();
        } catch (DataverseException | SettingException e) {
            return false;
        }
    }

    /** Id of the environment's organization. */
    String organizationId() {
        return Ids.plain(whoAmI().path("OrganizationId").asText());
    }

    private JsonNode whoAmI() {
        JsonNode answer = getJson(root.resolve("WhoAmI"), "");
        if (!answer.hasNonNull("OrganizationId")) {
            throw new SettingException(
                    DynamicsConfig.URL,
                    "No Dataverse environment answers at " + OData.origin(root) + "; check the URL");
        }
        return answer;
    }

    /** Answer to a request below the service root. */
    JsonNode get(String path) {
        return getJson(root.resolve(path), "");
    }

    /** How many requests the service recommends to have in flight; 0 if it has not said. */
    int recommendedParallelism() {
        return recommendedParallelism;
    }

    /**
     * What a source reads of each row.
     *
     * @param labels whether labels and names come along with the values
     */
    record Reading(Collection<String> columns, int pageSize, boolean labels) {}

    /** First page of a complete reading. */
    Page first(Reading reading, boolean tracked) {
        // With change tracking no order may be asked for; without it, paging needs one to be stable.
        return select(reading, tracked ? "" : "&$orderby=" + table.key(), tracked);
    }

    /**
     * First page of all rows that were modified at a time or later, in that order.
     *
     * @param from time in ms since the epoch
     */
    Page changedSince(Reading reading, long from) {
        String time = Instant.ofEpochMilli(from).truncatedTo(ChronoUnit.SECONDS).toString();
        return select(
                reading,
                "&$filter=" + OData.encode("modifiedon ge " + time) + "&$orderby="
                        + OData.encode("modifiedon asc," + table.key() + " asc"),
                false);
    }

    private Page select(Reading reading, String options, boolean tracked) {
        return page(
                root.resolve(table.entitySet() + "?$select=" + String.join(",", reading.columns()) + options),
                reading,
                tracked);
    }

    /** A page by the link that the service gave for it. */
    Page page(String link, Reading reading, boolean tracked) {
        return page(OData.follow(root, link), reading, tracked);
    }

    private Page page(URI uri, Reading reading, boolean tracked) {
        String prefer = (tracked ? "odata.track-changes," : "") + "odata.maxpagesize=" + reading.pageSize()
                + (reading.labels() ? "," + LABELS : "");
        ApiResponse response = get(uri, prefer);
        return Page.of(Json.read(response.body()), time(response));
    }

    /** The server's clock, in ms since the epoch; the worker's where the answer does not tell it. */
    private long time(ApiResponse response) {
        try {
            return ZonedDateTime.parse(
                            response.headers().getOrDefault("date", ""), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeParseException e) {
            return runtime.millis();
        }
    }

    /** Further rows of an answer. */
    JsonNode follow(String link) {
        return getJson(OData.follow(root, link), "");
    }

    /** Rows of a table that a query gives. */
    JsonNode query(String entitySet, String options) {
        return getJson(URI.create(root + entitySet + "?" + options), "");
    }

    /** Path for a part of a batch. */
    static String path(String entitySet, String options) {
        return ROOT + entitySet + options;
    }

    /**
     * Runs requests in their order, the later ones also after a failure.
     *
     * @param repeatable whether running them twice has the same effect as running them once
     * @throws io.github.crmsync.core.http.AmbiguousException if they are not repeatable and may have run
     */
    BatchCodec.Replies batch(List<BatchCodec.Part> parts, boolean repeatable) {
        return batch(parts, repeatable, Deadline.NONE);
    }

    /**
     * Runs changes in their order, the later ones also after a failure; never repeated by itself.
     *
     * @throws io.github.crmsync.core.http.AmbiguousException if they may have run
     */
    BatchCodec.Replies write(List<BatchCodec.Part> parts, Deadline deadline) {
        return batch(parts, false, deadline);
    }

    private BatchCodec.Replies batch(List<BatchCodec.Part> parts, boolean repeatable, Deadline deadline) {
        String boundary = "batch_" + UUID.randomUUID();
        Map<String, String> headers = headers("odata.continue-on-error");
        ApiResponse response = send(
                new ApiRequest(
                        "POST",
                        root.resolve("$batch"),
                        headers,
                        BatchCodec.encode(boundary, parts),
                        "multipart/mixed; boundary=" + boundary,
                        repeatable),
                deadline);
        String type = response.headers().get("content-type");
        if (BatchCodec.isMultipart(type)) {
            BatchCodec.Replies replies = BatchCodec.decode(type, response.body());
            long wait = replies.replies().stream()
                    .mapToLong(BatchCodec.Reply::retryAfterMs)
                    .max()
                    .orElse(0);
            if (wait > 0) {
                quietUntil = runtime.millis() + wait;
            }
            return replies;
        }
        ServiceError error = ServiceError.of(response.status(), response.body());
        if (response.status() >= 500 && !repeatable || response.ok()) {
            // The server broke off somewhere in the middle.
            return new BatchCodec.Replies(List.of(), false);
        }
        throw failure("A batch", error);
    }

    private ApiResponse send(ApiRequest request) {
        return send(request, Deadline.NONE);
    }

    private ApiResponse send(ApiRequest request, Deadline deadline) {
        long wait = quietUntil - runtime.millis();
        if (wait > 0) {
            throw new RetryLaterException("The service has asked for a pause", wait, null);
        }
        ApiResponse response = clients.get(Math.floorMod(turn.getAndIncrement(), clients.size()))
                .send(request, RateLimiter.NONE, deadline);
        String hint = response.headers().getOrDefault("x-ms-dop-hint", "");
        if (hint.matches("\\d{1,3}")) {
            recommendedParallelism = Integer.parseInt(hint);
        }
        return response;
    }

    private JsonNode getJson(URI uri, String prefer) {
        return Json.read(get(uri, prefer).body());
    }

    private ApiResponse get(URI uri, String prefer) {
        ApiResponse response = send(new ApiRequest("GET", uri, headers(prefer), null, null, true));
        if (!response.ok()) {
            throw failure("GET " + uri.getPath(), ServiceError.of(response.status(), response.body()));
        }
        return response;
    }

    private static RuntimeException failure(String what, ServiceError error) {
        if (error.status() == 401) {
            return new SettingException(
                    DynamicsConfig.URL,
                    "The environment does not accept the access token; check that URL and tenant belong together");
        }
        if (error.stopsTheTask()) {
            return new SettingException(
                    DynamicsConfig.CLIENT_ID,
                    "The application user is missing in the environment or lacks a security role: " + error.message());
        }
        return error.temporary()
                ? new RetriableException(what + ": " + error.message())
                : new DataverseException(what, error);
    }

    private static Map<String, String> headers(String prefer) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "application/json");
        headers.put("OData-MaxVersion", "4.0");
        headers.put("OData-Version", "4.0");
        if (!prefer.isEmpty()) {
            headers.put("Prefer", prefer);
        }
        return headers;
    }

    /** Ends waits and calls in flight. */
    @Override
    public void close() {
        clients.forEach(ApiClient::close);
        tokenClient.close();
    }
}
