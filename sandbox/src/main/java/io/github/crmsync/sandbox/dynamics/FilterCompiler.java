package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.olingo.commons.api.edm.EdmEnumType;
import org.apache.olingo.commons.api.edm.EdmType;
import org.apache.olingo.server.api.ODataApplicationException;
import org.apache.olingo.server.api.uri.UriParameter;
import org.apache.olingo.server.api.uri.UriResource;
import org.apache.olingo.server.api.uri.UriResourceFunction;
import org.apache.olingo.server.api.uri.UriResourceIt;
import org.apache.olingo.server.api.uri.UriResourceLambdaAll;
import org.apache.olingo.server.api.uri.UriResourceLambdaAny;
import org.apache.olingo.server.api.uri.UriResourceLambdaVariable;
import org.apache.olingo.server.api.uri.UriResourceNavigation;
import org.apache.olingo.server.api.uri.UriResourceProperty;
import org.apache.olingo.server.api.uri.queryoption.expression.BinaryOperatorKind;
import org.apache.olingo.server.api.uri.queryoption.expression.Expression;
import org.apache.olingo.server.api.uri.queryoption.expression.ExpressionVisitException;
import org.apache.olingo.server.api.uri.queryoption.expression.ExpressionVisitor;
import org.apache.olingo.server.api.uri.queryoption.expression.Literal;
import org.apache.olingo.server.api.uri.queryoption.expression.Member;
import org.apache.olingo.server.api.uri.queryoption.expression.MethodKind;
import org.apache.olingo.server.api.uri.queryoption.expression.UnaryOperatorKind;

/** Turns the tree of a filter expression into a {@link Filter} on rows of one table. */
final class FilterCompiler implements ExpressionVisitor<FilterCompiler.Node> {
    private static final Map<BinaryOperatorKind, String> COMPARISONS = Map.of(
            BinaryOperatorKind.EQ, "eq",
            BinaryOperatorKind.NE, "ne",
            BinaryOperatorKind.GT, "gt",
            BinaryOperatorKind.GE, "ge",
            BinaryOperatorKind.LT, "lt",
            BinaryOperatorKind.LE, "le");
    private static final Map<String, String> MIRRORED = Map.of("gt", "lt", "ge", "le", "lt", "gt", "le", "ge");

    /** A part of the expression: a condition, an operand, or a literal whose type its partner decides. */
    sealed interface Node {
        /** A condition. */
        record Condition(Filter filter) implements Node {}

        /** A column. */
        record Value(Operand operand, Column column) implements Node {}

        /** Text of a literal as in the address, quotes included. */
        record Text(String literal) implements Node {}
    }

    private final Table table;
    private final Map<String, String> aliases;
    private final UUID caller;
    private final Instant now;
    private final boolean wildcardsInEquality;

    /**
     * @param aliases values of parameter aliases by name including the at sign
     * @param wildcardsInEquality whether a pattern in a text counts in a comparison for equality too
     */
    FilterCompiler(Table table, Map<String, String> aliases, UUID caller, Instant now, boolean wildcardsInEquality) {
        this.table = table;
        this.aliases = aliases;
        this.caller = caller;
        this.now = now;
        this.wildcardsInEquality = wildcardsInEquality;
    }

    UUID caller() {
        return caller;
    }

    Instant now() {
        return now;
    }

    Filter compile(Expression expression) {
        try {
            return condition(expression.accept(this));
        } catch (ExpressionVisitException | ODataApplicationException e) {
            throw ServiceException.badQuery(e.getMessage());
        }
    }

    private Filter condition(Node node) {
        if (node instanceof Node.Condition condition) {
            return condition.filter();
        }
        if (node instanceof Node.Value value && value.column().type() == ColumnType.BOOLEAN) {
            return new Filter.Compare(value.operand(), "eq", new Operand.Literal(true));
        }
        if (node instanceof Node.Text text && text.literal().matches("true|false")) {
            return new Filter.Constant(Boolean.parseBoolean(text.literal()));
        }
        throw ServiceException.badQuery("The $filter expression must evaluate to a single boolean value.");
    }

