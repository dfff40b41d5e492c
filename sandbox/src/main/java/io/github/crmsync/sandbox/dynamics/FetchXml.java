package io.github.crmsync.sandbox.dynamics;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** A query in FetchXML: attributes, filters, order and pages of one table, without links to others. */
final class FetchXml {
    private static final int MAX_PAGE = 5000;

    private final Element fetch;
    private final Element entity;

    /**
     * Rows of one page.
     *
     * @param cookie for the next page, or null
     */
    record Result(List<Row> rows, String cookie) {}

    private FetchXml(Element fetch, Element entity) {
        this.fetch = fetch;
        this.entity = entity;
    }

    static FetchXml parse(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            javax.xml.parsers.DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            Element fetch =
                    builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
            List<Element> entities = children(fetch, "entity");
            if (fetch.getTagName().equals("fetch") && entities.size() == 1) {
                return new FetchXml(fetch, entities.get(0));
            }
        } catch (org.xml.sax.SAXException | java.io.IOException | javax.xml.parsers.ParserConfigurationException e) {
            throw invalid("Invalid XML.");
        }
        throw invalid("The fetch element must have one entity element.");
    }

    String entity() {
        return entity.getAttribute("name");
    }

    /** The columns named; all of them if none is. */
    List<Column> columns(Table table) {
        Set<Column> columns = new LinkedHashSet<>();
        for (Element attribute : children(entity, "attribute")) {
            columns.add(column(table, attribute.getAttribute("name")));
        }
        if (columns.isEmpty() || !children(entity, "all-attributes").isEmpty()) {
            return List.copyOf(table.columns());
        }
        columns.add(table.key());
        return List.copyOf(columns);
    }

    /** The conditions, or null if there are none. */
    Filter filter(Table table, FilterCompiler context) {
        Filter all = null;
        for (Element element : children(entity, "filter")) {
            Filter one = group(table, element, context);
            all = all == null ? one : new Filter.And(all, one);
        }
        return all;
    }

    Result run(RowStore store, FilterCompiler context) {
        if (!children(entity, "link-entity").isEmpty()) {
            throw invalid("Links to other tables are not supported.");
        }
        List<Order> orders = new ArrayList<>();
        for (Element order : children(entity, "order")) {
            orders.add(new Order(
                    column(store.table(), order.getAttribute("attribute")),
                    order.getAttribute("descending").equals("true")));
        }
        int count = Math.min(MAX_PAGE, number("count", number("top", MAX_PAGE)));
        int page = number("page", 1);
        List<Row> rows = Filter.select(store, filter(store.table(), context)).stream()
                .sorted(Order.comparator(orders))
                .toList();
        int from = Math.min(rows.size(), (page - 1) * count);
        int to = Math.min(rows.size(), from + count);
        boolean more = to < rows.size() && !fetch.hasAttribute("top");
        String cookie = more
                ? Order.cookie(page + 1, orders, store.table(), rows.get(to - 1), -1)
                        .xml()
                : null;
        return new Result(rows.subList(from, to), cookie);
    }

    private int number(String name, int otherwise) {
        String text = fetch.getAttribute(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[1-9]\\d{0,7}")) {
            throw invalid("The value '" + text + "' of " + name + " is not valid.");
        }
        return Integer.parseInt(text);
    }

    private static Filter group(Table table, Element element, FilterCompiler context) {
        boolean or = element.getAttribute("type").equals("or");
        Filter all = null;
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            Filter one = null;
            if (node instanceof Element child && child.getTagName().equals("condition")) {
                one = condition(table, child, context);
            } else if (node instanceof Element child && child.getTagName().equals("filter")) {
                one = group(table, child, context);
            }
            if (one != null) {
                all = all == null ? one : or ? new Filter.Or(all, one) : new Filter.And(all, one);
            }
        }
        return all == null ? new Filter.Constant(true) : all;
    }

    private static Filter condition(Table table, Element condition, FilterCompiler context) {
        Column column = column(table, condition.getAttribute("attribute"));
        Operand operand = new Operand.Field(column);
        String operator = condition.getAttribute("operator");
        List<String> values = new ArrayList<>();
        children(condition, "value").forEach(value -> values.add(value.getTextContent()));
        String value = condition.getAttribute("value");
        return switch (operator) {
            case "eq", "ne", "gt", "ge", "lt", "le" ->
                new Filter.Compare(operand, operator, new Operand.Literal(typed(column, value)));
            case "null", "not-null" -> new Filter.IsNull(operand, operator.equals("not-null"));
            case "like" -> Filter.Like.of(operand, "eq", value);
            case "not-like" -> new Filter.Not(Filter.Like.of(operand, "eq", value));
            case "begins-with" -> Filter.Like.of(operand, "startswith", value);
            case "ends-with" -> Filter.Like.of(operand, "endswith", value);
            case "in", "not-in" -> {
                List<Object> typed = new ArrayList<>();
                values.forEach(one -> typed.add(typed(column, one)));
                Filter in = Filter.In.of(column, typed);
                yield operator.equals("in") ? in : new Filter.Not(in);
            }
            case "eq-userid" -> new Filter.Compare(operand, "eq", new Operand.Literal(context.caller()));
            case "on", "on-or-after", "on-or-before", "today", "yesterday", "last-x-days", "last-x-hours" ->
                FilterFunctions.filter(camel(operator), column, value.isEmpty() ? List.of() : List.of(value), context);
            default -> throw invalid("The operator '" + operator + "' is not valid.");
        };
    }

    private static String camel(String operator) {
        StringBuilder name = new StringBuilder();
        for (String word : operator.split("-")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }

    private static Object typed(Column column, String text) {
        String plain = column.type() == ColumnType.BOOLEAN && text.matches("[01]")
                ? Boolean.toString(text.equals("1"))
                : column.type().isGuid() ? text.replaceAll("[{}]", "") : text;
        Object value = Values.parse(column.type(), plain);
        if (value == null) {
            throw invalid("The value '" + text + "' does not fit the attribute '" + column.logicalName() + "'.");
        }
        return value;
    }

    private static Column column(Table table, String name) {
        Column column = table.findLogical(name);
        if (column == null) {
            throw ServiceException.badRequest(
                    "0x80041103",
                    "'" + table.schemaName() + "' entity doesn't contain attribute with Name = '" + name + "'.");
        }
        return column;
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    private static ServiceException invalid(String message) {
        return ServiceException.badRequest("0x80040201", "Invalid FetchXML: " + message);
    }

    /** The query behind {@code savedQuery} or {@code userQuery}. */
    static FetchXml stored(RowStore queries, String id) {
        UUID key = Values.guid(id);
        Row row = key == null ? null : queries.get(key);
        if (row == null) {
            throw ServiceException.notFound(queries.table(), id);
        }
        return parse((String) row.get(queries.table().column("fetchxml")));
    }
}
