package io.github.crmsync.core.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What can be wrong between the settings of a sink, those of its transforms included: Connect's own validation sees each setting
 * alone, and calls no transform. All checks are made without a network.
 */
public final class SinkChecks {
    private static final String TOPICS = "topics";
    private static final String REPORT = "report.topic";
    private static final String LEDGER = "ledger.topic";
    private static final String DEAD_LETTERS = "errors.deadletterqueue.topic.name";
    private static final String FIRST_IMPORT = "wait.for.first.import";

    private final Findings findings;
    private final Map<String, String> connector;
    private final String app;
    private final String source;
    private final TransformChain chain;

    /** @param app the app that the sink writes to, {@code hubspot} or {@code dynamics} */
    public SinkChecks(Findings findings, Map<String, String> connector, String app) {
        this.findings = findings;
        this.connector = connector;
        this.app = app;
        this.source = app.equals("hubspot") ? "dynamics" : "hubspot";
        this.chain = TransformChain.of(connector);
    }

    /**
     * Makes all checks.
     *
     * @param own names of the sink's own settings
     */
    public void run(Collection<String> own) {
        new SettingNames(own, true).check(connector, findings);
        Converters.check(connector, true, findings);
        topics();
        times();
        mappings();
        rules();
        stages();
        names();
        String sync = text("sync.name").isEmpty() ? "contacts" : text("sync.name");
        if (TransformChain.split(text("yield.to.syncs")).contains(sync)) {
            findings.error("yield.to.syncs", "A sync cannot yield to itself: name the syncs that go first");
        }
    }

    private String text(String setting) {
        return connector.getOrDefault(setting, "").strip();
    }

    private void topics() {
        List<String> read = TransformChain.split(text(TOPICS));
        String ledger = text(LEDGER).isEmpty() ? "crm.sync.ledger" : text(LEDGER);
        String report = text(REPORT);
        String deadLetters = text(DEAD_LETTERS);
        read.forEach(topic -> problem(TOPICS, TopicNames.problem(topic)));
        problem(DEAD_LETTERS, deadLetters.isEmpty() ? null : TopicNames.problem(deadLetters));
        if (report.equals(ledger)) {
            findings.error(REPORT, "Ledger and report need topics of their own: both are " + report);
        }
        if (read.contains(ledger)) {
            findings.error(TOPICS, ledger + " is the ledger, which holds no records: name the topic of the source");
        }
        if (!report.isEmpty() && read.contains(report)) {
            findings.error(TOPICS, report + " is the report, which holds no records: name the topic of the source");
        }
        // Connect itself refuses one of the topics.
        if (!deadLetters.isEmpty() && (deadLetters.equals(report) || deadLetters.equals(ledger))) {
            findings.error(DEAD_LETTERS, "Refused records need a topic of their own, not " + deadLetters);
        }
    }

    private void problem(String setting, String problem) {
        if (problem != null) {
            findings.error(setting, problem);
        }
    }

    private void times() {
        long write = number("write.deadline.ms", 60_000);
        long request = number("http.request.timeout.ms", 60_000);
        if (write < request) {
            findings.error(
                    "write.deadline.ms",
                    "write.deadline.ms (" + write + ") must not be below http.request.timeout.ms (" + request
                            + "): a write that is given up before its request has ended may still be carried out");
        }
    }

    /** The default where it is not given, or not a number, which the definition reports. */
    private long number(String setting, long byDefault) {
        try {
            return text(setting).isEmpty() ? byDefault : Long.parseLong(text(setting));
        } catch (NumberFormatException e) {
            return byDefault;
        }
    }

    private void mappings() {
        List<TransformChain.Step> mappings = chain.ofType(TransformChain.FIELD_MAPPING);
        if (mappings.isEmpty()) {
            findings.error(
                    "transforms",
                    "A sync needs a transform of type " + TransformChain.FIELD_MAPPING
                            + ": without one the source's field names would be taken for those of " + app);
        }
        for (TransformChain.Step step : mappings) {
            mapping(step);
        }
    }