    @Override
    public Node visitBinaryOperator(BinaryOperatorKind operator, Node left, Node right) {
        if (operator == BinaryOperatorKind.AND) {
            return new Node.Condition(new Filter.And(condition(left), condition(right)));
        }
        if (operator == BinaryOperatorKind.OR) {
            return new Node.Condition(new Filter.Or(condition(left), condition(right)));
        }
        String name = COMPARISONS.get(operator);
        if (name == null) {
            throw unsupported(operator.toString());
        }
        if (left instanceof Node.Text && right instanceof Node.Value) {
            return new Node.Condition(comparison(right, MIRRORED.getOrDefault(name, name), left));
        }
        return new Node.Condition(comparison(left, name, right));
    }

    private Filter comparison(Node left, String operator, Node right) {
        if (!(left instanceof Node.Value value)) {
            throw ServiceException.badQuery(
                    "Only comparisons of a property with a literal or another property are supported.");
        }
        if (right instanceof Node.Value other) {
            if (value.operand().type() != other.operand().type()) {
                throw ServiceException.badQuery("Properties of different types cannot be compared.");
            }
            return new Filter.Compare(value.operand(), operator, other.operand());
        }
        if (!(right instanceof Node.Text text)) {
            throw ServiceException.badQuery("A condition cannot be compared.");
        }
        String literal = text.literal();
        if (literal.equals("null")) {
            if (!operator.equals("eq") && !operator.equals("ne")) {
                throw incompatible(value.column(), literal);
            }
            return new Filter.IsNull(value.operand(), operator.equals("ne"));
        }
        Object constant = constant(value.column(), literal);
        if (wildcardsInEquality && constant instanceof String pattern && pattern.matches("(?s).*[%_\\[].*")) {
            Filter like = Filter.Like.of(value.operand(), "eq", pattern);
            if (operator.equals("eq")) {
                return like;
            }
            if (operator.equals("ne")) {
                return new Filter.Not(like);
            }
        }
        return new Filter.Compare(value.operand(), operator, new Operand.Literal(constant));
    }

    private static Object constant(Column column, String literal) {
        boolean quoted = literal.startsWith("'");
        Object value = quoted == column.type().isText()
                ? Values.parse(column.type(), quoted ? unquote(literal) : literal)
                : null;
        if (value == null) {
            throw incompatible(column, literal);
        }
        return value;
    }

    private static ServiceException incompatible(Column column, String literal) {
        return ServiceException.badQuery("A binary operator with incompatible types was detected. The property '"
                + column.name() + "' of type 'Edm." + column.type().edm() + "' cannot be compared with " + literal
                + ".");
    }

    static String unquote(String literal) {
        return literal.substring(1, literal.length() - 1).replace("''", "'");
    }

    @Override
    public Node visitBinaryOperator(BinaryOperatorKind operator, Node left, List<Node> right) {
        throw unsupported(operator.toString());
    }

    @Override
    public Node visitUnaryOperator(UnaryOperatorKind operator, Node operand) {
        if (operator != UnaryOperatorKind.NOT) {
            throw unsupported(operator.toString());
        }
        return new Node.Condition(new Filter.Not(condition(operand)));
    }

    @Override
    public Node visitMethodCall(MethodKind method, List<Node> parameters) {
        String name = method.toString();
        boolean text =
                method == MethodKind.CONTAINS || method == MethodKind.STARTSWITH || method == MethodKind.ENDSWITH;
        if (!text) {
            throw unsupported(name);
        }
        if (parameters.get(0) instanceof Node.Value value
                && value.column().type().isText()
                && parameters.get(1) instanceof Node.Text literal
                && literal.literal().startsWith("'")) {
            return new Node.Condition(Filter.Like.of(value.operand(), name, unquote(literal.literal())));
        }
        throw ServiceException.badQuery(
                "No function signature for the function with name '" + name + "' matches the specified arguments.");
    }

    @Override
    public Node visitLiteral(Literal literal) {
        return new Node.Text(literal.getText());
    }

    @Override
    public Node visitAlias(String name) {
        return new Node.Text(aliases.getOrDefault(name, "null"));
    }

