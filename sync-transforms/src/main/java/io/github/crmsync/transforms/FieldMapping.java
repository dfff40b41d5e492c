package io.github.crmsync.transforms;

import io.github.crmsync.core.config.MappingItem;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Meaning;
import io.github.crmsync.core.record.RefusedField;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.transforms.Mapping.Item;
import io.github.crmsync.transforms.Mapping.Options;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renames and converts the source's fields into the target's. One mapping text serves both directions.
 *
 * <p>The new value holds the mapped fields only. A mapped field that the record does not have is left out of the value
 * and of the mapping directive, so that a field that was not read is never taken for an empty one. So is a field whose
 * value cannot be converted; the directive {@link SyncHeaders#REFUSED} names it, and the sink reports it.
 */
public class FieldMapping<R extends ConnectRecord<R>> extends SyncTransform<R> {
    public static final String MAPPING = "mapping";
    public static final String ADD = "mapping.add";
    public static final String REMOVE = "mapping.remove";
    public static final String OPTIONS_PREFIX = "options.";
    public static final String UNKNOWN_OPTION = "unknown.option";
    public static final String SOURCE_APP = "source.app";
    public static final String DEFAULT_REGION = "default.region";
    public static final String TIME_ZONE = "time.zone";

    private static final Logger LOG = LoggerFactory.getLogger(FieldMapping.class);
    private static final String GROUP = "Mapping";
    private static final String FROM_HEADER = "header";
    private static final String SYNTAX = "hubspotProperty<->dynamicsColumn[:type],...";

    public static final ConfigDef CONFIG = new ConfigDef()
            .define(
                    MAPPING,
                    ConfigDef.Type.LIST,
                    List.of("default-contact"),
                    Settings.list(Mapping::parse, "default-contact, default-lead or " + SYNTAX),
                    ConfigDef.Importance.HIGH,
                    "default-contact, default-lead, or the fields, each hubspotProperty<->dynamicsColumn[:type] (-> only"
                            + " to Dynamics, <- only to HubSpot; types: text, integer, decimal, boolean, date, datetime to"
                            + " convert values; phone, country, email to tell another style of a value from another"
                            + " value), the same text for both directions; further settings options.<hubspotProperty> ="
                            + " hubspotValue=dynamicsValue;... translate option sets.",
                    GROUP,
                    1,
                    ConfigDef.Width.LONG,
                    "Mapping")
            .define(
                    ADD,
                    ConfigDef.Type.LIST,
                    List.of(),
                    Settings.list(Mapping::parse, SYNTAX),
                    ConfigDef.Importance.MEDIUM,
                    "Fields in addition to those of the mapping; one with the same two names replaces the mapping's.",
                    GROUP,
                    2,
                    ConfigDef.Width.LONG,
                    "Further fields")
            .define(
                    REMOVE,
                    ConfigDef.Type.LIST,
                    List.of(),
                    Settings.list(MappingItem::removable, "hubspotProperty or hubspotProperty<->dynamicsColumn,..."),
                    ConfigDef.Importance.MEDIUM,
                    "Fields of the mapping that do not sync, each named by HubSpot property or as"
                            + " hubspotProperty<->dynamicsColumn.",
                    GROUP,
                    3,
                    ConfigDef.Width.LONG,
                    "Fields left out")
            .define(
                    UNKNOWN_OPTION,
                    ConfigDef.Type.STRING,
                    "fail",
                    Settings.oneOf("fail", "omit"),
                    ConfigDef.Importance.LOW,
                    "A value that options.* do not name leaves the field as it is in the target: fail has the sink report"
                            + " it as a refused field, omit says nothing.",
                    GROUP,
                    4,
                    ConfigDef.Width.SHORT,
                    "Unknown option")
            .define(
                    SOURCE_APP,
                    ConfigDef.Type.STRING,
                    FROM_HEADER,
                    Settings.oneOf(FROM_HEADER, Mapping.HUBSPOT, Mapping.DYNAMICS),
                    ConfigDef.Importance.LOW,
                    "App that the records come from; header: the one that the record's header crmsync.app names.",
                    GROUP,
                    5,
                    ConfigDef.Width.SHORT,
                    "Source app")
            .define(
                    DEFAULT_REGION,
                    ConfigDef.Type.STRING,
                    "",
                    Settings.text(FieldMapping::region, "ISO 3166 code of a country, or empty"),
                    ConfigDef.Importance.MEDIUM,
                    "Country, as its ISO 3166 code of two letters, whose phone numbers stand without a country code, so"
                            + " that fields of type phone are the same in national and international style; empty: such"
                            + " numbers are compared as text.",
                    GROUP,
                    6,
                    ConfigDef.Width.SHORT,
                    "Default region")
            .define(
                    TIME_ZONE,
                    ConfigDef.Type.STRING,
                    "UTC",
                    Settings.text(ZoneId::of, "a time zone such as Europe/Berlin"),
                    ConfigDef.Importance.MEDIUM,
                    "Time zone in which a field of type date takes the day of a time, and a field of type datetime the"
                            + " beginning of a day.",
                    GROUP,
                    7,
                    ConfigDef.Width.SHORT,
                    "Time zone");

    /** Where a field of the new value comes from. */
    private record Step(Field source, Field target, Item item) {}

    /** How a Struct of one schema becomes a Struct of another. */
    private record Plan(Schema schema, List<Step> steps, String directive) {}

    /** What a plan depends on apart from the direction. */
    private record Variant(Schema schema, Set<Item> leftOut, Set<Item> texts) {}

    /** Fields of one record whose values cannot be converted. */
    private static final class LeftOut {
        final Set<Item> items = new HashSet<>();
        final List<RefusedField> refused = new ArrayList<>();

        /** @param field null for one that is not reported */
        void add(Item item, RefusedField field) {
            items.add(item);
            if (field != null) {
                refused.add(field);
            }
        }
    }

    /** Items of one direction. */
    private static final class Direction {
        final String app;
        final List<Item> items;
        final String directive;
        final LRUCache<Schema, Plan> plans = new LRUCache<>(16);
        final LRUCache<Variant, Plan> variants = new LRUCache<>(64);
        Schema lastSchema;
        Plan lastPlan;

        Direction(String app, List<Item> all) {
            this.app = app;
            this.items = all.stream().filter(item -> item.flowsFrom(app)).toList();
            this.directive = directive(items, app);
        }
    }

    private final Map<String, Direction> directions = new HashMap<>();
    private final Set<String> reported = new HashSet<>();
    private String sourceApp;
    private boolean omitUnknown;

    /**
     * The fields that these settings map, for checks across settings.
     *
     * @throws org.apache.kafka.common.config.ConfigException naming the setting that is wrong
     */
    public static List<MappedField> fields(Map<String, ?> settings, String sourceApp) {
        return new Direction(sourceApp, items(settings))
                .items.stream().map(item -> item.field(sourceApp)).toList();
    }

    private static List<Item> items(Map<String, ?> settings) {
        AbstractConfig config = new AbstractConfig(CONFIG, settings, false);
        List<MappingItem> base = Settings.read(MAPPING, config.getList(MAPPING), MappingItem::parse);
        List<MappingItem> kept =
                Settings.read(REMOVE, config.getList(REMOVE), names -> MappingItem.remove(base, names));
        List<MappingItem> written =
                Settings.read(ADD, config.getList(ADD), texts -> MappingItem.add(kept, MappingItem.parse(texts)));
        List<Item> all = Settings.read(MAPPING, written, items -> {
            MappingItem.requireOneSourceEach(items);
            return Mapping.typed(items);
        });
        String region = Settings.read(DEFAULT_REGION, config.getString(DEFAULT_REGION), FieldMapping::region);
        ZoneId zone = Settings.read(TIME_ZONE, config.getString(TIME_ZONE), ZoneId::of);
        Map<String, Options> options = new LinkedHashMap<>();
        config.originalsWithPrefix(OPTIONS_PREFIX)
                .forEach((property, text) -> options.put(
                        property,
                        Settings.read(
                                OPTIONS_PREFIX + property,
                                String.valueOf(text),
                                value -> Mapping.options(all, property, value))));
        return Mapping.complete(all, options, region, zone);
    }

    private static String region(String text) {
        String region = text.strip().toUpperCase(Locale.ROOT);
        if (!region.isEmpty() && !Meaning.regions().contains(region)) {
            throw new IllegalArgumentException("must be the ISO 3166 code of a country in two letters, such as DE");
        }
        return region;
    }

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public void configure(Map<String, ?> settings) {
        AbstractConfig config = new AbstractConfig(CONFIG, settings, false);
        sourceApp = config.getString(SOURCE_APP);
        omitUnknown = config.getString(UNKNOWN_OPTION).equals("omit");
        List<Item> items = items(settings);
        for (String app : List.of(Mapping.HUBSPOT, Mapping.DYNAMICS)) {
            directions.put(app, new Direction(app, items));
        }
    }

    @Override
    R transform(R message, Headers headers) {
        Direction direction = direction(headers);
        if (message.value() == null) {
            SyncHeaders.set(headers, SyncHeaders.MAPPING, direction.directive);
            return with(message, headers);
        }
        return message.value() instanceof Struct struct
                ? mapStruct(message, headers, direction, struct)
                : mapMap(message, headers, direction, RecordValue.map(message.value()));
    }

    private Direction direction(Headers headers) {
        String app = sourceApp.equals(FROM_HEADER)
                ? SyncHeaders.get(headers, SyncHeaders.APP)
                        .orElseThrow(() -> new DataException("The record has no header " + SyncHeaders.APP + ": set "
                                + SOURCE_APP + " to hubspot or dynamics"))
                : sourceApp;
        Direction direction = directions.get(app);
        if (direction == null) {
            throw new DataException("The record comes from '" + app + "', which is neither hubspot nor dynamics");
        }
        return direction;
    }

    private R mapStruct(R message, Headers headers, Direction direction, Struct source) {
        Plan plan = plan(direction, source.schema());
        List<Object> values = new ArrayList<>(plan.steps.size());
        LeftOut leftOut = new LeftOut();
        Set<Item> texts = new HashSet<>();
        for (Step step : plan.steps) {
            Object value = convert(direction, step.item, source.get(step.source), leftOut);
            values.add(value);
            if (step.item.options() != null
                    && value instanceof String
                    && step.target.schema().type() != Schema.Type.STRING) {
                texts.add(step.item);
            }
        }
        boolean usual = leftOut.items.isEmpty() && texts.isEmpty();
        Plan fitting = usual ? plan : variant(direction, source.schema(), leftOut.items, texts);
        Struct target = new Struct(fitting.schema);
        for (int i = 0; i < values.size(); i++) {
            if (!leftOut.items.contains(plan.steps.get(i).item)) {
                target.put(plan.steps.get(i).target.name(), values.get(i));
            }
        }
        return mapped(message, headers, fitting.schema, target, fitting.directive, leftOut);
    }

    private R mapMap(R message, Headers headers, Direction direction, Map<?, ?> source) {
        Map<String, Object> target = new LinkedHashMap<>();
        List<Item> present = new ArrayList<>(direction.items.size());
        LeftOut leftOut = new LeftOut();
        for (Item item : direction.items) {
            MappedField field = item.field(direction.app);
            if (!source.containsKey(field.source())) {
                reportMissing(field);
                continue;
            }
            Object value = convert(direction, item, source.get(field.source()), leftOut);
            if (!leftOut.items.contains(item)) {
                target.put(field.target(), value);
                present.add(item);
            }
        }
        String directive =
                present.size() == direction.items.size() ? direction.directive : directive(present, direction.app);
        return mapped(message, headers, null, target, directive, leftOut);
    }

    private R mapped(R message, Headers headers, Schema schema, Object value, String directive, LeftOut leftOut) {
        SyncHeaders.set(headers, SyncHeaders.MAPPING, directive);
        SyncHeaders.set(headers, SyncHeaders.REFUSED, RefusedField.format(leftOut.refused));
        return message.newRecord(
                message.topic(),
                message.kafkaPartition(),
                message.keySchema(),
                message.key(),
                schema,
                value,
                message.timestamp(),
                headers);
    }

    /** The converted value; one that cannot be converted is noted as left out. */
    private Object convert(Direction direction, Item item, Object value, LeftOut leftOut) {
        MappedField field = item.field(direction.app);
        try {
            return item.convert(direction.app, value);
        } catch (Mapping.UnknownOptionException e) {
            String setting = OPTIONS_PREFIX + item.hubspot();
            String reason = "Field " + field.source() + " holds a value that " + setting + " does not name: known are "
                    + item.options().known(direction.app);
            warn(setting + direction.app, reason);
            leftOut.add(item, omitUnknown ? null : new RefusedField(field.source(), field.target(), reason));
        } catch (RuntimeException e) {
            String reason = "Field " + field.source() + " does not hold a value of type "
                    + item.type().text();
            warn(field.source() + direction.app, reason);
            leftOut.add(item, new RefusedField(field.source(), field.target(), reason));
        }
        return null;
    }

    private void warn(String what, String reason) {
        if (reported.add(what)) {
            LOG.warn("{}; the field is left out of such records", reason);
        }
    }

    private Plan plan(Direction direction, Schema source) {
        if (direction.lastSchema != source) {
            Plan plan = direction.plans.get(source);
            if (plan == null) {
                plan = makePlan(direction, source, Set.of(), Set.of());
                direction.plans.put(source, plan);
            }
            direction.lastSchema = source;
            direction.lastPlan = plan;
        }
        return direction.lastPlan;
    }

    /** A plan for records that lack fields, or that hold several options of one as text. */
    private Plan variant(Direction direction, Schema source, Set<Item> leftOut, Set<Item> texts) {
        Variant key = new Variant(source, Set.copyOf(leftOut), Set.copyOf(texts));
        Plan plan = direction.variants.get(key);
        if (plan == null) {
            plan = makePlan(direction, source, leftOut, texts);
            direction.variants.put(key, plan);
        }
        return plan;
    }

    private Plan makePlan(Direction direction, Schema source, Set<Item> leftOut, Set<Item> texts) {
        SchemaBuilder builder = SchemaBuilder.struct().name(source.name());
        List<Item> present = new ArrayList<>();
        for (Item item : direction.items) {
            MappedField field = item.field(direction.app);
            if (source.field(field.source()) == null) {
                reportMissing(field);
                continue;
            }
            if (leftOut.contains(item)) {
                continue;
            }
            Schema converted = texts.contains(item) ? Schema.OPTIONAL_STRING_SCHEMA : item.schema(direction.app);
            builder.field(
                    field.target(),
                    converted == null ? source.field(field.source()).schema() : converted);
            present.add(item);
        }
        Schema schema = builder.build();
        List<Step> steps = present.stream()
                .map(item -> {
                    MappedField field = item.field(direction.app);
                    return new Step(source.field(field.source()), schema.field(field.target()), item);
                })
                .toList();
        return new Plan(schema, steps, directive(present, direction.app));
    }

    private void reportMissing(MappedField field) {
        if (reported.add(field.source())) {
            LOG.warn(
                    "The mapping names field {}, which the record does not have: {} does not sync until the source"
                            + " selects it",
                    field.source(),
                    field.target());
        }
    }

    private static String directive(List<Item> items, String app) {
        return MappedField.format(items.stream().map(item -> item.field(app)).toList());
    }
}
