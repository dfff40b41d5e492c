package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.http.Faults;
import io.github.crmsync.sandbox.http.Protocol;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import io.github.crmsync.sandbox.http.SimulatorServer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A Dataverse environment with contacts and leads behind the Web API v9.2. */
public final class DynamicsSimulator implements AutoCloseable {
    private static final int MAX_URL = 32_768;
    private static final String NS = "Microsoft.Dynamics.CRM.";

    /**
     * Settings.
     *
     * @param port 0 picks a free one
     * @param quota whether the service protection limits apply
     * @param seed of generated data
     */
    public record Options(
            int port,
            long latencyMs,
            boolean quota,
            long seed,
            String tenantId,
            String clientId,
            String clientSecret,
            Duration tokenLifetime,
            InstantSource clock) {

        public static Options defaults() {
            return new Options(
                    0,
                    0,
                    false,
                    1,
                    "6f0f5a52-6a3c-4d1b-9a53-3a8f1e0c7d11",
                    "b1c7e0d4-2f7e-4a86-8a55-90c1f6d2e302",
                    "sandbox~secret~value",
                    Duration.ofHours(1),
                    InstantSource.system());
        }

        public Options withPort(int value) {
            return new Options(value, latencyMs, quota, seed, tenantId, clientId, clientSecret, tokenLifetime, clock);
        }

        public Options withLatencyMs(long value) {
            return new Options(port, value, quota, seed, tenantId, clientId, clientSecret, tokenLifetime, clock);
        }

        public Options withQuota(boolean value) {
            return new Options(port, latencyMs, value, seed, tenantId, clientId, clientSecret, tokenLifetime, clock);
        }

        public Options withTokenLifetime(Duration value) {
            return new Options(port, latencyMs, quota, seed, tenantId, clientId, clientSecret, value, clock);
        }

        public Options withClock(InstantSource value) {
            return new Options(port, latencyMs, quota, seed, tenantId, clientId, clientSecret, tokenLifetime, value);
        }
    }

    private final Options options;
    private final Organization organization;
    private final TokenIssuer tokens;
    private final ServiceProtection protection;
    private final SimulatorServer server;
    private final DataService service;
    private final BatchService batches;

    /** Binds the port; requests are answered after {@link #start()}. */
    public DynamicsSimulator(Options options) throws IOException {
        this.options = options;
        organization = new Organization(options.clock(), options.clientId());
        tokens = new TokenIssuer(
                options.tenantId(),
                options.clientId(),
                options.clientSecret(),
                options.tokenLifetime(),
                options.clock());
        protection = new ServiceProtection(options.clock());
        Router router = new Router();
        server = new SimulatorServer(options.port(), options.latencyMs(), router, new Rules());
        service = new DataService(organization, server.url() + ApiRequest.ROOT, server.faults(), new Meter() {
            @Override
            public void read(int records) {
                server.stats().recordsRead(records);
            }

            @Override
            public void written(int records) {
                server.stats().recordsWritten(records);
            }
        });
        batches = new BatchService(service, operation -> server.stats().part(operation), server.faults());
        addRoutes(router);
    }

    public DynamicsSimulator start() {
        server.start();
        return this;
    }

    /** Origin of the environment, without a slash at the end. */
    public String url() {
        return server.url();
    }

    public String tokenUrl() {
        return url() + "/" + options.tenantId() + "/oauth2/v2.0/token";
    }

    public Options options() {
        return options;
    }

    public Faults faults() {
        return server.faults();
    }

    public Map<String, Object> stats() {
        return server.stats().snapshot();
    }

    /** Puts rows into a table without counting them as written; keys are column names. */
    public void fill(String logicalName, List<Map<String, Object>> rows) {
        RowStore store = organization.storeOf(logicalName);
        for (Map<String, Object> row : rows) {
            ObjectNode body = Json.MAPPER.createObjectNode();
            row.forEach((name, value) -> {
                store.table().column(name);
                boolean text = value instanceof TemporalAccessor || value instanceof UUID;
                body.set(name, Json.MAPPER.valueToTree(text ? value.toString() : value));
            });
            organization.write(() -> {
                service.writer().load(store, body);
                return null;
            });
        }
    }

    /** Current rows of a table, nulls left out. */
    public List<Map<String, Object>> rows(String logicalName) {
        RowStore store = organization.storeOf(logicalName);
        return organization.read(() -> {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (Row row : store.all()) {
                Map<String, Object> values = new LinkedHashMap<>();
                for (Column column : store.table().columns()) {
                    if (row.get(column) != null) {
                        values.put(column.name(), row.get(column));
                    }
                }
                rows.add(values);
            }
            return rows;
        });
    }

    /** Makes all delta links handed out so far expire. */
    public void expireDeltaLinks() {
        organization.expireDeltas();
    }

    public void setChangeTracking(String logicalName, boolean on) {
        organization.tracking(logicalName, on);
    }

    public void setDeltaDays(int days) {
        organization.deltaDays(days);
    }

