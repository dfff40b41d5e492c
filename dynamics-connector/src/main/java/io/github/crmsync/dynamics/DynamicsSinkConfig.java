package io.github.crmsync.dynamics;

import io.github.crmsync.core.sink.SyncSinkConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Settings of the sink. */
public final class DynamicsSinkConfig extends DynamicsConfig {
    public static final String DUPLICATE_DETECTION = "duplicate.detection";
    public static final String BYPASS_LOGIC = "bypass.custom.logic";
    public static final String PARALLEL_REQUESTS = "max.parallel.requests";
    public static final String OPERATION_COLUMN = "operation.column";
    public static final String EMAIL_COLUMNS = "secondary.email.columns";

    private static final String GROUP = "Writing";

    public DynamicsSinkConfig(Map<String, String> props) {
        super(definition(), props);
    }

    public static ConfigDef definition() {
        return SyncSinkConfig.define(DynamicsConfig.define(
                        new ConfigDef(),
                        ValidString.in("contact", "lead"),
                        "Table that takes part in the sync: contact or lead."))
                .define(
                        DUPLICATE_DETECTION,
                        Type.BOOLEAN,
                        false,
                        Importance.LOW,
                        "Whether the duplicate detection rules of the environment apply to what the sink writes; a record that"
                                + " they refuse goes to the dead letter queue.",
                        GROUP,
                        1,
                        Width.SHORT,
                        "Duplicate detection")
                .define(
                        BYPASS_LOGIC,
                        Type.LIST,
                        List.of(),
                        ValidList.in("CustomSync", "CustomAsync"),
                        Importance.LOW,
                        "Plug-ins and workflows of the environment that do not run for what the sink writes: CustomSync,"
                                + " CustomAsync or both. The application user needs the privilege"
                                + " prvBypassCustomBusinessLogic.",
                        GROUP,
                        2,
                        Width.MEDIUM,
                        "Bypass custom logic")
                .define(
                        PARALLEL_REQUESTS,
                        Type.INT,
                        4,
                        Range.between(1, 50),
                        Importance.LOW,
                        "Most batches that one task has in flight; never more than the service recommends.",
                        GROUP,
                        3,
                        Width.SHORT,
                        "Parallel requests")
                .define(
                        OPERATION_COLUMN,
                        Type.STRING,
                        "",
                        ConfigDef.LambdaValidator.with(
                                DynamicsSinkConfig::checkColumn, () -> "logical name of a column, or empty"),
                        Importance.LOW,
                        "Text column of the table, for at least 36 characters, that nothing and nobody else writes: each update"
                                + " leaves the id of its operation there. After a crash or a lost answer it tells exactly whether the"
                                + " update was carried out; without it later edits of the same columns can hide that. Empty means none.",
                        GROUP,
                        4,
                        Width.MEDIUM,
                        "Operation column")
                .define(
                        EMAIL_COLUMNS,
                        Type.LIST,
                        List.of(),
                        ConfigDef.LambdaValidator.with(
                                (name, value) -> ((List<?>) value).forEach(column -> checkColumn(name, column)),
                                () -> "logical names of columns, or empty"),
                        Importance.LOW,
                        "Text columns with further e-mail addresses, such as emailaddress2,emailaddress3: a row that has a record's"
                                + " address in one of them is linked instead of a second one created, where no row has it in"
                                + " emailaddress1; its own emailaddress1 stays. Empty means that only emailaddress1 is matched.",
                        GROUP,
                        5,
                        Width.MEDIUM,
                        "Secondary e-mail columns");
    }

    private static void checkColumn(String name, Object value) {
        if (value != null && !value.toString().matches("([a-z][a-z0-9_]*)?")) {
            throw new ConfigException(name, value, "Give a logical name such as new_operation");
        }
    }

    /** Null for none. */
    String operationColumn() {
        String column = getString(OPERATION_COLUMN);
        return column.isEmpty() ? null : column;
    }

    /** Columns with addresses by which a row is known besides its primary one. */
    List<String> secondaryEmailColumns() {
        return getList(EMAIL_COLUMNS);
    }

    int parallelRequests() {
        return getInt(PARALLEL_REQUESTS);
    }

    /** Headers of each write (Dataverse documentation, "Use optional parameters"). */
    Map<String, String> writeHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (getBoolean(DUPLICATE_DETECTION)) {
            headers.put("MSCRM.SuppressDuplicateDetection", "false");
        }
        List<String> bypass = getList(BYPASS_LOGIC);
        if (!bypass.isEmpty()) {
            headers.put("MSCRM.BypassBusinessLogicExecution", String.join(",", bypass));
        }
        return headers;
    }
}