    private void mapping(TransformChain.Step step) {
        List<MappingItem> items = new ArrayList<>();
        boolean complete = read(step, "mapping", "default-contact", texts -> items.addAll(MappingItem.parse(texts)))
                && read(step, "mapping.remove", "", names -> replace(items, MappingItem.remove(items, names)))
                && read(
                        step,
                        "mapping.add",
                        "",
                        texts -> replace(items, MappingItem.add(items, MappingItem.parse(texts))));
        if (!complete) {
            return;
        }
        try {
            MappingItem.requireOneSourceEach(items);
        } catch (IllegalArgumentException e) {
            findings.error(
                    step.fullName(step.settings().containsKey("mapping.add") ? "mapping.add" : "mapping"),
                    e.getMessage());
        }
        if (items.stream().noneMatch(item -> item.flowsFrom(source))) {
            findings.error(step.fullName("mapping"), "No field of the mapping flows to " + app);
        }
        for (String setting : step.settings().keySet()) {
            if (setting.startsWith(TransformChain.OPTIONS_PREFIX)) {
                String property = setting.substring(TransformChain.OPTIONS_PREFIX.length());
                List<String> properties =
                        items.stream().map(MappingItem::hubspot).toList();
                if (!properties.contains(property)) {
                    findings.error(
                            step.fullName(setting),
                            "The mapping has no HubSpot property '" + property + "'"
                                    + Names.hint(property, properties));
                }
            }
        }
        items.stream().filter(item -> item.flowsFrom(source)).forEach(item -> sourceName(step, item, items));
    }

    private static boolean replace(List<MappingItem> items, List<MappingItem> by) {
        List<MappingItem> copy = List.copyOf(by);
        items.clear();
        return items.addAll(copy);
    }

    /** Reads a list with the code that the transform uses; what it cannot read is an error on the setting. */
    private boolean read(TransformChain.Step step, String setting, String byDefault, Function<List<String>, ?> reader) {
        try {
            reader.apply(step.list(setting, TransformChain.split(byDefault)));
            return true;
        } catch (IllegalArgumentException e) {
            findings.error(step.fullName(setting), e.getMessage());
            return false;
        }
    }

    /** The source's fields are not known here. A name one slip away from a usual one that is not mapped is taken for it. */
    private void sourceName(TransformChain.Step step, MappingItem item, List<MappingItem> all) {
        String name = item.nameIn(source);
        List<String> usual = UsualFields.of(source);
        Optional<String> meant = Names.slip(name, usual);
        if (meant.isPresent()
                && all.stream().noneMatch(other -> other.nameIn(source).equals(meant.get()))) {
            findings.error(
                    step.fullName(settingOf(step, item)),
                    "The source has no field '" + name + "'. Did you mean " + meant.get() + "?");
        }
    }

    /** The setting that an item of the mapping comes from. */
    private static String settingOf(TransformChain.Step step, MappingItem item) {
        return step.list("mapping.add", List.of()).stream()
                        .anyMatch(text -> MappingItem.parse(List.of(text)).contains(item))
                ? "mapping.add"
                : "mapping";
    }

    /** The fields that the sink writes, each with the setting that names it; what cannot be read is left out. */
    public List<Written> written() {
        List<Written> written = new ArrayList<>();
        for (TransformChain.Step step : chain.ofType(TransformChain.FIELD_MAPPING)) {
            try {
                step.mapping().stream()
                        .filter(item -> item.flowsFrom(source))
                        .forEach(item ->
                                written.add(new Written(item.nameIn(app), step.fullName(settingOf(step, item)))));
            } catch (IllegalArgumentException e) {
                // Reported by mapping().
                continue;
            }
        }
        return written;
    }

    /**
     * A field of the target that the mapping names.
     *
     * @param setting full name of the setting that names it
     */
    public record Written(String field, String setting) {}

