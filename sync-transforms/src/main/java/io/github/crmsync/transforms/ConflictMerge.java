package io.github.crmsync.transforms;

import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.MergePolicy.Rule;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;

/** States who wins where both apps changed a field; the sink, which sees both, carries it out. */
public final class ConflictMerge<R extends ConnectRecord<R>> extends Directive<R> {
    public static final String DEFAULT_APP = "default.app";
    public static final String DIRECTION = "direction";
    public static final String RULES = "field.rules";
    public static final String CLEARS = "propagate.clears";

    private static final Pattern RULE = Pattern.compile("(\\w+~\\w+)=(hubspot|dynamics|never)");

    private String policy;

    public ConflictMerge() {
        super(new ConfigDef()
                .define(
                        DEFAULT_APP,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ValidString.in("hubspot", "dynamics"),
                        Importance.HIGH,
                        "App that wins where both changed a field since they last agreed, or differ at the first match.",
                        "Conflicts",
                        1,
                        Width.SHORT,
                        "Default app")
                .define(
                        DIRECTION,
                        Type.STRING,
                        "two-way",
                        ValidString.in("two-way", "one-way"),
                        Importance.HIGH,
                        "two-way, or one-way: then the source's filled values always flow, whatever the default app.",
                        "Conflicts",
                        2,
                        Width.SHORT,
                        "Direction")
                .define(
                        RULES,
                        Type.LIST,
                        List.of(),
                        ConflictMerge::validateRules,
                        Importance.MEDIUM,
                        "Exceptions per field, such as phone~telephone1=dynamics: the app that wins there, or never for a"
                                + " field that is only set on creation.",
                        "Conflicts",
                        3,
                        Width.LONG,
                        "Field rules")
                .define(
                        CLEARS,
                        Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Fields, such as fax~fax, whose deliberate clear is carried to the other app.",
                        "Conflicts",
                        4,
                        Width.LONG,
                        "Propagated clears"));
    }

    private static void validateRules(String name, Object value) {
        for (Object rule : (List<?>) value) {
            if (!RULE.matcher(rule.toString().strip()).matches()) {
                throw new ConfigException(
                        name, value, "not of the form property~column=hubspot|dynamics|never: " + rule);
            }
        }
    }

    @Override
    void configure(AbstractConfig config) {
        Map<String, Rule> rules = new HashMap<>();
        for (String text : config.getList(RULES)) {
            Matcher matcher = RULE.matcher(text.strip());
            matcher.matches();
            rules.put(matcher.group(1), Rule.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)));
        }
        policy = new MergePolicy(
                        config.getString(DEFAULT_APP),
                        config.getString(DIRECTION).equals("two-way"),
                        rules,
                        Set.copyOf(config.getList(CLEARS)))
                .format();
    }

    @Override
    R directed(R record) {
        SyncHeaders.set(record.headers(), SyncHeaders.MERGE, policy);
        return record;
    }
}
