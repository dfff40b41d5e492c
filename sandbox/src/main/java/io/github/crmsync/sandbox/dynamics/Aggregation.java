package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.olingo.server.api.uri.UriResource;
import org.apache.olingo.server.api.uri.UriResourceCount;
import org.apache.olingo.server.api.uri.UriResourceProperty;
import org.apache.olingo.server.api.uri.queryoption.ApplyItem;
import org.apache.olingo.server.api.uri.queryoption.ApplyOption;
import org.apache.olingo.server.api.uri.queryoption.apply.Aggregate;
import org.apache.olingo.server.api.uri.queryoption.apply.AggregateExpression;
import org.apache.olingo.server.api.uri.queryoption.apply.AggregateExpression.StandardMethod;
import org.apache.olingo.server.api.uri.queryoption.apply.GroupBy;
import org.apache.olingo.server.api.uri.queryoption.apply.GroupByItem;
import org.apache.olingo.server.api.uri.queryoption.expression.Member;

/** The answer to {@code $apply}: filter, groupby and aggregate. */
final class Aggregation {
    private final Table table;
    private final FilterCompiler filters;

    Aggregation(Table table, FilterCompiler filters) {
        this.table = table;
        this.filters = filters;
    }

    /** Computes the lines of the answer. */
    List<Map<String, Object>> run(ApplyOption option, List<Row> rows) {
        List<Row> left = rows;
        List<Map<String, Object>> lines = null;
        for (ApplyItem item : option.getApplyItems()) {
            if (lines != null) {
                throw unsupported("a transformation after " + item.getKind());
            }
            if (item instanceof org.apache.olingo.server.api.uri.queryoption.apply.Filter filter) {
                left = Filter.select(
                        left, filters.compile(filter.getFilterOption().getExpression()));
            } else if (item instanceof Aggregate aggregate) {
                Map<String, Object> line = new LinkedHashMap<>();
                aggregate(aggregate, left, line);
                lines = List.of(line);
            } else if (item instanceof GroupBy groupBy) {
                lines = groups(groupBy, left);
            } else {
                throw unsupported(item.getKind().toString());
            }
        }
        if (lines == null) {
            throw unsupported("$apply without aggregate or groupby");
        }
        return lines;
    }

    static void write(JsonGenerator json, Map<String, Object> line) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, Object> entry : line.entrySet()) {
            json.writeFieldName(entry.getKey());
            Values.write(json, entry.getValue());
        }
        json.writeEndObject();
    }

    private List<Map<String, Object>> groups(GroupBy groupBy, List<Row> rows) {
        List<Column> columns = new ArrayList<>();
        for (GroupByItem item : groupBy.getGroupByItems()) {
            columns.add(column(item.getPath()));
        }
        Map<List<Object>, List<Row>> groups = new LinkedHashMap<>();
        for (Row row : rows) {
            List<Object> key = new ArrayList<>();
            columns.forEach(column -> key.add(Filter.fold(row.get(column))));
            groups.computeIfAbsent(key, one -> new ArrayList<>()).add(row);
        }
        List<Map<String, Object>> lines = new ArrayList<>();
        for (List<Row> group : groups.values()) {
            Map<String, Object> line = new LinkedHashMap<>();
            columns.forEach(column -> line.put(column.name(), group.get(0).get(column)));
            if (groupBy.getApplyOption() != null) {
                for (ApplyItem inner : groupBy.getApplyOption().getApplyItems()) {
                    if (!(inner instanceof Aggregate aggregate)) {
                        throw unsupported(inner.getKind() + " inside groupby");
                    }
                    aggregate(aggregate, group, line);
                }
            }
            lines.add(line);
        }
        return lines;
    }

    private Column column(List<UriResource> path) {
        if (path.size() == 1 && path.get(0) instanceof UriResourceProperty property) {
            return table.column(property.getProperty().getName());
        }
        throw unsupported("a path in $apply");
    }

    private void aggregate(Aggregate aggregate, List<Row> rows, Map<String, Object> line) {
        for (AggregateExpression expression : aggregate.getExpressions()) {
            List<UriResource> path = expression.getPath();
            if (path.size() == 1 && path.get(0) instanceof UriResourceCount) {
                line.put(expression.getAlias(), rows.size());
                continue;
            }
            if (!(expression.getExpression() instanceof Member member) || expression.getStandardMethod() == null) {
                throw unsupported("this aggregate");
            }
            Column column = column(member.getResourcePath().getUriResourceParts());
            List<Object> values = rows.stream()
                    .map(row -> row.get(column))
                    .filter(Objects::nonNull)
                    .toList();
            line.put(expression.getAlias(), reduce(expression.getStandardMethod(), column, values));
        }
    }

    private static Object reduce(StandardMethod method, Column column, List<Object> values) {
        switch (method) {
            case MIN:
                return values.stream().min(Filter::compare).orElse(null);
            case MAX:
                return values.stream().max(Filter::compare).orElse(null);
            case COUNT_DISTINCT:
                Set<Object> distinct = new HashSet<>();
                values.forEach(value -> distinct.add(Filter.fold(value)));
                return distinct.size();
            default:
                if (!column.type().isNumber()) {
                    throw unsupported(method + " of " + column.name());
                }
                if (values.isEmpty()) {
                    return null;
                }
                BigDecimal sum = values.stream()
                        .map(value -> new BigDecimal(value.toString()))
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                return method == StandardMethod.SUM
                        ? sum
                        : sum.divide(BigDecimal.valueOf(values.size()), 10, RoundingMode.HALF_UP);
        }
    }

    private static ServiceException unsupported(String what) {
        return ServiceException.badQuery("The query option $apply does not support " + what + ".");
    }
}
