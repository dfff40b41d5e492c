package io.github.crmsync.transforms;

import io.github.crmsync.core.record.SyncHeaders;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;

/** Limits the sync to records that meet a condition; the others are marked, so that the sink can honour and report it. */
public final class SyncFilter<R extends ConnectRecord<R>> extends Directive<R> {
    public static final String EXPRESSION = "filter.expression";
    public static final String ON_LEAVE = "on.leave";
    public static final String MODE = "mode";

    private Expression expression;
    private String reason;
    private boolean drop;

    public SyncFilter() {
        super(new ConfigDef()
                .define(
                        EXPRESSION,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        SyncFilter::validate,
                        Importance.HIGH,
                        "Condition in CEL over the map record, such as record.country == 'DE'. Records for which it is false,"
                                + " or asks for a field that is empty, take no part.",
                        "Filter",
                        1,
                        Width.LONG,
                        "Expression")
                .define(
                        ON_LEAVE,
                        Type.STRING,
                        "excluded",
                        ValidString.in("excluded", "sticky"),
                        Importance.MEDIUM,
                        "What happens to a linked record that no longer meets the condition: excluded stops its sync, sticky"
                                + " keeps it.",
                        "Filter",
                        2,
                        Width.SHORT,
                        "On leaving")
                .define(
                        MODE,
                        Type.STRING,
                        "mark",
                        ValidString.in("mark", "drop"),
                        Importance.LOW,
                        "mark for a sync; drop, for use outside a sync, removes the record.",
                        "Filter",
                        3,
                        Width.SHORT,
                        "Mode"));
    }

    private static void validate(String name, Object value) {
        if (value != null) {
            try {
                Expression.compile(value.toString());
            } catch (IllegalArgumentException e) {
                throw new ConfigException(name, value, e.getMessage());
            }
        }
    }

    @Override
    void configure(AbstractConfig config) {
        expression = Expression.compile(config.getString(EXPRESSION));
        reason = config.getString(ON_LEAVE).equals("sticky") ? "filter-sticky" : "filter";
        drop = config.getString(MODE).equals("drop");
    }

    @Override
    R directed(R record) {
        if (record.value() == null || expression.holds(Fields.asMap(record.value()))) {
            return record;
        }
        if (drop) {
            return null;
        }
        SyncHeaders.set(record.headers(), SyncHeaders.EXCLUDED, reason);
        return record;
    }
}
