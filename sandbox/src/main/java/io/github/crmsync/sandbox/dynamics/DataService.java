package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.sandbox.http.Faults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operations of the API, for requests of their own and for parts of a batch alike. */
final class DataService {
    private static final Pattern ROW = Pattern.compile("(\\w+)\\(([^)]*)\\)(?:/(.+))?");
    private static final Pattern ENTITY =
            Pattern.compile("EntityDefinitions\\(LogicalName='(\\w+)'\\)(?:/Attributes(?:/([\\w.]+))?)?");
    private static final String NAMESPACE = "Microsoft.Dynamics.CRM.";
    private static final byte[] NOTHING = {};

    private final Organization organization;
    private final String root;
    private final RowReader reader;
    private final RowWriter writer;
    private final MetadataReader metadata;
    private final MembershipService memberships;

    DataService(Organization organization, String root, Faults faults, Meter meter) {
        this.organization = organization;
        this.root = root;
        this.reader = new RowReader(organization, root, meter);
        this.writer = new RowWriter(organization, faults, meter);
        this.metadata = new MetadataReader(organization, root);
        this.memberships = new MembershipService(organization, root);
    }

    Organization organization() {
        return organization;
    }

    String root() {
        return root;
    }

    MembershipService memberships() {
        return memberships;
    }

    RowWriter writer() {
        return writer;
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
        String path = request.path();
        if (path.equals("WhoAmI") || path.equals("WhoAmI()")) {
            if (!request.method().equals("GET")) {
                throw new ServiceException(404, "", "No HTTP resource was found that matches the request URI.");
            }
            return whoAmI();
        }
        if (path.equals("organizations")) {
            require(request, "GET");
            return organizations(request);
        }
        if (path.equals("sdkmessagefilters")) {
            require(request, "GET");
            return messageFilters(request);
        }
        ApiResponse members = memberships.handle(request);
        if (members != null) {
            return members;
        }
        Matcher entity = ENTITY.matcher(path);
        if (entity.matches()) {
            require(request, "GET");
            RowStore store = organization.storeOf(entity.group(1));
            if (store == null) {
                throw new ServiceException(
                        404, "0x80060888", "Could not find an entity with name " + entity.group(1) + ".");
            }
            return path.contains("/Attributes")
                    ? metadata.attributes(store.table(), entity.group(2), request)
                    : metadata.entity(store.table(), request);
        }
        Matcher row = ROW.matcher(path);
        if (row.matches()) {
            RowStore store = store(row.group(1));
            UUID id = key(store.table(), row.group(2));
            return row.group(3) == null ? row(store, id, request) : member(store, id, row.group(3), request);
        }
        int slash = path.indexOf('/');
        RowStore store = store(slash < 0 ? path : path.substring(0, slash));
        return slash < 0 ? collection(store, request) : bulk(store, path.substring(slash + 1), request);
    }

    private RowStore store(String set) {
        RowStore store = organization.store(set);
        if (store == null) {
            throw ServiceException.unknownSegment(set);
        }
        return store;
    }

    private static UUID key(Table table, String text) {
        String named = table.key().name() + "=";
        UUID id = Values.guid(text.startsWith(named) ? text.substring(named.length()) : text);
        if (id == null) {
            throw ServiceException.badQuery("The key in the request URI is not valid for resource '"
                    + table.typeName() + "'. Ensure that the names and number of key properties match the declared or"
                    + " alternate key properties for the resource '" + table.typeName() + "'.");
        }
        return id;
    }

    private static void require(ApiRequest request, String method) {
        if (!request.method().equals(method)) {
            throw new ServiceException(
                    405,
                    "0x80060888",
                    "The requested resource does not support http method '" + request.method() + "'.");
        }
    }

