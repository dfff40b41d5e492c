package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.AmbiguousException;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.http.AnswerScope;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.core.http.RetryLaterException;
import io.github.crmsync.core.http.ServiceFailedException;
import io.github.crmsync.dynamics.DataverseAnswers.Operation;
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
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * The calls of the Dataverse Web API (v9.2) that the connectors need. Safe for use by several threads.
 *
 * <p>Methods throw {@link RetriableException} when the service cannot answer now, {@link SettingException} when a setting is
 * to blame, and {@link DataverseException} for every other refusal.
 */
final class DataverseApi implements AutoCloseable {
    /** Preference for labels of options, and for names and tables of the rows that lookups lead to. */
    static final String LABELS =
            "odata.include-annotations=\"" + ColumnTypes.FORMATTED + "," + ColumnTypes.LOOKED_UP + "\"";
    /** How long answers of others than Dataverse are waited out. */
    private static final long FOREIGN_MS = 900_000;
    /** Path of the service root. */
    static final String ROOT = "/api/data/v9.2/";

    private static final long SERVER_ERROR_WAIT_MS = 1_000;

    private final URI root;
    private final Table table;
    private final ApiClient tokenClient;
    /** One for each application user; they take turns. */
    private final List<ApiClient> clients = new ArrayList<>();

    private final HttpRuntime runtime;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile int recommendedParallelism;
    private volatile long quietUntil;
    /** Since when answers have not been Dataverse's own; 0 while they are. */
    private final AtomicLong foreignSince = new AtomicLong();

    DataverseApi(DynamicsConfig config, HttpSettings http) {
        this(config, http, HttpRuntime.SYSTEM);
    }

    DataverseApi(DynamicsConfig config, HttpSettings http, HttpRuntime runtime) {
        this(config, http, runtime, true, config.additionalClients());
    }

    /** @param own whether the connector's own app registration takes part */
    private DataverseApi(
            DynamicsConfig config,
            HttpSettings http,
            HttpRuntime runtime,
            boolean own,
            List<DynamicsConfig.AdditionalClient> others) {
        this.runtime = runtime;
        root = config.environment().resolve(ROOT);
        table = config.table();
        tokenClient = new ApiClient(http, RateLimiter.NONE, runtime);
        if (own) {
            addClient(
                    config,
                    http,
                    config.getString(DynamicsConfig.CLIENT_ID),
                    new TokenProvider(config, tokenClient, runtime::millis));
        }
        for (DynamicsConfig.AdditionalClient other : others) {
            addClient(config, http, other.id(), new TokenProvider(config, tokenClient, other, runtime::millis));
        }
    }