    @Override
    public Node visitMember(Member member) {
        List<Navigation> steps = new ArrayList<>();
        Table at = table;
        for (UriResource part : member.getResourcePath().getUriResourceParts()) {
            if (part instanceof UriResourceNavigation step) {
                Navigation navigation = at.navigation(step.getProperty().getName());
                steps.add(navigation);
                at = navigation.target();
            } else if (part instanceof UriResourceLambdaAny any) {
                return quantified(steps, any.getExpression(), false);
            } else if (part instanceof UriResourceLambdaAll all) {
                return quantified(steps, all.getExpression(), true);
            } else if (part instanceof UriResourceFunction function) {
                return queryFunction(function);
            } else if (part instanceof UriResourceProperty property) {
                return value(steps, at, property.getProperty().getName());
            } else if (!(part instanceof UriResourceLambdaVariable) && !(part instanceof UriResourceIt)) {
                throw unsupported(part.getSegmentValue());
            }
        }
        throw ServiceException.badQuery("A navigation property cannot be compared.");
    }

    private static Node value(List<Navigation> steps, Table at, String name) {
        Column column = at.column(name);
        if (column.type() == ColumnType.COMPLEX) {
            throw ServiceException.badQuery("The property '" + name + "' cannot be used in a query expression.");
        }
        return new Node.Value(
                steps.isEmpty() ? new Operand.Field(column) : new Operand.Path(List.copyOf(steps), column), column);
    }

    private Node quantified(List<Navigation> steps, Expression inner, boolean all) {
        Navigation collection = steps.remove(steps.size() - 1);
        Filter condition = inner == null
                ? null
                : new FilterCompiler(collection.target(), aliases, caller, now, wildcardsInEquality).compile(inner);
        return new Node.Condition(new Filter.Quantified(List.copyOf(steps), collection, condition, all));
    }

    private Node queryFunction(UriResourceFunction function) {
        String name = function.getFunction().getName();
        Map<String, String> arguments = new HashMap<>();
        for (UriParameter parameter : function.getParameters()) {
            String text = parameter.getAlias() == null ? parameter.getText() : aliases.get(parameter.getAlias());
            if (text == null) {
                throw ServiceException.badQuery(
                        "The parameter '" + parameter.getName() + "' of the function '" + name + "' has no value.");
            }
            arguments.put(parameter.getName(), text);
        }
        String property = arguments.get("PropertyName");
        if (!property.startsWith("'")) {
            throw ServiceException.badQuery("The value of PropertyName must be a string.");
        }
        Column column = table.findLogical(unquote(property));
        if (column == null) {
            throw UriReader.unknownProperty(table.logicalName(), unquote(property));
        }
        List<String> values = new ArrayList<>();
        if (arguments.containsKey("PropertyValue")) {
            String text = arguments.get("PropertyValue");
            values.add(text.startsWith("'") ? unquote(text) : text);
        } else if (arguments.containsKey("PropertyValues")) {
            values.addAll(list(arguments.get("PropertyValues")));
        }
        return new Node.Condition(FilterFunctions.filter(name, column, values, this));
    }

    private static List<String> list(String json) {
        JsonNode array;
        try {
            array = Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw ServiceException.badQuery(
                    "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array"
                            + " and properties of an object must be separated by commas.");
        }
        if (!array.isArray()) {
            throw ServiceException.badQuery("The value of PropertyValues must be an array of strings.");
        }
        List<String> values = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                throw ServiceException.badQuery("Cannot read the value '" + element.asText()
                        + "' as a quoted JSON string value in PropertyValues.");
            }
            values.add(element.textValue());
        }
        return values;
    }

    @Override
    public Node visitLambdaExpression(String function, String variable, Expression expression) {
        throw unsupported(function);
    }

    @Override
    public Node visitLambdaReference(String variable) {
        throw unsupported(variable);
    }

    @Override
    public Node visitTypeLiteral(EdmType type) {
        throw unsupported(type.getName());
    }

    @Override
    public Node visitEnum(EdmEnumType type, List<String> values) {
        throw unsupported(type.getName());
    }

    private static ServiceException unsupported(String what) {
        return ServiceException.badQuery("The expression '" + what + "' is not supported in a query.");
    }
}
