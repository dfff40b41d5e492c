package io.github.crmsync.transforms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.crmsync.core.config.StageRules;
import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.StageDirective;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * States the lifecycle stage that the sink sets on creation, and on update where the stage is blank or moves forward.
 * Rules look at the source's columns, so this transform stands before FieldMapping.
 */
public class LifecycleStage<R extends ConnectRecord<R>> extends SyncTransform<R> {
    public static final String FIELD = "stage.field";
    public static final String ON_CREATE = "stage.on.create";
    public static final String ON_UPDATE = "stage.on.update";
    public static final String VALUE = "stage.value";
    public static final String ORDER = "stage.order";
    public static final String RULES = "stage.rules";

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleStage.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GROUP = "Lifecycle stage";

    public static final ConfigDef CONFIG = new ConfigDef()
            .define(
                    VALUE,
                    ConfigDef.Type.STRING,
                    "",
                    Settings.nameOrEmpty(),
                    ConfigDef.Importance.HIGH,
                    "Stage of records that no rule matches, by its internal name; empty to leave their stage alone.",
                    GROUP,
                    1,
                    ConfigDef.Width.MEDIUM,
                    "Stage")
            .define(
                    ON_CREATE,
                    ConfigDef.Type.STRING,
                    "set",
                    Settings.oneOf("set", "none"),
                    ConfigDef.Importance.MEDIUM,
                    "set: a record that the sync creates gets the stage; none: it does not.",
                    GROUP,
                    2,
                    ConfigDef.Width.SHORT,
                    "On creation")
            .define(
                    ON_UPDATE,
                    ConfigDef.Type.STRING,
                    "none",
                    Settings.oneOf("none", "promote"),
                    ConfigDef.Importance.MEDIUM,
                    "promote: an update sets the stage where it is blank or earlier in the order, never backwards;"
                            + " none: updates leave it alone.",
                    GROUP,
                    3,
                    ConfigDef.Width.SHORT,
                    "On update")
            .define(
                    RULES,
                    ConfigDef.Type.LIST,
                    List.of(),
                    Settings.list(StageRules::rules, "column=value:stage,..."),
                    ConfigDef.Importance.MEDIUM,
                    "Stages by the source's values, each column=value:stage; the first that matches wins, and an empty"
                            + " value matches an empty column.",
                    GROUP,
                    4,
                    ConfigDef.Width.LONG,
                    "Rules")
            .define(
                    ORDER,
                    ConfigDef.Type.LIST,
                    StageRules.HUBSPOT_FUNNEL,
                    Settings.list(StageRules::order, "stage,stage,..."),
                    ConfigDef.Importance.LOW,
                    "All stages by their internal names, earliest first; needed for portals with stages of their own.",
                    GROUP,
                    5,
                    ConfigDef.Width.LONG,
                    "Order of stages")
            .define(
                    FIELD,
                    ConfigDef.Type.STRING,
                    "lifecyclestage",
                    new ConfigDef.NonEmptyString(),
                    ConfigDef.Importance.LOW,
                    "Field of the target that holds the stage.",
                    GROUP,
                    6,
                    ConfigDef.Width.MEDIUM,
                    "Field");

    private final Set<String> reported = new HashSet<>();
    private String field;
    private String value;
    private boolean onCreate;
    private boolean onUpdate;
    private List<String> order;
    private List<StageRules.Rule> rules;

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public void configure(Map<String, ?> settings) {
        AbstractConfig config = new AbstractConfig(CONFIG, settings, false);
        field = config.getString(FIELD);
        value = config.getString(VALUE).strip();
        onCreate = config.getString(ON_CREATE).equals("set");
        onUpdate = config.getString(ON_UPDATE).equals("promote");
        order = StageRules.order(config.getList(ORDER));
        rules = StageRules.rules(config.getList(RULES));
        if (!value.isEmpty()) {
            known(VALUE, value);
        }
        rules.forEach(rule -> known(RULES, rule.stage()));
    }

    private void known(String setting, String stage) {
        String problem = StageRules.problem(stage, order);
        if (problem != null) {
            throw new ConfigException(setting, stage, problem);
        }
    }

    private static boolean matches(StageRules.Rule rule, Object record) {
        return Blanks.strip(RecordValue.text(RecordValue.get(record, rule.column())))
                .equals(rule.value());
    }

    @Override
    R transform(R message, Headers headers) {
        if (message.value() == null) {
            return message;
        }
        String stage = stage(message.value());
        if (stage.isEmpty()) {
            return message;
        }
        if (onCreate) {
            SyncHeaders.set(headers, SyncHeaders.ON_CREATE, onCreation(headers, stage));
        }
        if (onUpdate) {
            SyncHeaders.set(headers, SyncHeaders.ON_UPDATE, new StageDirective(field, stage, order).format());
        }
        return with(message, headers);
    }

    private String stage(Object record) {
        for (StageRules.Rule rule : rules) {
            if (!RecordValue.has(record, rule.column())) {
                if (reported.add(rule.column())) {
                    LOG.warn(
                            "{} names column {}, which the record does not have: select it in the source, and put this"
                                    + " transform before FieldMapping",
                            RULES,
                            rule.column());
                }
            } else if (matches(rule, record)) {
                return rule.stage();
            }
        }
        return value;
    }

    private String onCreation(Headers headers, String stage) {
        try {
            JsonNode fields = JSON.readTree(
                    SyncHeaders.get(headers, SyncHeaders.ON_CREATE).orElse("{}"));
            if (!(fields instanceof ObjectNode object)) {
                throw new DataException("Header " + SyncHeaders.ON_CREATE + " is not a JSON object");
            }
            return JSON.writeValueAsString(object.put(field, stage));
        } catch (JsonProcessingException e) {
            throw new DataException("Header " + SyncHeaders.ON_CREATE + " is not JSON: " + e.getOriginalMessage());
        }
    }
}
