package io.github.crmsync.dynamics;

import io.github.crmsync.dynamics.RowWrites.Write;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.DataException;

/**
 * State and status of a row: two columns that the service takes as a pair only, and none but the open state on create
 * (Dataverse documentation, "Update and delete table rows", and the tables' definitions).
 */
final class StatePairs {
    static final String STATE = "statecode";
    static final String STATUS = "statuscode";

    private final ColumnTypes types;
    private final Supplier<Map<Integer, Integer>> load;
    private Map<Integer, Integer> stateOfStatus;

    /** @param stateOfStatus the state that each status belongs to; asked once, when a status is written */
    StatePairs(ColumnTypes types, Supplier<Map<Integer, Integer>> stateOfStatus) {
        this.types = types;
        this.load = stateOfStatus;
    }

    /** The update, with the state that a status belongs to. */
    Write complete(Write update) {
        Map<String, Object> pair = pair(update.values());
        if (pair.isEmpty()) {
            return update;
        }
        Map<String, Object> values = new HashMap<>(update.values());
        values.putAll(pair);
        return Write.update(update.id(), update.version(), values);
    }

    /** The creation of an open row, which then gets the state that it is to have. */
    Write split(Write create) {
        Map<String, Object> pair = pair(create.values());
        if (pair.isEmpty()) {
            return create;
        }
        Map<String, Object> values = new HashMap<>(create.values());
        values.remove(STATE);
        if (Integer.valueOf(0).equals(pair.get(STATE))) {
            return Write.create(create.id(), values);
        }
        values.remove(STATUS);
        return Write.create(create.id(), values, pair);
    }

    /** Both columns, or the state alone where no status is given; empty where neither can be told. */
    private Map<String, Object> pair(Map<String, Object> values) {
        try {
            Object status = types.convert(STATUS, values.get(STATUS));
            Object state = values.get(STATE) != null || status == null
                    ? types.convert(STATE, values.get(STATE))
                    : states().get(status);
            if (state == null) {
                return Map.of();
            }
            return status == null ? Map.of(STATE, state) : Map.of(STATE, state, STATUS, status);
        } catch (DataException e) {
            // A value that is no option is refused by itself.
            return Map.of();
        }
    }

    private synchronized Map<Integer, Integer> states() {
        if (stateOfStatus == null) {
            stateOfStatus = load.get();
        }
        return stateOfStatus;
    }
}
