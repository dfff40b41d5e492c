package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.olingo.commons.api.edm.EdmType;
import org.apache.olingo.server.api.uri.UriInfo;
import org.apache.olingo.server.api.uri.UriParameter;
import org.apache.olingo.server.api.uri.UriResource;
import org.apache.olingo.server.api.uri.UriResourceEntitySet;
import org.apache.olingo.server.api.uri.UriResourceNavigation;

/** Answers questions about table and column definitions, and adds alternate keys. */
final class MetadataService {
    private static final Pattern BY_ID =
            Pattern.compile("EntityDefinitions\\((?:MetadataId=)?([0-9a-fA-F-]{36})\\)(.*)");

    private final ServiceContext context;
    private final Organization organization;
    private final MetadataModel metadata;

    MetadataService(ServiceContext context, MetadataModel metadata) {
        this.context = context;
        this.organization = context.organization();
        this.metadata = metadata;
    }

    /** The address with the name of the table instead of the id of its definition. */
    String byLogicalName(String path) {
        Matcher matcher = BY_ID.matcher(path);
        if (!matcher.matches()) {
            return path;
        }
        for (Row row : metadata.entities()) {
            if (row.id().toString().equalsIgnoreCase(matcher.group(1))) {
                String name = metadata.storeOf(row).table().logicalName();
                return "EntityDefinitions(LogicalName='" + name + "')" + matcher.group(2);
            }
        }
        throw unknownEntity(matcher.group(1));
    }

    private static ServiceException unknownEntity(String name) {
        return new ServiceException(404, "0x80060888", "Could not find an entity with name " + name + ".");
    }

    ApiResponse handle(UriInfo info, ApiRequest request) {
        List<UriResource> parts = info.getUriResourceParts();
        List<UriParameter> key = ((UriResourceEntitySet) parts.get(0)).getKeyPredicates();
        if (key.isEmpty()) {
            ServiceContext.require(request, "GET");
            Query query = Query.of(metadata.entityType(), info, context.queries(request));
            return list("EntityDefinitions", typed(metadata.entityType(), metadata.entities()), query, null);
        }
        String name = FilterCompiler.unquote(key.get(0).getText());
        RowStore store = organization.storeOf(name);
        if (store == null) {
            throw unknownEntity(name);
        }
        if (parts.size() == 1) {
            ServiceContext.require(request, "GET");
            Query query = Query.of(metadata.entityType(), info, context.queries(request));
            return one("EntityDefinitions", metadata.entity(store), query);
        }
        UriResourceNavigation step = (UriResourceNavigation) parts.get(1);
        return switch (step.getProperty().getName()) {
            case "Attributes" -> attributes(store, step, info, request);
            case "Keys" -> keys(store, step, info, request);
            default -> {
                ServiceContext.require(request, "GET");
                yield related(store, step, info, request);
            }
        };
    }

    /** A definition with the type that it has. */
    private record Typed(Table type, Row row) {}

    private static List<Typed> typed(Table type, List<Row> rows) {
        return rows.stream().map(row -> new Typed(type, row)).toList();
    }

    private ApiResponse attributes(RowStore store, UriResourceNavigation step, UriInfo info, ApiRequest request) {
        ServiceContext.require(request, "GET");
        EdmType cast = step.getTypeFilterOnCollection() != null
                ? step.getTypeFilterOnCollection()
                : step.getTypeFilterOnEntry();
        Table type = cast == null ? metadata.attributeType() : metadata.type(cast.getName());
        List<Typed> rows = new ArrayList<>();
        String wanted = step.getKeyPredicates().isEmpty()
                ? null
                : FilterCompiler.unquote(step.getKeyPredicates().get(0).getText());
        for (Column column : store.table().columns()) {
            Table own = metadata.type(column.type().metadataType());
            boolean fits = cast == null || own == type;
            if (fits && (wanted == null || wanted.equals(column.logicalName()))) {
                rows.add(new Typed(own, metadata.attribute(store.table(), column)));
            }
        }
        Query query = Query.of(type, info, context.queries(request));
        String path = "EntityDefinitions('" + store.table().logicalName() + "')/Attributes"
                + (cast == null ? "" : "/" + Table.NAMESPACE + cast.getName());
        if (wanted == null) {
            return list(path, rows, query, cast == null ? metadata.attributeType() : null);
        }
        if (rows.isEmpty()) {
            throw new ServiceException(404, "0x80060888", "Could not find an attribute with name " + wanted + ".");
        }
        Typed found = rows.get(0);
        Query exact = cast == null && query.selection().names().isEmpty()
                ? new Query(
                        found.type,
                        null,
                        List.of(),
                        Selection.all(found.type, request, context.model()),
                        null,
                        false,
                        null)
                : query;
        return one(path, found.row, exact);
    }