    /** Stages that the sink may set, each with the setting that names it; an empty one for a field that gets none by itself. */
    public List<Stage> stageValues() {
        List<Stage> stages = new ArrayList<>();
        for (TransformChain.Step step : chain.ofType(TransformChain.LIFECYCLE_STAGE)) {
            String field = step.text("stage.field", "lifecyclestage");
            stages.add(new Stage(
                    field, step.fullName("stage.field"), step.text("stage.value", ""), step.fullName("stage.value")));
            for (StageRules.Rule rule : stageRules(step)) {
                stages.add(new Stage(field, step.fullName("stage.field"), rule.stage(), step.fullName("stage.rules")));
            }
        }
        return stages;
    }

    /**
     * A stage that the sink may set.
     *
     * @param fieldSetting full name of the setting that names the field
     * @param setting full name of the setting that names the stage
     */
    public record Stage(String field, String fieldSetting, String stage, String setting) {}

    private static List<StageRules.Rule> stageRules(TransformChain.Step step) {
        try {
            return StageRules.rules(step.list("stage.rules", List.of()));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private void stages() {
        for (TransformChain.Step step : chain.ofType(TransformChain.LIFECYCLE_STAGE)) {
            List<String> order = new ArrayList<>();
            if (!read(
                            step,
                            "stage.order",
                            String.join(",", StageRules.HUBSPOT_FUNNEL),
                            items -> order.addAll(StageRules.order(items)))
                    || !read(step, "stage.rules", "", StageRules::rules)) {
                continue;
            }
            String value = step.text("stage.value", "");
            problem(step.fullName("stage.value"), value.isEmpty() ? null : StageRules.problem(value, order));
            stageRules(step)
                    .forEach(rule -> problem(step.fullName("stage.rules"), StageRules.problem(rule.stage(), order)));
        }
    }

    private void rules() {
        boolean twoWay = false;
        Set<String> pairs = pairs();
        for (TransformChain.Step step : chain.ofType(TransformChain.CONFLICT_MERGE)) {
            twoWay |= !step.text("direction", "two-way").equals("one-way");
            read(step, "field.rules", "", items -> {
                MergeRules.rules(items).keySet().forEach(field -> mapped(step.fullName("field.rules"), field, pairs));
                return items;
            });
            read(step, "propagate.clears", "", items -> {
                MergeRules.fields(items).forEach(field -> mapped(step.fullName("propagate.clears"), field, pairs));
                return items;
            });
        }
        if (!twoWay && Boolean.parseBoolean(text(FIRST_IMPORT))) {
            findings.error(
                    FIRST_IMPORT,
                    FIRST_IMPORT
                            + " is for two-way syncs: a one-way sink would wait for ever, because no other direction"
                            + " ever completes");
        }
    }

    private Set<String> pairs() {
        Set<String> pairs = new TreeSet<>();
        for (TransformChain.Step step : chain.ofType(TransformChain.FIELD_MAPPING)) {
            try {
                step.mapping().forEach(item -> pairs.add(item.pair()));
            } catch (IllegalArgumentException e) {
                // Reported by mapping(); without the mapping nothing can be said of the rules.
                return Set.of();
            }
        }
        return pairs;
    }

    private void mapped(String setting, String field, Set<String> pairs) {
        if (!pairs.isEmpty() && !pairs.contains(field)) {
            findings.error(setting, "The mapping has no field '" + field + "'" + Names.hint(field, pairs));
        }
    }

    /** Fields that transforms look at, as far as they are known at their place in the chain. */
    private void names() {
        Set<String> known = new TreeSet<>(UsualFields.of(source));
        for (TransformChain.Step step : chain.ofType(TransformChain.FIELD_MAPPING)) {
            try {
                step.mapping().forEach(item -> known.add(item.nameIn(source)));
            } catch (IllegalArgumentException e) {
                return;
            }
        }
        FieldNames.check(chain, known, app, findings);
    }
}
