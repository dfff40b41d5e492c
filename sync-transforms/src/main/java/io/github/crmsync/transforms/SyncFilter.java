package io.github.crmsync.transforms;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.github.crmsync.core.record.Blanks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;

/**
 * Limits the sync to records for which an expression in the Common Expression Language is true.
 *
 * <p>The expression sees the fields of the record's value in {@code record}; empty ones are null. A record that lacks a
 * field of the expression, or has no value where the expression needs one, is not in scope.
 */
public class SyncFilter<R extends ConnectRecord<R>> extends SyncTransform<R> {
    public static final String EXPRESSION = "filter.expression";
    public static final String ON_LEAVE = "on.leave";
    public static final String MODE = "mode";

    /** Reason of records that are out of scope while a link to them goes on. */
    public static final String STICKY = "filter-sticky";

    private static final String GROUP = "Filter";
    private static final String VARIABLE = "record";

    public static final ConfigDef CONFIG = new ConfigDef()
            .define(
                    EXPRESSION,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    Settings.text(SyncFilter::compile, "an expression in CEL over the variable 'record'"),
                    ConfigDef.Importance.HIGH,
                    "Expression in CEL (Common Expression Language) that is true for records in scope, such as"
                            + " record.country == 'NL' && record.email.endsWith('.nl').",
                    GROUP,
                    1,
                    ConfigDef.Width.LONG,
                    "Expression")
            .define(
                    ON_LEAVE,
                    ConfigDef.Type.STRING,
                    "excluded",
                    Settings.oneOf("excluded", "sticky"),
                    ConfigDef.Importance.MEDIUM,
                    "A linked record that leaves the filter: excluded stops syncing it, sticky goes on.",
                    GROUP,
                    2,
                    ConfigDef.Width.SHORT,
                    "On leaving the filter")
            .define(
                    MODE,
                    ConfigDef.Type.STRING,
                    "mark",
                    Settings.oneOf("mark", "drop"),
                    ConfigDef.Importance.LOW,
                    "mark: records out of scope pass with a directive, so that the sink can honour and report it; drop:"
                            + " they are dropped, for use outside a sync.",
                    GROUP,
                    3,
                    ConfigDef.Width.SHORT,
                    "Mode");

    /** Builds the environment only when an expression is compiled. */
    private static final class Environment {
        static final Cel CEL = CelFactory.standardCelBuilder()
                .setOptions(CelOptions.current()
                        .enableHeterogeneousNumericComparisons(true)
                        .comprehensionMaxIterations(10_000)
                        .build())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(CelExtensions.strings())
                .addRuntimeLibraries(CelExtensions.strings())
                .addVar(VARIABLE, MapType.create(SimpleType.STRING, SimpleType.DYN))
                .setResultType(SimpleType.BOOL)
                .build();
    }

    private CelRuntime.Program program;
    private String reason;
    private boolean drop;

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public void configure(Map<String, ?> settings) {
        AbstractConfig config = new AbstractConfig(CONFIG, settings, false);
        program = Settings.read(EXPRESSION, config.getString(EXPRESSION), SyncFilter::compile);
        reason = config.getString(ON_LEAVE).equals("sticky") ? STICKY : FILTERED;
        drop = config.getString(MODE).equals("drop");
    }

    @Override
    R transform(R message, Headers headers) {
        if (message.value() == null || inScope(message.value())) {
            return message;
        }
        if (drop) {
            return null;
        }
        exclude(headers, reason);
        return with(message, headers);
    }

    private boolean inScope(Object value) {
        Object result;
        try {
            result = program.eval(Map.of(VARIABLE, variables(value)));
        } catch (CelEvaluationException e) {
            CelErrorCode code = e.getErrorCode();
            if (code == CelErrorCode.ATTRIBUTE_NOT_FOUND || code == CelErrorCode.OVERLOAD_NOT_FOUND) {
                return false;
            }
            throw new DataException(EXPRESSION + " cannot be evaluated on this record: " + code);
        }
        if (result instanceof Boolean truth) {
            return truth;
        }
        if (result instanceof NullValue) {
            return false;
        }
        throw new DataException(EXPRESSION + " is neither true nor false on this record");
    }

    private static CelRuntime.Program compile(String expression) {
        try {
            return Environment.CEL.createProgram(
                    Environment.CEL.compile(expression, EXPRESSION).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Map<String, Object> variables(Object value) {
        Map<String, Object> fields = new HashMap<>();
        if (value instanceof Struct struct) {
            for (Field field : struct.schema().fields()) {
                fields.put(field.name(), celValue(struct.get(field)));
            }
        } else {
            RecordValue.map(value).forEach((name, field) -> fields.put(String.valueOf(name), celValue(field)));
        }
        return fields;
    }

    private static Object celValue(Object value) {
        if (value == null) {
            return NullValue.NULL_VALUE;
        }
        if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float number) {
            return number.doubleValue();
        }
        if (value instanceof String text && Blanks.isBlank(text)) {
            return "";
        }
        if (value instanceof String || value instanceof Long || value instanceof Double || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Struct || value instanceof Map) {
            return variables(value);
        }
        if (value instanceof List<?> items) {
            List<Object> result = new ArrayList<>(items.size());
            items.forEach(item -> result.add(celValue(item)));
            return result;
        }
        if (value instanceof byte[] bytes) {
            return CelByteString.of(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return CelByteString.of(bytes);
        }
        return RecordValue.text(value);
    }
}
