package io.github.crmsync.transforms;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.core.record.StageDirective;
import io.github.crmsync.core.record.SyncHeaders;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Sets HubSpot's lifecycle stage on creation and, where asked to, on update: only where it is blank or moves forward. Stands
 * before FieldMapping in a chain, since its rules look at the source's fields.
 */
public final class LifecycleStage<R extends ConnectRecord<R>> extends Directive<R> {
    public static final String FIELD = "stage.field";
    public static final String VALUE = "stage.value";
    public static final String ON_UPDATE = "stage.on.update";
    public static final String RULES = "stage.rules";
    public static final String ORDER = "stage.order";

    private static final Pattern RULE = Pattern.compile("(\\w+)=([^:]*):(.+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Rule(String field, String value, String stage) {}

    private String field;
    private String value;
    private boolean promote;
    private List<Rule> rules;
    private List<String> order;

    public LifecycleStage() {
        super(new ConfigDef()
                .define(
                        FIELD,
                        Type.STRING,
                        "lifecyclestage",
                        Importance.LOW,
                        "Target field of the stage.",
                        "Lifecycle",
                        1,
                        Width.MEDIUM,
                        "Stage field")
                .define(
                        VALUE,
                        Type.STRING,
                        "lead",
                        Importance.HIGH,
                        "Stage where no rule holds; empty sets none.",
                        "Lifecycle",
                        2,
                        Width.MEDIUM,
                        "Stage")
                .define(
                        ON_UPDATE,
                        Type.STRING,
                        "none",
                        ValidString.in("none", "promote"),
                        Importance.MEDIUM,
                        "none sets the stage on creation only; promote also fills a blank stage and moves an earlier one"
                                + " forward.",
                        "Lifecycle",
                        3,
                        Width.SHORT,
                        "On update")
                .define(
                        RULES,
                        Type.LIST,
                        List.of(),
                        LifecycleStage::validateRules,
                        Importance.MEDIUM,
                        "Rules over the source's fields, the first that holds wins, such as statecode=1:opportunity.",
                        "Lifecycle",
                        4,
                        Width.LONG,
                        "Rules")
                .define(
                        ORDER,
                        Type.LIST,
                        List.of(
                                "subscriber",
                                "lead",
                                "marketingqualifiedlead",
                                "salesqualifiedlead",
                                "opportunity",
                                "customer",
                                "evangelist",
                                "other"),
                        Importance.LOW,
                        "Stages, earliest first; add those of your portal.",
                        "Lifecycle",
                        5,
                        Width.LONG,
                        "Order"));
    }

    private static void validateRules(String name, Object value) {
        for (Object rule : (List<?>) value) {
            if (!RULE.matcher(rule.toString().strip()).matches()) {
                throw new ConfigException(name, value, "not of the form field=value:stage: " + rule);
            }
        }
    }

    @Override
    void configure(AbstractConfig config) {
        field = config.getString(FIELD);
        value = config.getString(VALUE);
        promote = config.getString(ON_UPDATE).equals("promote");
        order = config.getList(ORDER);
        rules = new ArrayList<>();
        for (String text : config.getList(RULES)) {
            Matcher matcher = RULE.matcher(text.strip());
            matcher.matches();
            rules.add(new Rule(matcher.group(1), matcher.group(2), matcher.group(3)));
        }
        List<String> stages = new ArrayList<>(rules.stream().map(Rule::stage).toList());
        stages.add(value);
        stages.stream()
                .filter(stage -> !stage.isEmpty() && !order.contains(stage))
                .findFirst()
                .ifPresent(stage -> {
                    throw new ConfigException(ORDER, order, "does not contain the stage " + stage);
                });
    }

    @Override
    R directed(R record) {
        if (record.value() == null) {
            return record;
        }
        String stage = rules.stream()
                .filter(rule -> rule.value.equals(String.valueOf(Fields.get(record.value(), rule.field))))
                .map(Rule::stage)
                .findFirst()
                .orElse(value);
        if (!stage.isEmpty()) {
            SyncHeaders.set(
                    record.headers(),
                    SyncHeaders.ON_CREATE,
                    JSON.createObjectNode().put(field, stage).toString());
            if (promote) {
                SyncHeaders.set(
                        record.headers(), SyncHeaders.ON_UPDATE, new StageDirective(field, stage, order).format());
            }
        }
        return record;
    }
}