    /** For the check of a configuration: with some of its app registrations only, so that a mistake shows whose it is. */
    static DataverseApi forValidation(
            DynamicsConfig config, boolean own, List<DynamicsConfig.AdditionalClient> others) {
        return new DataverseApi(config, config.http().forValidation(), HttpRuntime.SYSTEM, own, others);
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
                tracked,
                Operation.READ);
    }

    /** A page by the link that the service gave for it. */
    Page page(String link, Reading reading, boolean tracked) {
        return page(OData.follow(root, link), reading, tracked, Operation.FOLLOW);
    }

    private Page page(URI uri, Reading reading, boolean tracked, Operation operation) {
        String prefer = (tracked ? "odata.track-changes," : "") + "odata.maxpagesize=" + reading.pageSize()
                + (reading.labels() ? "," + LABELS : "");
        ApiResponse response = get(uri, prefer, operation);
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
    BatchCodec.Replies write(List<? extends BatchCodec.Item> parts, Deadline deadline) {
        return batch(parts, false, deadline);
    }

    private BatchCodec.Replies batch(List<? extends BatchCodec.Item> parts, boolean repeatable, Deadline deadline) {
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
                    .filter(DataverseApi::asksForPause)
                    .mapToLong(BatchCodec.Reply::retryAfterMs)
                    .max()
                    .orElse(0);
            if (wait > 0) {
                quietUntil = runtime.millis() + wait;
            }
            return replies;
        }
        Operation operation = repeatable ? Operation.READ : Operation.UPDATE;
        RuntimeException failure = response.ok()
                ? new AmbiguousException("The answer to a batch is none", null)
                : failure("A batch", operation, response);
        if (failure instanceof AmbiguousException) {
            // The server broke off somewhere in the middle.
            return new BatchCodec.Replies(List.of(), false, response.status() == 500 ? failure.getMessage() : null);
        }
        throw failure;
    }

    /** A throttled part speaks of the whole service; a plug-in that answers with 429 speaks of its row. */
    private static boolean asksForPause(BatchCodec.Reply reply) {
        return reply.status() >= 400
                && DataverseAnswers.of(
                                        Operation.READ,
                                        AnswerScope.PART,
                                        ServiceError.of(reply.status(), reply.headers(), reply.body()),
                                        null)
                                .about()
                        == AnswerScope.CALL;
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
        return get(uri, prefer, Operation.READ);
    }

    private ApiResponse get(URI uri, String prefer, Operation operation) {
        ApiResponse response = send(new ApiRequest("GET", uri, headers(prefer), null, null, true));
        if (response.ok() && isOwn(Json.read(response.body()))) {
            foreignSince.set(0);
            return response;
        }
        throw failure("GET " + uri.getPath(), operation, response);
    }

    /** Every answer of the service names its context (OData JSON format 4.0, 4.5.1); a page of a gateway does not. */
    static boolean isOwn(JsonNode answer) {
        return answer.hasNonNull("@odata.context");
    }

    private RuntimeException failure(String what, Operation operation, ApiResponse response) {
        ServiceError error = response.ok()
                ? new ServiceError(response.status(), "", "HTTP " + response.status(), false)
                : ServiceError.of(response.status(), response.headers(), response.body());
        return failure(what, operation, error);
    }

    /** What to throw for an answer to a whole call. */
    RuntimeException failure(String what, Operation operation, ServiceError error) {
        AnswerKind kind =
                DataverseAnswers.of(operation, AnswerScope.CALL, error, table).kind();
        if (kind != AnswerKind.UNKNOWN) {
            foreignSince.set(0);
        }
        return switch (kind) {
            case CREDENTIALS ->
                new SettingException(
                        DynamicsConfig.URL,
                        "The environment does not accept the access token; check that URL and tenant belong together");
            case CONFIGURATION ->
                DataverseAnswers.trackingOff(error)
                        ? new DataverseException(what, error, kind)
                        : new SettingException(
                                DynamicsConfig.CLIENT_ID,
                                "The application user is missing in the environment or lacks a security role: "
                                        + error.message());
            case TRY_LATER ->
                error.status() == 500
                        ? new ServiceFailedException(what + ": " + error.message(), SERVER_ERROR_WAIT_MS)
                        : new RetriableException(what + ": " + error.message());
            case AMBIGUOUS -> new AmbiguousException(what + ": " + error.message(), null);
            case UNKNOWN -> foreign(what, error);
            case REFUSED_RECORD, REFUSED_FIELDS, GONE, CONFLICT -> new DataverseException(what, error, kind);
        };
    }

    /** A gateway may answer for a while; where nothing else comes for long, somebody has to look at the way there. */
    private RuntimeException foreign(String what, ServiceError error) {
        long now = runtime.millis();
        long since = foreignSince.updateAndGet(before -> before == 0 ? now : before);
        String problem = what + ": the answer (HTTP " + error.status() + ") is not Dataverse's own; check "
                + DynamicsConfig.URL + " and what lies on the way there, such as a proxy or a firewall";
        return now - since > FOREIGN_MS ? new ConnectException(problem) : new RetriableException(problem);
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

    /** Ends waits and calls in flight; later calls are made as ever. */
    void giveUp() {
        clients.forEach(ApiClient::giveUp);
        tokenClient.giveUp();
    }

    /** Ends waits and calls in flight. */
    @Override
    public void close() {
        clients.forEach(ApiClient::close);
        tokenClient.close();
    }
}
