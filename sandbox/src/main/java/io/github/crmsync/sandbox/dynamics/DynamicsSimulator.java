package io.github.crmsync.sandbox.dynamics;

import io.github.crmsync.sandbox.http.Faults;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import io.github.crmsync.sandbox.http.Router;
import io.github.crmsync.sandbox.http.SimulatorServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Dataverse environment with contacts, leads, accounts and marketing lists behind the Web API v9.2. */
public final class DynamicsSimulator implements AutoCloseable {

    private final DynamicsOptions options;
    private final Organization organization;
    private final TokenIssuer tokens;
    private final SimulatorServer server;
    private final DataService service;
    private final BatchService batches;

    /** Binds the port; requests are answered after {@link #start()}. */
    public DynamicsSimulator(DynamicsOptions options) throws IOException {
        this.options = options;
        organization = new Organization(options.organizationId(), options.clock(), options.clientId(), options.seed());
        tokens = new TokenIssuer(options);
        ServiceProtection.Limits limits = ServiceProtection.Limits.DEFAULT.withServers(options.servers());
        Router router = new Router();
        DynamicsProtocol protocol = new DynamicsProtocol(
                options, tokens, organization, new ServiceProtection(options.clock(), limits), this::notRouted);
        // The protocol waits by itself, because time in the service counts towards its limits.
        server = new SimulatorServer(options.port(), 0, router, protocol);
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
        protocol.at(server.url());
        batches = new BatchService(service, operation -> server.stats().part(operation), server.faults());
        new InitialRows(organization, service.writer()).create(options.clientId());
        addRoutes(router);
        new Switches(organization, service.writer(), this::expireDeltaLinks).addTo(server.faults());
        server.stats().reset();
    }

    /** Answers a request of this JVM without a connection, see {@link SimulatorServer#call}. */
    public Response call(Request request) throws IOException {
        return server.call(request);
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

    public DynamicsOptions options() {
        return options;
    }

    public Faults faults() {
        return server.faults();
    }

    public Map<String, Object> stats() {
        return server.stats().snapshot();
    }

    /** Puts rows into a table without counting them as written; keys are column names. */
    public void fill(String logicalName, Iterable<Map<String, Object>> rows) {
        RowStore store = organization.storeOf(logicalName);
        for (Map<String, Object> row : rows) {
            organization.write(() -> {
                service.writer().load(store, row);
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

    /** Adds an alternate key. */
    public void defineKey(String logicalName, String schemaName, String... columns) {
        service.defineKey(logicalName, schemaName, List.of(columns));
    }

    /** Makes all delta links handed out so far expire. */
    public void expireDeltaLinks() {
        organization.expireDeltas();
    }

    public void setChangeTracking(String logicalName, boolean on) {
        organization.tracking(logicalName, on);
    }

    /** Sets after how many days delta links expire. */
    public void setDeltaDays(int days) {
        RowStore store = organization.storeOf("organization");
        organization.write(() -> service.writer()
                .internal(
                        store,
                        store.get(organization.organizationId()),
                        Map.of("expirechangetrackingindays", days),
                        organization.systemUserId()));
    }

    /** Whether read-only columns in bodies are refused (the default) or ignored. */
    public void setRejectReadOnly(boolean reject) {
        setSwitch("rejectReadOnlyColumns", reject);
    }

    /** Sets one of the switches that {@code POST /_sandbox/faults} takes as well. */
    public void setSwitch(String name, Object value) {
        organization.behaviour().set(name, value);
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
        router.add("POST", ApiRequest.ROOT + "$batch", (request, path) -> answer(batches.handle(api(request))));
        DataRoutes.add(router, organization.model(), (request, path) -> answer(service.handle(api(request))));
    }

    private Response notRouted(Request request) {
        if (request.rawPath().startsWith(ApiRequest.ROOT)) {
            return answer(service.handle(api(request)));
        }
        return answer(DataService.error(ServiceException.unknownSegment(request.rawPath())));
    }

    private static ApiRequest api(Request request) {
        String target = request.rawPath().substring(ApiRequest.ROOT.length());
        return new ApiRequest(
                request.method(),
                request.rawQuery().isEmpty() ? target : target + "?" + request.rawQuery(),
                request.headers(),
                request.body());
    }

    static Response answer(ApiResponse response) {
        return new Response(response.status(), response.headers(), response.body());
    }
}
