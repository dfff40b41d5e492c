package io.github.crmsync.sandbox.dynamics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A plug-in that throws: whatever HTTP status and error code its {@code InvalidPluginExecutionException} carries is what the
 * caller sees (Dataverse SDK, {@code InvalidPluginExecutionException(OperationStatus, Int32, String, PluginHttpStatusCode)}).
 *
 * @param column without a value: writes that carry the column; with one: rows that would then have the value in it; empty:
 *     every write
 * @param value text of the value; null for any
 * @param when {@code create}, {@code update} or empty for both
 */
record Refusal(String table, String column, String value, String when, int status, String code, String message) {
    private static final String ISV_ABORTED = "0x80040265";

    static Refusal of(JsonNode node) {
        Refusal refusal = new Refusal(
                node.path("table").asText(),
                node.path("column").asText(""),
                node.hasNonNull("value") ? node.get("value").asText() : null,
                node.path("when").asText(""),
                node.path("status").asInt(400),
                node.path("code").asText(ISV_ABORTED),
                node.path("message").asText("A plug-in of the organization does not allow this."));
        if (!refusal.column().isEmpty() && Table.load(refusal.table()).find(refusal.column()) == null) {
            throw new IllegalArgumentException("No such column: " + refusal.column());
        }
        return refusal;
    }

    /**
     * Runs the plug-in before the row is stored.
     *
     * @param values what the row would hold
     * @throws ServiceException if it refuses
     */
    void check(Table written, Object[] values, ObjectNode body, String message) {
        boolean runs = written.logicalName().equals(table) && (when.isEmpty() || when.equals(message));
        if (runs && fits(written, values, body)) {
            throw new ServiceException(status, code, this.message);
        }
    }

    private boolean fits(Table written, Object[] values, ObjectNode body) {
        if (column.isEmpty()) {
            return true;
        }
        if (value == null) {
            return body.has(column);
        }
        Object held = values[written.column(column).ordinal()];
        return held != null && held.toString().equalsIgnoreCase(value);
    }
}
