package io.github.crmsync.sandbox.dynamics;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.olingo.commons.api.edm.Edm;
import org.apache.olingo.commons.core.edm.EdmProviderImpl;
import org.apache.olingo.server.api.OData;
import org.apache.olingo.server.api.ODataLibraryException;
import org.apache.olingo.server.api.uri.UriInfo;
import org.apache.olingo.server.core.uri.parser.Parser;
import org.apache.olingo.server.core.uri.parser.UriParserException;
import org.apache.olingo.server.core.uri.parser.UriParserSemanticException;
import org.apache.olingo.server.core.uri.parser.UriParserSyntaxException;
import org.apache.olingo.server.core.uri.validator.UriValidationException;

/** Parses addresses against the model and words refusals as the service does. */
final class UriReader {
    private static final Set<String> OPTIONS = Set.of(
            "$select", "$filter", "$orderby", "$top", "$expand", "$count", "$apply", "$skiptoken", "$deltatoken");
    private static final Set<String> CUSTOM = Set.of("tag", "savedQuery", "userQuery", "fetchXml");
    private static final Pattern NO_PROPERTY =
            Pattern.compile("The property '(.*)', used in a query expression, is not defined in type '(.*)'\\.");
    private static final Pattern TYPE_HAS_NO = Pattern.compile("The type '(.*)' has no property '(.*)'\\.");

    private final OData odata = OData.newInstance();
    private volatile Edm edm;

    UriReader(EdmModel model) {
        use(model);
    }

    /** Parses against another model from now on. */
    void use(EdmModel model) {
        edm = new EdmProviderImpl(model);
    }

    /**
     * Parses an address.
     *
     * @param path relative to the service root, percent escapes included
     */
    UriInfo parse(String path, ApiRequest request) {
        checkOptions(request.options());
        StringBuilder query = new StringBuilder();
        for (String pair : request.rawQuery().split("&")) {
            String name = ApiRequest.decode(pair.split("=", 2)[0]);
            boolean ours = name.equals("$skiptoken") || name.equals("$deltatoken") || !name.matches("[$@].*");
            if (!pair.isEmpty() && !ours) {
                query.append(query.isEmpty() ? "" : "&").append(compact(pair.replace("+", "%20")));
            }
        }
        try {
            return parse(path, query.isEmpty() ? null : query.toString());
        } catch (UriParserException | UriValidationException e) {
            throw refusal(e, path);
        }
    }

    /** A JSON array in an alias without the blanks that OData allows and the parser does not know. */
    private static String compact(String pair) {
        String[] parts = pair.split("=", 2);
        String value = parts.length < 2 ? "" : ApiRequest.decode(parts[1]);
        return pair.startsWith("@") && value.startsWith("[")
                ? parts[0] + "=" + Cookie.escape(Json.readArray(value).toString())
                : pair;
    }

    /** Parses an address without options; whether it fits the model is for the caller to see. */
    UriInfo parsePath(String path) throws UriParserException, UriValidationException {
        return parse(path, (String) null);
    }

    private UriInfo parse(String path, String query) throws UriParserException, UriValidationException {
        return new Parser(edm, odata).parseUri(path, query, null, "");
    }

    private static void checkOptions(Map<String, String> options) {
        for (String name : options.keySet()) {
            boolean known = name.startsWith("@") || OPTIONS.contains(name) || CUSTOM.contains(name);
            if (!known) {
                throw ServiceException.badQuery("The query parameter " + name + " is not supported.");
            }
        }
    }

    static ServiceException refusal(ODataLibraryException e, String path) {
        String message = e.getTranslatedMessage(Locale.ENGLISH).getMessage();
        if (e instanceof UriParserSemanticException) {
            Matcher query = NO_PROPERTY.matcher(message);
            if (query.matches()) {
                return unknownProperty(query.group(2), query.group(1));
            }
            Matcher type = TYPE_HAS_NO.matcher(message);
            ODataLibraryException.MessageKey key = e.getMessageKey();
            if (type.matches()) {
                return ServiceException.unknownSegment(type.group(2));
            }
            if (key == UriParserSemanticException.MessageKeys.RESOURCE_NOT_FOUND) {
                return ServiceException.unknownSegment(path.split("[/(]", 2)[0]);
            }
            if (key == UriParserSemanticException.MessageKeys.FUNCTION_NOT_FOUND) {
                return ServiceException.badQuery("An unknown function was found: " + e.getMessage());
            }
            if (key == UriParserSemanticException.MessageKeys.EXPRESSION_PROPERTY_NOT_IN_TYPE) {
                return ServiceException.badRequest("0x0", message);
            }
        }
        if (e instanceof UriParserSyntaxException) {
            return ServiceException.badQuery("Syntax error in the request URI: " + message);
        }
        return ServiceException.badQuery(message);
    }

    static ServiceException unknownProperty(String type, String name) {
        String full = type.contains(".") ? type : Table.NAMESPACE + type;
        return ServiceException.badRequest(
                "0x0", "Could not find a property named '" + name + "' on type '" + full + "'.");
    }
}
