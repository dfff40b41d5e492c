package io.github.crmsync.transforms;

import io.github.crmsync.core.config.MergeRules;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.MergePolicy.Restrictive;
import io.github.crmsync.core.record.MergePolicy.Rule;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.header.Headers;

/** States how the sink resolves conflicts: the same policy on every record and tombstone. */
public class ConflictMerge<R extends ConnectRecord<R>> extends SyncTransform<R> {
    public static final String DEFAULT_APP = "default.app";
    public static final String DIRECTION = "direction";
    public static final String FIELD_RULES = "field.rules";
    public static final String PROPAGATE_CLEARS = "propagate.clears";

    private static final String TWO_WAY = "two-way";
    private static final String GROUP = "Conflicts";

    public static final ConfigDef CONFIG = new ConfigDef()
            .define(
                    DEFAULT_APP,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    Settings.oneOf("hubspot", "dynamics"),
                    ConfigDef.Importance.HIGH,
                    "App whose filled value wins where both sides changed a field since they last agreed, or differ at"
                            + " the first match.",
                    GROUP,
                    1,
                    ConfigDef.Width.SHORT,
                    "Default app")
            .define(
                    DIRECTION,
                    ConfigDef.Type.STRING,
                    TWO_WAY,
                    Settings.oneOf(TWO_WAY, "one-way"),
                    ConfigDef.Importance.HIGH,
                    "two-way: the newer edit flows and the default app decides conflicts; one-way: the source's filled"
                            + " values always flow, whatever the default app.",
                    GROUP,
                    2,
                    ConfigDef.Width.SHORT,
                    "Direction")
            .define(
                    FIELD_RULES,
                    ConfigDef.Type.LIST,
                    List.of(),
                    Settings.list(MergeRules::rules, "hubspotProperty~dynamicsColumn=rule,..."),
                    ConfigDef.Importance.MEDIUM,
                    "Exceptions by field, each hubspotProperty~dynamicsColumn=rule. Of two values in conflict this app's"
                            + " wins (hubspot, dynamics), that of the record modified last (newest), the stricter one, as"
                            + " for consent (restrictive(value), or restrictive(hubspotValue=dynamicsValue)), or neither"
                            + " until a person edits one (hold). Conflict or not, this app's filled value replaces the"
                            + " other's (hubspot-always, dynamics-always), or the field is filled on creation and never"
                            + " written again (never).",
                    GROUP,
                    3,
                    ConfigDef.Width.LONG,
                    "Rules by field")
            .define(
                    PROPAGATE_CLEARS,
                    ConfigDef.Type.LIST,
                    List.of(),
                    Settings.list(MergeRules::fields, "hubspotProperty~dynamicsColumn,..."),
                    ConfigDef.Importance.MEDIUM,
                    "Fields, each hubspotProperty~dynamicsColumn, whose deliberate clear on one side empties the other;"
                            + " all other clears are held.",
                    GROUP,
                    4,
                    ConfigDef.Width.LONG,
                    "Fields that may be cleared");

    private String policy;

    /** The policy that these settings state. */
    public static MergePolicy policy(Map<String, ?> settings) {
        AbstractConfig config = new AbstractConfig(CONFIG, settings, false);
        Map<String, Rule> rules = new LinkedHashMap<>();
        Map<String, Restrictive> restrictive = new LinkedHashMap<>();
        MergeRules.rules(config.getList(FIELD_RULES)).forEach((field, rule) -> {
            rules.put(field, rule.rule());
            if (rule.value() != null) {
                restrictive.put(field, rule.value());
            }
        });
        return new MergePolicy(
                config.getString(DEFAULT_APP),
                config.getString(DIRECTION).equals(TWO_WAY),
                rules,
                MergeRules.fields(config.getList(PROPAGATE_CLEARS)),
                restrictive);
    }

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public void configure(Map<String, ?> settings) {
        policy = policy(settings).format();
    }

    @Override
    R transform(R message, Headers headers) {
        SyncHeaders.set(headers, SyncHeaders.MERGE, policy);
        return with(message, headers);
    }
}
