package io.github.crmsync.dynamics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.sink.WriteOutcome;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.errors.DataException;

/** Makes the requests that create and change single rows, each a part of a batch. */
final class RowWrites {
    private final Table table;
    private final ColumnTypes types;
    private final RowReader rows;
    private final Map<String, String> headers;

    /**
     * @param extraHeaders that the user's settings ask for
     */
    RowWrites(Table table, ColumnTypes types, RowReader rows, Map<String, String> extraHeaders) {
        this.table = table;
        this.types = types;
        this.rows = rows;
        this.headers = new LinkedHashMap<>(extraHeaders);
        // The answer is what the server stored: the base of the next comparison.
        headers.put("Prefer", "return=representation");
        headers.put("Accept", "application/json");
        headers.put("Content-Type", "application/json");
    }

    /**
     * One write.
     *
     * @param createdId the key if the row is to be created, else null
     * @param version ETag that the row must still have; null for any
     * @param state state and status that a row gets right after it is created; empty for none
     */
    record Write(String id, String createdId, String version, Map<String, Object> values, Map<String, Object> state) {
        static Write create(String id, Map<String, Object> values) {
            return create(id, values, Map.of());
        }

        static Write create(String id, Map<String, Object> values, Map<String, Object> state) {
            return new Write(id, id, null, values, state);
        }

        static Write update(String id, String version, Map<String, Object> values) {
            return new Write(id, null, version, values, Map.of());
        }

        /** All columns that are set. */
        Set<String> columns() {
            Set<String> columns = new TreeSet<>(values.keySet());
            columns.addAll(state.keySet());
            return columns;
        }
    }

    /** The request for a write: a change set where it takes two, so that both are carried out or none. */
    BatchCodec.Item item(Write write, Accounts accounts) {
        BatchCodec.Part first = part(write, accounts);
        if (write.state().isEmpty()) {
            return first;
        }
        Write second = Write.update(write.id(), null, write.state());
        return new BatchCodec.ChangeSet(List.of(first, part(second, accounts, write.columns())));
    }

    /**
     * Null if the write can be sent; else why not, with the columns at fault.
     *
     * @param contacts columns whose lookup leads to a contact now: its type is kept
     */
    WriteOutcome.Refused refusal(Write write, Accounts accounts, Set<String> contacts) {
        Set<String> readOnly = new TreeSet<>();
        Set<String> unfit = new TreeSet<>();
        StringBuilder why = new StringBuilder();
        write.values().forEach((column, value) -> {
            if (!types.writable(column, write.createdId() != null)) {
                readOnly.add(column);
            } else if (contacts.contains(column)) {
                unfit.add(column);
                why.append(why.isEmpty() ? "" : "; ").append(column + ": a contact stands there, which is kept");
            } else if (types.isAccountName(column)) {
                String problem = accounts.problem(value);
                if (problem != null) {
                    unfit.add(column);
                    why.append(why.isEmpty() ? "" : "; ").append(column + ": " + problem);
                }
            } else {
                try {
                    types.write(column, value);
                } catch (DataException e) {
                    unfit.add(column);
                    why.append(why.isEmpty() ? "" : "; ").append(e.getMessage());
                }
            }
        });
        if (!readOnly.isEmpty()) {
            why.append(why.isEmpty() ? "" : "; ").append("cannot be written: ").append(String.join(", ", readOnly));
        }
        unfit.addAll(readOnly);
        return unfit.isEmpty() ? null : new WriteOutcome.Refused(why.toString(), unfit);
    }

    BatchCodec.Part part(Write write, Accounts accounts) {
        return part(write, accounts, write.values().keySet());
    }

    /** @param answered columns that the answer holds */
    private BatchCodec.Part part(Write write, Accounts accounts, Set<String> answered) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        write.values()
                .forEach((column, value) -> body.set(
                        types.property(column),
                        types.isAccountName(column)
                                ? types.write(types.nameOf(column), accounts.id(value))
                                : types.write(column, value)));
        Map<String, String> all = new HashMap<>(headers);
        if (rows.labels(answered)) {
            all.merge("Prefer", DataverseApi.LABELS, (first, second) -> first + "," + second);
        }
        if (write.createdId() != null) {
            all.put("If-None-Match", "*");
        } else {
            // Without a version the row must at least exist: a PATCH alone would create it again.
            all.put("If-Match", write.version() == null ? "*" : write.version());
        }
        return new BatchCodec.Part(
                "PATCH",
                DataverseApi.path(table.entitySet(), "(" + write.id() + ")?$select=" + rows.select(answered)),
                all,
                Json.write(body));
    }
}