    /** Makes a static marketing list of contacts or leads, or replaces its members. */
    public void setList(UUID id, String logicalName, Set<UUID> members) {
        service.memberships().putList(id, new MembershipService.Members(logicalName, false, Set.copyOf(members)));
    }

    /** Makes a dynamic marketing list: it has a query and no members. */
    public void setDynamicList(UUID id, String logicalName) {
        service.memberships().putList(id, new MembershipService.Members(logicalName, true, Set.of()));
    }

    /** Makes a system view, or replaces the rows that it shows. */
    public void setView(UUID id, String logicalName, Set<UUID> rows) {
        service.memberships().putView(id, new MembershipService.Members(logicalName, false, Set.copyOf(rows)));
    }

    /** Whether read-only columns in bodies are refused (the default) or ignored. */
    public void setRejectReadOnly(boolean reject) {
        organization.rejectReadOnly(reject);
    }

    public void revokeTokens() {
        tokens.revokeAll();
    }

    @Override
    public void close() {
        server.close();
    }

    private void addRoutes(Router router) {
        router.add(
                "POST",
                "/{tenant}/oauth2/v2.0/token",
                (request, path) -> tokens.token(request, path.get("tenant"), url()));
        String root = ApiRequest.ROOT;
        router.add("POST", root + "$batch", (request, path) -> answer(batches.handle(api(request))));
        Router.Handler data = (request, path) -> answer(service.handle(api(request)));
        for (String set : List.of("contacts", "leads")) {
            for (String method : List.of("GET", "POST")) {
                router.add(method, root + set, data);
            }
            for (String method : List.of("GET", "PATCH", "DELETE")) {
                router.add(method, root + set + "({id})", data);
            }
            router.add("GET", root + set + "/$count", data);
            router.add("POST", root + set + "/" + NS + "CreateMultiple", data);
            router.add("POST", root + set + "/" + NS + "UpdateMultiple", data);
        }
        router.add("POST", root + "leads({id})/" + NS + "QualifyLead", data);
        for (String path : List.of(
                "WhoAmI",
                "WhoAmI()",
                "organizations",
                "sdkmessagefilters",
                "EntityDefinitions({key})",
                "EntityDefinitions({key})/Attributes",
                "EntityDefinitions({key})/Attributes/{type}")) {
            router.add("GET", root + path, data);
        }
    }

    private static ApiRequest api(Request request) {
        String target = request.rawPath().substring(ApiRequest.ROOT.length());
        return new ApiRequest(
                request.method(),
                request.rawQuery().isEmpty() ? target : target + "?" + request.rawQuery(),
                request.headers(),
                request.body());
    }

    private static Response answer(ApiResponse response) {
        return new Response(response.status(), response.headers(), response.body());
    }

    private static boolean isData(Request request) {
        return request.rawPath().startsWith("/api/data/");
    }

    /** Admission, error bodies and common headers of the service. */
    private final class Rules implements Protocol {
        @Override
        public Optional<Response> refuse(Request request) {
            if (!isData(request)) {
                return Optional.empty();
            }
            ServiceProtection.Refusal refusal = options.quota() ? protection.enter() : null;
            if (!tokens.accepts(request.header("Authorization"))) {
                return Optional.of(Response.empty(401)
                        .with(
                                "WWW-Authenticate",
                                "Bearer authorization_uri=" + url() + "/" + options.tenantId()
                                        + "/oauth2/authorize, resource_id=" + url() + "/"));
            }
            if (refusal != null) {
                ServiceException error = new ServiceException(429, refusal.code(), refusal.message());
                return Optional.of(answer(DataService.error(error))
                        .with("Retry-After", Long.toString(refusal.retryAfterSeconds())));
            }
            if (request.urlLength() > MAX_URL) {
                return Optional.of(answer(
                        DataService.error(new ServiceException(414, "0x80060888", "The request URI is too long."))));
            }
            return Optional.empty();
        }

        @Override
        public Response notFound(Request request) {
            if (request.rawPath().startsWith(ApiRequest.ROOT)) {
                return answer(service.handle(api(request)));
            }
            return answer(DataService.error(ServiceException.unknownSegment(request.rawPath())));
        }

        @Override
        public Response failed(Request request, Exception failure) {
            return answer(DataService.error(
                    new ServiceException(500, "0x80040216", "An unexpected error occurred: " + failure)));
        }

        @Override
        public Response fault(Request request, Faults.Fault fault) {
            return answer(DataService.fault(fault));
        }

        @Override
        public Response decorate(Request request, Response response) {
            if (!isData(request)) {
                return response;
            }
            Response decorated = response.with("x-ms-dop-hint", "4")
                    .with("x-ms-service-request-id", UUID.randomUUID().toString());
            if (!options.quota()) {
                return decorated;
            }
            protection.leave();
            return decorated.with(
                    "x-ms-ratelimit-burst-remaining-xrm-requests", Integer.toString(protection.remaining()));
        }
    }
}