    private ApiResponse whoAmI() {
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#" + NAMESPACE + "WhoAmIResponse");
            json.writeStringField(
                    "BusinessUnitId", organization.businessUnitId().toString());
            json.writeStringField("UserId", organization.userId().toString());
            json.writeStringField(
                    "OrganizationId", organization.organizationId().toString());
        }));
    }

    private ApiResponse organizations(ApiRequest request) {
        Map<String, Object> values = new HashMap<>();
        values.put("expirechangetrackingindays", organization.deltaDays());
        values.put("name", "sandbox");
        values.put("organizationid", organization.organizationId().toString());
        String select = request.options().getOrDefault("$select", "name,expirechangetrackingindays");
        List<String> names = new ArrayList<>(List.of(select.split(",")));
        for (String name : names) {
            if (!values.containsKey(name)) {
                throw ServiceException.badRequest(
                        "0x0",
                        "Could not find a property named '" + name + "' on type '" + NAMESPACE + "organization'.");
            }
        }
        if (!names.contains("organizationid")) {
            names.add("organizationid");
        }
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#organizations(" + select + ")");
            json.writeArrayFieldStart("value");
            json.writeStartObject();
            json.writeStringField("@odata.etag", "W/\"999999\"");
            for (String name : names) {
                json.writeFieldName(name);
                Values.write(json, values.get(name));
            }
            json.writeEndObject();
            json.writeEndArray();
        }));
    }

    private ApiResponse messageFilters(ApiRequest request) {
        String text = request.options().toString();
        boolean message = text.contains("'CreateMultiple'") || text.contains("'UpdateMultiple'");
        boolean available = message && (text.contains("'contact'") || text.contains("'lead'"));
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#sdkmessagefilters(sdkmessagefilterid)");
            json.writeArrayFieldStart("value");
            if (available) {
                json.writeStartObject();
                json.writeStringField("@odata.etag", "W/\"999998\"");
                json.writeStringField(
                        "sdkmessagefilterid", UUID.nameUUIDFromBytes(NOTHING).toString());
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    private ApiResponse collection(RowStore store, ApiRequest request) {
        switch (request.method()) {
            case "GET":
                return reader.list(store, request);
            case "POST":
                ObjectNode body = Json.read(request.body());
                Selection selection = selection(store, request);
                Row row = organization.write(() -> writer.create(store, null, body, caller(request)));
                return written(store, row, true, request, selection);
            default:
                require(request, "GET");
                throw new IllegalStateException();
        }
    }

    private ApiResponse row(RowStore store, UUID id, ApiRequest request) {
        switch (request.method()) {
            case "GET":
                return reader.one(store, id, request);
            case "PATCH":
                return upsert(store, id, request);
            case "DELETE":
                organization.write(() -> {
                    Row row = existing(store, id);
                    checkVersion(row, request.header("If-Match"));
                    writer.delete(store, row);
                    return row;
                });
                return ApiResponse.noContent();
            default:
                require(request, "GET");
                throw new IllegalStateException();
        }
    }

    private ApiResponse upsert(RowStore store, UUID id, ApiRequest request) {
        ObjectNode body = Json.read(request.body());
        Selection selection = selection(store, request);
        String match = request.header("If-Match");
        boolean createOnly = "*".equals(request.header("If-None-Match"));
        boolean[] created = new boolean[1];
        Row row = organization.write(() -> {
            Row before = store.get(id);
            if (before == null) {
                if (match != null) {
                    throw ServiceException.notFound(store.table(), id);
                }
                created[0] = true;
                return writer.create(store, id, body, caller(request));
            }
            if (createOnly) {
                throw RowWriter.duplicate();
            }
            checkVersion(before, match);
            return writer.update(store, before, body, caller(request));
        });
        return written(store, row, created[0], request, selection);
    }

    private static Row existing(RowStore store, UUID id) {
        Row row = store.get(id);
        if (row == null) {
            throw ServiceException.notFound(store.table(), id);
        }
        return row;
    }

    private static void checkVersion(Row row, String match) {
        if (match != null && !match.equals("*") && !match.equals(row.etag())) {
            throw new ServiceException(
                    412,
                    "0x80060882",
                    "The version of the existing record doesn't match the RowVersion property provided.");
        }
    }

    private static Selection selection(RowStore store, ApiRequest request) {
        return Selection.of(store.table(), RowReader.checkedOptions(request).get("$select"), request);
    }

    private ApiResponse written(RowStore store, Row row, boolean created, ApiRequest request, Selection selection) {
        if (request.prefers("return=representation")) {
            return reader.representation(created ? 201 : 200, selection, row)
                    .with("Preference-Applied", "return=representation");
        }
        String address = root + store.table().entitySet() + "(" + row.id() + ")";
        return ApiResponse.noContent().with("Location", address).with("OData-EntityId", address);
    }

    private UUID caller(ApiRequest request) {
        String text = request.header("CallerObjectId");
        if (text == null) {
            text = request.header("MSCRMCallerID");
        }
        if (text == null) {
            return organization.userId();
        }
        UUID caller = Values.guid(text);
        if (caller == null) {
            throw ServiceException.badRequest("0x80040203", "The caller id '" + text + "' is not valid.");
        }
        return caller;
    }

    private ApiResponse member(RowStore store, UUID id, String name, ApiRequest request) {
        boolean qualify = name.equals(NAMESPACE + "QualifyLead")
                && store.table().logicalName().equals("lead");
        if (!qualify) {
            throw ServiceException.unknownSegment(name);
        }
        require(request, "POST");
        LeadQualification action = new LeadQualification(organization, writer);
        ObjectNode body = Json.read(request.body());
        List<Row> contacts = organization.write(() -> action.run(existing(store, id), body, caller(request)));
        Selection selection = Selection.of(Table.contact(), null, request);
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#Collection(" + NAMESPACE + "crmbaseentity)");
            json.writeArrayFieldStart("value");
            for (Row contact : contacts) {
                json.writeStartObject();
                json.writeStringField("@odata.type", "#" + NAMESPACE + "contact");
                selection.write(json, contact);
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    private ApiResponse bulk(RowStore store, String name, ApiRequest request) {
        if (name.equals("$count")) {
            require(request, "GET");
            return reader.count(store, request);
        }
        boolean create = name.equals(NAMESPACE + "CreateMultiple");
        if (!create && !name.equals(NAMESPACE + "UpdateMultiple")) {
            throw ServiceException.unknownSegment(name);
        }
        require(request, "POST");
        List<ObjectNode> targets = targets(request);
        UUID caller = caller(request);
        List<Row> rows = organization.write(() -> targets.stream()
                .map(target -> create
                        ? writer.create(store, null, target, caller)
                        : writer.update(store, target(store, target), target, caller))
                .toList());
        if (!create) {
            return ApiResponse.noContent();
        }
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", root + "$metadata#" + NAMESPACE + "CreateMultipleResponse");
            json.writeArrayFieldStart("Ids");
            for (Row row : rows) {
                json.writeString(row.id().toString());
            }
            json.writeEndArray();
        }));
    }

    private static List<ObjectNode> targets(ApiRequest request) {
        JsonNode array = Json.read(request.body()).path("Targets");
        List<ObjectNode> targets = new ArrayList<>();
        for (JsonNode element : array) {
            if (!(element instanceof ObjectNode target) || !target.has("@odata.type")) {
                throw ServiceException.badRequest(
                        "0x80048d19",
                        "Error identified in Payload provided by the user: every element of 'Targets' must have"
                                + " '@odata.type'.");
            }
            targets.add(target);
        }
        if (targets.isEmpty()) {
            throw ServiceException.badRequest("0x80040203", "The required parameter 'Targets' is missing or empty.");
        }
        return targets;
    }

    private static Row target(RowStore store, ObjectNode target) {
        String text = target.path(store.table().key().name()).asText();
        UUID id = Values.guid(text);
        Row row = id == null ? null : store.get(id);
        if (row == null) {
            throw new ServiceException(
                    404, "0x80040217", store.table().schemaName() + " With Ids = " + text + " Do Not Exist");
        }
        return row;
    }
}
