package io.github.crmsync.sandbox.dynamics;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.olingo.server.api.uri.UriInfo;
import org.apache.olingo.server.api.uri.UriParameter;
import org.apache.olingo.server.api.uri.UriResourceEntitySet;
import org.apache.olingo.server.core.uri.parser.UriParserException;
import org.apache.olingo.server.core.uri.validator.UriValidationException;

/** Finds the row that an address such as {@code contacts(<guid>)} or {@code contacts(key='value')} names. */
final class References {
    private static final Pattern FIRST = Pattern.compile("([^/(]+)\\(.*\\)", Pattern.DOTALL);
    private static final Pattern FORBIDDEN = Pattern.compile("[/<>*%&:\\\\?+]");

    /**
     * A named row.
     *
     * @param id null if no row has the key values
     * @param keyValues columns of an alternate key; empty for a primary key
     * @param rest of the path, empty or beginning with a slash
     */
    record Reference(RowStore store, UUID id, Map<Column, Object> keyValues, String rest) {
        String path() {
            return store.table().entitySet() + "(" + (id == null ? new UUID(0, 0) : id) + ")" + rest;
        }
    }

    private final Model model;
    private final UriReader uris;

    References(Model model, UriReader uris) {
        this.model = model;
        this.uris = uris;
    }

    /** The row that the first segment of a path names; null if it names no single row. */
    Reference find(String rawPath) {
        int slash = rawPath.indexOf('/');
        String first = slash < 0 ? rawPath : rawPath.substring(0, slash);
        Matcher matcher = FIRST.matcher(ApiRequest.decode(first.replace("+", "%2B")));
        if (!matcher.matches()) {
            return null;
        }
        RowStore store = model.inSet(matcher.group(1));
        return store == null ? null : find(store, first, slash < 0 ? "" : rawPath.substring(slash));
    }

    private Reference find(RowStore store, String segment, String rest) {
        Map<String, String> primary = keys(segment);
        if (primary != null) {
            UUID id = Values.guid(primary.values().iterator().next());
            if (id != null) {
                return new Reference(store, id, Map.of(), rest);
            }
        }
        String set = store.table().entitySet();
        for (Map.Entry<AlternateKey, KeyIndex> entry : store.keys().entrySet()) {
            Map<String, String> values =
                    keys(set + EdmModel.KEY_MARK + entry.getKey().name() + segment.substring(segment.indexOf('(')));
            if (values != null && entry.getKey().fits(values.keySet())) {
                return byKey(store, entry.getKey(), entry.getValue(), values, rest);
            }
        }
        String type = store.table().typeName();
        throw ServiceException.badRequest(
                "0x80060888",
                "The key in the request URI is not valid for resource '" + type + "'. Ensure that the names and number"
                        + " of key properties match the declared or alternate key properties for the resource '" + type
                        + "'.");
    }

    /** Key properties with their literals, or null if the address does not fit the model. */
    private Map<String, String> keys(String path) {
        try {
            UriInfo info = uris.parsePath(path);
            if (!(info.getUriResourceParts().get(0) instanceof UriResourceEntitySet set)) {
                return null;
            }
            Map<String, String> values = new LinkedHashMap<>();
            for (UriParameter parameter : set.getKeyPredicates()) {
                values.put(parameter.getName(), parameter.getText());
            }
            return values.isEmpty() ? null : values;
        } catch (UriParserException | UriValidationException e) {
            return null;
        }
    }

    private static Reference byKey(
            RowStore store, AlternateKey key, KeyIndex index, Map<String, String> literals, String rest) {
        Map<Column, Object> values = new HashMap<>();
        Object[] row = new Object[store.table().width()];
        for (Column column : key.columns()) {
            String literal = literals.get(column.name());
            String text = literal != null && literal.startsWith("'") ? FilterCompiler.unquote(literal) : literal;
            if (text != null && FORBIDDEN.matcher(text).find()) {
                throw ServiceException.badRequest(
                        "0x80060888", "A potentially dangerous Request.Path value was detected from the client.");
            }
            Object value = text == null ? null : Values.parse(column.type(), text);
            if (value == null) {
                throw ServiceException.badQuery("The value of the key property '" + column.name() + "' is not valid.");
            }
            values.put(column, value);
            row[column.ordinal()] = value;
        }
        UUID id = index.find(index.key(Row.of(new UUID(0, 0), 0, row))).stream()
                .findFirst()
                .orElse(null);
        return new Reference(store, id, values, rest);
    }

    /** The row an address in a body names, absolute or relative to the service root. */
    Reference inBody(String address, String root) {
        String path = address.startsWith(root)
                ? address.substring(root.length())
                : address.replaceFirst("^(https?://[^/]+)?(/api/data/v9\\.2)?/", "");
        try {
            Reference found = find(path);
            if (found != null && found.rest().isEmpty()) {
                return found;
            }
        } catch (ServiceException e) {
            if (!e.code().equals("0x80060888")) {
                throw e;
            }
        }
        throw ServiceException.badRequest("0x80048d19", "Invalid reference '" + address + "'.");
    }

    static ServiceException notFoundByKey(Table table) {
        return new ServiceException(
                404,
                "0x80060891",
                "A record with the specified key values does not exist in " + table.logicalName() + " entity");
    }
}
