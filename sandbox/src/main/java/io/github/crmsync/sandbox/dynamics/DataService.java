package io.github.crmsync.sandbox.dynamics;

import io.github.crmsync.sandbox.http.Faults;
import java.util.List;
import java.util.UUID;
import org.apache.olingo.server.api.uri.UriInfo;
import org.apache.olingo.server.api.uri.UriResource;
import org.apache.olingo.server.api.uri.UriResourceAction;
import org.apache.olingo.server.api.uri.UriResourceCount;
import org.apache.olingo.server.api.uri.UriResourceEntitySet;
import org.apache.olingo.server.api.uri.UriResourceFunction;
import org.apache.olingo.server.api.uri.UriResourceNavigation;
import org.apache.olingo.server.api.uri.UriResourceProperty;

/** The operations of the API, for requests of their own and for parts of a batch alike. */
final class DataService {
    private final ServiceContext context;
    private final MetadataModel metadata;
    private final MetadataService definitions;
    private final RowOperations rows;
    private final RelatedRows related;
    private final Actions actions;
    private final RootFunctions functions;

    DataService(Organization organization, String root, Faults faults, Meter meter) {
        metadata = new MetadataModel(organization);
        UriReader uris = new UriReader(metadata.edm());
        References references = new References(organization, uris);
        context = new ServiceContext(
                organization,
                root,
                uris,
                references,
                new RowReader(organization, root, meter),
                new RowWriter(organization, faults, meter, references, root),
                new Privileges(organization));
        definitions = new MetadataService(context, metadata);
        rows = new RowOperations(context);
        related = new RelatedRows(context);
        actions = new Actions(context);
        functions = new RootFunctions(context);
    }

    Organization organization() {
        return context.organization();
    }

    String root() {
        return context.root();
    }

    RowWriter writer() {
        return context.writer();
    }

    /** Adds an alternate key to a table. */
    void defineKey(String table, String schemaName, List<String> columns) {
        definitions.defineKey(context.model().named(table), schemaName, columns);
    }

    /** Runs an operation and turns refusals into error answers. */
    ApiResponse handle(ApiRequest request) {
        try {
            return execute(request);
        } catch (ServiceException refusal) {
            return error(refusal);
        }
    }

    static ApiResponse error(ServiceException refusal) {
        return ApiResponse.json(refusal.status(), Json.error(refusal.code(), refusal.getMessage()))
                .with("REQ_ID", UUID.randomUUID().toString());
    }

    /** The answer that was ordered instead of the work. */
    static ApiResponse fault(Faults.Fault fault) {
        boolean throttled = fault.status() == 429;
        ApiResponse response = error(new ServiceException(
                fault.status(),
                throttled ? "0x80072322" : "0x80040216",
                throttled
                        ? "Number of requests exceeded the limit of 6000 over time window of 300 seconds."
                        : "The service is unavailable."));
        return fault.retryAfter() == null
                ? response
                : response.with("Retry-After", fault.retryAfter().toString());
    }

    ApiResponse execute(ApiRequest request) {
        context.privileges().requireMember();
        String path = request.path();
        if (path.isEmpty()) {
            ServiceContext.require(request, "GET");
            return functions.serviceDocument();
        }
        if (path.equals("$metadata")) {
            ServiceContext.require(request, "GET");
            return definitions.document(request);
        }
        References.Reference reference =
                context.organization().read(() -> context.references().find(path));
        String known = reference == null ? path.equals("WhoAmI") ? "WhoAmI()" : path : reference.path();
        UriInfo info = context.uris().parse(definitions.byLogicalName(known), request);
        List<UriResource> parts = info.getUriResourceParts();
        UriResource first = parts.get(0);
        if (first instanceof UriResourceFunction function) {
            return functions.call(function, request);
        }
        if (first instanceof UriResourceAction action) {
            ServiceContext.require(request, "POST");
            return actions.unbound(action.getAction().getName(), request);
        }
        if (!(first instanceof UriResourceEntitySet set)) {
            throw ServiceException.unknownSegment(path);
        }
        if (metadata.has(set.getEntitySet().getName())) {
            return definitions.handle(info, request);
        }
        RowStore store = context.model().inSet(set.getEntitySet().getName());
        if (store == null) {
            throw ServiceException.unknownSegment(set.getEntitySet().getName());
        }
        if (parts.size() == 1) {
            return reference == null ? rows.collection(store, info, request) : rows.row(reference, info, request);
        }
        return member(store, reference, parts.get(1), info, request);
    }

    private ApiResponse member(
            RowStore store, References.Reference reference, UriResource part, UriInfo info, ApiRequest request) {
        if (part instanceof UriResourceCount && reference == null) {
            ServiceContext.require(request, "GET");
            return context.reader().count(store, Query.of(store.table(), info, context.queries(request)), request);
        }
        if (part instanceof UriResourceAction action) {
            ServiceContext.require(request, "POST");
            String name = action.getAction().getName();
            return reference == null
                    ? actions.onTable(store, name, request)
                    : actions.onRow(
                            context.organization().read(() -> RowOperations.existing(reference)), store, name, request);
        }
        if (reference != null && part instanceof UriResourceFunction function) {
            ServiceContext.require(request, "GET");
            context.organization().read(() -> RowOperations.existing(reference));
            return functions.privilege(function, request);
        }
        if (reference != null && part instanceof UriResourceProperty property) {
            return rows.property(reference, property.getProperty().getName(), info, request);
        }
        if (reference != null && part instanceof UriResourceNavigation) {
            return related.handle(reference, info, request);
        }
        throw ServiceException.unknownSegment(part.getSegmentValue());
    }
}
