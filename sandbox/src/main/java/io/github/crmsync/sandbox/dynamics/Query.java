package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.olingo.server.api.uri.UriInfo;
import org.apache.olingo.server.api.uri.UriInfoResource;
import org.apache.olingo.server.api.uri.UriResource;
import org.apache.olingo.server.api.uri.UriResourceNavigation;
import org.apache.olingo.server.api.uri.UriResourceProperty;
import org.apache.olingo.server.api.uri.queryoption.ApplyOption;
import org.apache.olingo.server.api.uri.queryoption.CountOption;
import org.apache.olingo.server.api.uri.queryoption.ExpandItem;
import org.apache.olingo.server.api.uri.queryoption.ExpandOption;
import org.apache.olingo.server.api.uri.queryoption.FilterOption;
import org.apache.olingo.server.api.uri.queryoption.OrderByItem;
import org.apache.olingo.server.api.uri.queryoption.OrderByOption;
import org.apache.olingo.server.api.uri.queryoption.SelectItem;
import org.apache.olingo.server.api.uri.queryoption.SelectOption;
import org.apache.olingo.server.api.uri.queryoption.TopOption;
import org.apache.olingo.server.api.uri.queryoption.expression.Expression;
import org.apache.olingo.server.api.uri.queryoption.expression.Member;

/**
 * What a query asks for.
 *
 * @param filter null for every row
 * @param top null without a limit
 * @param apply aggregation, or null
 */
record Query(
        Table table,
        Filter filter,
        List<Order> orders,
        Selection selection,
        Integer top,
        boolean counted,
        ApplyOption apply) {

    /** What the parts of a query share. */
    record Context(ApiRequest request, Organization organization, UUID caller) {
        FilterCompiler compiler(Table table) {
            return new FilterCompiler(
                    table,
                    request.options(),
                    caller,
                    organization.now(),
                    organization.behaviour().wildcardsInEquality());
        }
    }

    static Query of(Table table, UriInfo info, Context context) {
        return of(
                table,
                new Options(
                        info.getSelectOption(),
                        info.getExpandOption(),
                        info.getFilterOption(),
                        info.getOrderByOption(),
                        info.getTopOption(),
                        info.getCountOption(),
                        info.getApplyOption()),
                context);
    }

    private record Options(
            SelectOption select,
            ExpandOption expand,
            FilterOption filter,
            OrderByOption order,
            TopOption top,
            CountOption count,
            ApplyOption apply) {}

    private static Query of(Table table, Options options, Context context) {
        return new Query(
                table,
                options.filter() == null
                        ? null
                        : context.compiler(table).compile(options.filter().getExpression()),
                orders(table, options.order()),
                selection(table, options.select(), options.expand(), context),
                options.top() == null ? null : top(options.top().getValue()),
                options.count() != null && options.count().getValue(),
                options.apply());
    }

    private static int top(int value) {
        if (value < 1) {
            throw ServiceException.badQuery("Invalid value '" + value + "' for $top query option found.");
        }
        return value;
    }

    private static List<Order> orders(Table table, OrderByOption option) {
        List<Order> orders = new ArrayList<>();
        if (option == null) {
            return orders;
        }
        for (OrderByItem item : option.getOrders()) {
            orders.add(new Order(column(table, item.getExpression()), item.isDescending()));
        }
        return orders;
    }

    private static Column column(Table table, Expression expression) {
        if (expression instanceof Member member) {
            List<UriResource> parts = member.getResourcePath().getUriResourceParts();
            if (parts.size() == 1 && parts.get(0) instanceof UriResourceProperty property) {
                return table.column(property.getProperty().getName());
            }
        }
        throw ServiceException.badQuery("Only columns of the table itself can be sorted by.");
    }

    private static Selection selection(Table table, SelectOption select, ExpandOption expand, Context context) {
        Set<Column> columns = null;
        List<String> names = new ArrayList<>();
        for (SelectItem item : select == null ? List.<SelectItem>of() : select.getSelectItems()) {
            if (item.isAllOperationsInSchema()) {
                throw ServiceException.badQuery("Operations cannot be selected.");
            }
            columns = columns == null ? new LinkedHashSet<>() : columns;
            if (item.isStar()) {
                columns.addAll(table.columns());
                names.add("*");
                continue;
            }
            select(table, item.getResourcePath(), columns, names);
        }
        if (columns != null && table.key() != null) {
            columns.add(table.key());
        }
        return new Selection(
                table,
                names,
                List.copyOf(columns == null ? table.columns() : columns),
                expansions(table, expand, context),
                Annotations.of(context.request()),
                context.organization().model());
    }

    private static void select(Table table, UriInfoResource path, Set<Column> columns, List<String> names) {
        List<UriResource> parts = path.getUriResourceParts();
        if (parts.size() != 1 || !(parts.get(0) instanceof UriResourceProperty property)) {
            // A navigation property may be named; the answer has no more in it than without.
            if (parts.size() == 1 && parts.get(0) instanceof UriResourceNavigation) {
                return;
            }
            throw ServiceException.badQuery("Only properties can be selected.");
        }
        Column column = table.column(property.getProperty().getName());
        columns.add(column);
        names.add(column.name());
        Column currency = table.find("_transactioncurrencyid_value");
        if (column.type() == ColumnType.MONEY && currency != null) {
            columns.add(currency);
        }
    }

    private static List<Expansion> expansions(Table table, ExpandOption option, Context context) {
        List<Expansion> expansions = new ArrayList<>();
        for (ExpandItem item : option == null ? List.<ExpandItem>of() : option.getExpandItems()) {
            if (item.isStar() || item.isRef() || item.getSearchOption() != null || item.getSkipOption() != null) {
                throw ServiceException.badQuery("This form of $expand is not supported.");
            }
            List<UriResource> parts = item.getResourcePath().getUriResourceParts();
            if (parts.size() != 1 || !(parts.get(0) instanceof UriResourceNavigation step)) {
                throw ServiceException.badQuery("Only navigation properties can be expanded.");
            }
            Navigation navigation = table.navigation(step.getProperty().getName());
            Options inner = new Options(
                    item.getSelectOption(),
                    item.getExpandOption(),
                    item.getFilterOption(),
                    item.getOrderByOption(),
                    item.getTopOption(),
                    item.getCountOption(),
                    null);
            expansions.add(new Expansion(navigation, of(navigation.target(), inner, context)));
        }
        return expansions;
    }
}
