package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parser of the $filter language for columns of one table. */
final class FilterParser {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FUNCTIONS = "Microsoft.Dynamics.CRM.";
    private static final Set<String> COMPARISONS = Set.of("eq", "ne", "gt", "ge", "lt", "le");
    private static final Set<String> TEXT_FUNCTIONS = Set.of("contains", "startswith", "endswith");

    private final Table table;
    private final String text;
    private final Map<String, String> aliases;
    private int position;

    private FilterParser(Table table, String text, Map<String, String> aliases) {
        this.table = table;
        this.text = text;
        this.aliases = aliases;
    }

    /**
     * Parses a filter.
     *
     * @param aliases values of parameter aliases by name including the at sign
     */
    static Filter parse(Table table, String text, Map<String, String> aliases) {
        FilterParser parser = new FilterParser(table, text, aliases);
        Filter filter = parser.or();
        parser.blanks();
        if (parser.position < text.length()) {
            throw parser.syntax();
        }
        return filter;
    }

    private Filter or() {
        List<Filter> terms = new ArrayList<>();
        terms.add(and());
        while (keyword("or")) {
            terms.add(and());
        }
        return terms.size() == 1 ? terms.get(0) : new Filter.Or(terms);
    }

    private Filter and() {
        Filter left = unary();
        while (keyword("and")) {
            left = new Filter.And(left, unary());
        }
        return left;
    }

    private Filter unary() {
        if (keyword("not")) {
            return new Filter.Not(unary());
        }
        blanks();
        if (peek() == '(') {
            position++;
            Filter inner = or();
            expect(')');
            return inner;
        }
        String name = word();
        if (name.startsWith(FUNCTIONS)) {
            return membership(name.substring(FUNCTIONS.length()));
        }
        if (TEXT_FUNCTIONS.contains(name)) {
            return textFunction(name);
        }
        if (peek() == '(') {
            throw ServiceException.badQuery("An unknown function with name '" + name
                    + "' was found. This may also be a function import or a key lookup on a navigation property, which"
                    + " is not allowed.");
        }
        return comparison(column(name));
    }

    private Filter comparison(Column column) {
        String operator = word();
        if (!COMPARISONS.contains(operator)) {
            throw syntax();
        }
        String literal = resolve(literal());
        if (literal.equals("null")) {
            if (!operator.equals("eq") && !operator.equals("ne")) {
                throw incompatible(column, literal);
            }
            return new Filter.IsNull(column, operator.equals("ne"));
        }
        return new Filter.Compare(column, operator, value(column, literal));
    }

    private Filter textFunction(String name) {
        expect('(');
        Column column = column(word());
        expect(',');
        String literal = resolve(literal());
        expect(')');
        if (!column.type().isText() || !literal.startsWith("'")) {
            throw ServiceException.badQuery(
                    "No function signature for the function with name '" + name + "' matches the specified arguments.");
        }
        return Filter.Like.of(column, name, unquote(literal));
    }

    private Filter membership(String function) {
        if (!function.equals("In") && !function.equals("NotIn")) {
            throw ServiceException.badQuery("An unknown function with name '" + FUNCTIONS + function + "' was found.");
        }
        expect('(');
        String property = null;
        String values = null;
        while (true) {
            String parameter = word();
            expect('=');
            String argument = resolve(argument());
            if (parameter.equals("PropertyName") && argument.startsWith("'")) {
                property = unquote(argument);
            } else if (parameter.equals("PropertyValues")) {
                values = argument;
            } else {
                throw syntax();
            }
            blanks();
            if (peek() != ',') {
                break;
            }
            position++;
        }
        expect(')');
        if (property == null || values == null) {
            throw syntax();
        }
        Column column = column(property);
        Filter in = Filter.In.of(column, list(column, values));
        return function.equals("In") ? in : new Filter.Not(in);
    }

    private List<Object> list(Column column, String json) {
        JsonNode array;
        try {
            array = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw ServiceException.badQuery(
                    "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array"
                            + " and properties of an object must be separated by commas.");
        }
        if (!array.isArray() || array.isEmpty()) {
            throw ServiceException.badQuery("The value of PropertyValues must be an array of strings.");
        }
        List<Object> values = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                throw ServiceException.badQuery("Cannot read the value '" + element.asText()
                        + "' as a quoted JSON string value in PropertyValues.");
            }
            Object value = Values.parse(column.type(), element.textValue());
            if (value == null) {
                throw incompatible(column, element.textValue());
            }
            values.add(value);
        }
        return values;
    }

    private Column column(String name) {
        Column column = table.find(name);
        if (column == null) {
            throw unknownProperty(table, name);
        }
        return column;
    }

    static ServiceException unknownProperty(Table table, String name) {
        return ServiceException.badRequest(
                "0x0", "Could not find a property named '" + name + "' on type '" + table.typeName() + "'.");
    }

    private Object value(Column column, String literal) {
        boolean quoted = literal.startsWith("'");
        if (quoted != column.type().isText()) {
            throw incompatible(column, literal);
        }
        Object value = Values.parse(column.type(), quoted ? unquote(literal) : literal);
        if (value == null) {
            throw incompatible(column, literal);
        }
        return value;
    }

    private ServiceException incompatible(Column column, String literal) {
        return ServiceException.badQuery("A binary operator with incompatible types was detected. The property '"
                + column.name() + "' of type '" + column.type().edm() + "' cannot be compared with " + literal + ".");
    }

    private String resolve(String literal) {
        if (!literal.startsWith("@")) {
            return literal;
        }
        String value = aliases.get(literal);
        return value == null ? "null" : value;
    }

    private String argument() {
        blanks();
        if (peek() != '[') {
            return literal();
        }
        int start = position;
        char quote = 0;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (quote != 0) {
                if (c == '\\') {
                    position++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"') {
                quote = c;
            } else if (c == ']') {
                return text.substring(start, position);
            }
        }
        throw syntax();
    }

    private String literal() {
        blanks();
        int start = position;
        if (peek() != '\'') {
            return word();
        }
        position++;
        while (position < text.length()) {
            if (text.charAt(position++) == '\'') {
                if (peek() != '\'') {
                    return text.substring(start, position);
                }
                position++;
            }
        }
        throw ServiceException.badQuery(
                "There is an unterminated string literal at position " + start + " in '" + text + "'.");
    }

    private static String unquote(String literal) {
        return literal.substring(1, literal.length() - 1).replace("''", "'");
    }

    private boolean keyword(String keyword) {
        int before = position;
        blanks();
        int end = position + keyword.length();
        if (text.startsWith(keyword, position)
                && end < text.length()
                && (text.charAt(end) == ' ' || text.charAt(end) == '(')) {
            position = end;
            return true;
        }
        position = before;
        return false;
    }

    private String word() {
        blanks();
        int start = position;
        while (position < text.length() && " (),='[]".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        if (position == start) {
            throw syntax();
        }
        return text.substring(start, position);
    }

    private void expect(char c) {
        blanks();
        if (peek() != c) {
            throw syntax();
        }
        position++;
    }

    private char peek() {
        return position < text.length() ? text.charAt(position) : 0;
    }

    private void blanks() {
        while (peek() == ' ') {
            position++;
        }
    }

    private ServiceException syntax() {
        return ServiceException.badQuery("Syntax error at position " + position + " in '" + text + "'.");
    }
}