    private ApiResponse related(RowStore store, UriResourceNavigation step, UriInfo info, ApiRequest request) {
        Navigation navigation =
                metadata.entityType().navigation(step.getProperty().getName());
        Query query = Query.of(navigation.target(), info, context.queries(request));
        List<Row> rows = navigation.from(metadata.entity(store));
        return list(path(store, navigation.name()), typed(navigation.target(), rows), query, null);
    }

    private static String path(RowStore store, String name) {
        return "EntityDefinitions('" + store.table().logicalName() + "')/" + name;
    }

    private ApiResponse keys(RowStore store, UriResourceNavigation step, UriInfo info, ApiRequest request) {
        switch (request.method()) {
            case "GET":
                return related(store, step, info, request);
            case "POST":
                ObjectNode body = Json.read(request.body());
                List<String> columns = new ArrayList<>();
                for (JsonNode column : body.path("KeyAttributes")) {
                    columns.add(column.asText());
                }
                String name = body.path("SchemaName").asText();
                if (name.isEmpty() || !name.matches("[A-Za-z]\\w*")) {
                    throw ServiceException.badRequest("0x80040203", "The SchemaName of the key is not valid.");
                }
                defineKey(store, name, columns);
                String address =
                        context.root() + path(store, "Keys") + "(" + name.toLowerCase(java.util.Locale.ROOT) + ")";
                return ApiResponse.noContent().with("OData-EntityId", address);
            case "DELETE":
                String key = step.getKeyPredicates().isEmpty()
                        ? ""
                        : FilterCompiler.unquote(step.getKeyPredicates().get(0).getText());
                if (!organization.write(() -> store.dropKey(key))) {
                    throw new ServiceException(
                            404, "0x80060888", "Could not find an entity key with name " + key + ".");
                }
                context.uris().use(metadata.edm());
                return ApiResponse.noContent();
            default:
                throw ServiceContext.notAllowed(request);
        }
    }

    void defineKey(RowStore store, String schemaName, List<String> columns) {
        organization.write(() -> {
            AlternateKey key = AlternateKey.define(store, schemaName, columns);
            if (!store.addKey(key)) {
                throw ServiceException.badRequest(
                        "0x80060892", "The index of the key " + schemaName + " failed: there are duplicate values.");
            }
            return key;
        });
        context.uris().use(metadata.edm());
    }

    private ApiResponse one(String path, Row row, Query query) {
        Selection selection = query.selection();
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField(
                    "@odata.context", context.root() + "$metadata#" + selection.address(path) + "/$entity");
            selection.write(json, row, false);
        }));
    }

    /**
     * @param base the type asked for when rows of derived types come; their own type is then named in each
     */
    private ApiResponse list(String path, List<Typed> rows, Query query, Table base) {
        Selection selection = query.selection();
        return ApiResponse.json(200, Json.object(json -> {
            json.writeStringField("@odata.context", context.root() + "$metadata#" + selection.address(path));
            json.writeArrayFieldStart("value");
            int left = query.top() == null ? Integer.MAX_VALUE : query.top();
            for (Typed typed : rows) {
                boolean fits = query.filter() == null
                        || Boolean.TRUE.equals(query.filter().test(typed.row));
                if (!fits || left-- <= 0) {
                    continue;
                }
                json.writeStartObject();
                Selection own = selection;
                if (base != null) {
                    json.writeStringField("@odata.type", "#" + typed.type.typeName());
                    own = selection.names().isEmpty()
                            ? new Selection(
                                    typed.type,
                                    List.of(),
                                    List.copyOf(typed.type.columns()),
                                    selection.expansions(),
                                    selection.annotations(),
                                    selection.model())
                            : selection;
                }
                own.write(json, typed.row, false);
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    /** The metadata document. */
    ApiResponse document(ApiRequest request) {
        boolean annotations = "true".equals(request.options().get("annotations"));
        return ApiResponse.of(200, MetadataDocument.write(organization, annotations))
                .with("Content-Type", "application/xml");
    }
}
