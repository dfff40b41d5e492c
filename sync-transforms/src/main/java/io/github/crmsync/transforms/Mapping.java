package io.github.crmsync.transforms;

import io.github.crmsync.core.config.MappingItem;
import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Meaning;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;

/** The fields of a mapping text, which is the same for both directions. */
final class Mapping {
    static final String HUBSPOT = "hubspot";
    static final String DYNAMICS = "dynamics";

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,18}");

    /**
     * One item of a mapping text.
     *
     * @param type null: values pass as they are
     * @param options null: not an option set
     * @param region region of phone numbers without a country code, or empty
     * @param zone in which a time has its day, and a day its beginning
     */
    record Item(
            String hubspot,
            String dynamics,
            boolean forth,
            boolean back,
            FieldType type,
            Options options,
            String region,
            ZoneId zone) {
        String pair() {
            return hubspot + "~" + dynamics;
        }

        boolean flowsFrom(String app) {
            return app.equals(HUBSPOT) ? forth : back;
        }

        MappedField field(String sourceApp) {
            Meaning meaning = type == null ? Meaning.TEXT : type.meaning(region);
            return sourceApp.equals(HUBSPOT)
                    ? new MappedField(hubspot, dynamics, meaning, forth != back)
                    : new MappedField(dynamics, hubspot, meaning, forth != back);
        }

        /** Schema of the converted values, or null if they pass as they are. */
        Schema schema(String sourceApp) {
            if (options != null) {
                return sourceApp.equals(HUBSPOT) ? options.type.schema() : Schema.OPTIONAL_STRING_SCHEMA;
            }
            return type == null ? null : type.schema();
        }

        /** Converts a value; throws a RuntimeException if it cannot be converted. */
        Object convert(String sourceApp, Object value) {
            if (options != null) {
                return options.convert(sourceApp, value);
            }
            return type == null ? value : type.convert(value, zone);
        }
    }

    /** A value of an option set that the settings do not name. */
    static final class UnknownOptionException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Values of an option set in both apps. */
    record Options(Map<String, String> forth, Map<String, String> back, FieldType type) {
        Object convert(String sourceApp, Object value) {
            String text = RecordValue.text(value);
            if (Blanks.isBlank(text)) {
                return null;
            }
            boolean fromHubspot = sourceApp.equals(HUBSPOT);
            Map<String, String> known = fromHubspot ? forth : back;
            String found = known.get(Blanks.strip(text));
            if (found == null) {
                return several(text, known, fromHubspot);
            }
            return fromHubspot ? type.convert((Object) found, ZoneOffset.UTC) : found;
        }

        /**
         * Several options at once: HubSpot parts them with semicolons, Dynamics parts numbers with commas and labels with
         * semicolons.
         */
        private String several(String text, Map<String, String> known, boolean fromHubspot) {
            List<String> found = new ArrayList<>();
            for (String part : text.split(fromHubspot || text.contains(";") ? ";" : ",")) {
                String option = known.get(Blanks.strip(part));
                if (option != null) {
                    found.add(option);
                } else if (!Blanks.isBlank(part)) {
                    throw new UnknownOptionException();
                }
            }
            if (found.isEmpty() || fromHubspot && type == FieldType.BOOLEAN) {
                throw new UnknownOptionException();
            }
            return String.join(fromHubspot && type == FieldType.INTEGER ? "," : ";", found);
        }

        /** Values of the app that a message may name: they come from the settings. */
        String known(String sourceApp) {
            return String.join(", ", (sourceApp.equals(HUBSPOT) ? forth : back).keySet());
        }

        static Options parse(String text, Item item) {
            List<String[]> pairs = new ArrayList<>();
            for (String part : text.split(";")) {
                String[] values = part.split("=", -1);
                if (values.length != 2 || values[0].isBlank() || values[1].isBlank()) {
                    throw new IllegalArgumentException("'" + part.strip() + "' is not hubspotValue=dynamicsValue");
                }
                pairs.add(new String[] {values[0].strip(), values[1].strip()});
            }
            FieldType type = type(pairs.stream().map(pair -> pair[1]).collect(Collectors.toSet()));
            Map<String, String> forth = new LinkedHashMap<>();
            Map<String, String> back = new LinkedHashMap<>();
            for (String[] pair : pairs) {
                String hubspot = pair[0];
                // 1 and 01 are one number.
                String dynamics = type.convert((Object) pair[1], ZoneOffset.UTC).toString();
                if (forth.putIfAbsent(hubspot, dynamics) != null && item.forth) {
                    throw ambiguous("HubSpot", hubspot, item);
                }
                if (back.putIfAbsent(dynamics, hubspot) != null && item.back) {
                    throw ambiguous("Dynamics", dynamics, item);
                }
            }
            return new Options(forth, back, type);
        }

        private static IllegalArgumentException ambiguous(String app, String value, Item item) {
            return new IllegalArgumentException(app + " value '" + value + "' has two counterparts"
                    + (item.forth && item.back
                            ? ", so values do not survive the round trip: make them unique, or the field one-way"
                                    + " with -> or <-"
                            : ""));
        }

        private static FieldType type(Set<String> dynamicsValues) {
            if (dynamicsValues.stream()
                    .allMatch(value -> WHOLE_NUMBER.matcher(value).matches())) {
                return FieldType.INTEGER;
            }
            return Set.of("true", "false").containsAll(dynamicsValues) ? FieldType.BOOLEAN : FieldType.TEXT;
        }
    }

    private Mapping() {}

    /** Reads a list of items, or the name of a shipped mapping among them. */
    static List<Item> parse(List<String> texts) {
        return typed(MappingItem.parse(texts));
    }

    /** The items with the types that they name. */
    static List<Item> typed(List<MappingItem> items) {
        return items.stream()
                .map(item -> new Item(
                        item.hubspot(),
                        item.dynamics(),
                        item.forth(),
                        item.back(),
                        item.type() == null ? null : FieldType.of(item.type()),
                        null,
                        "",
                        ZoneOffset.UTC))
                .toList();
    }

    /** Gives items their option sets, by HubSpot property, and the region and the time zone. */
    static List<Item> complete(List<Item> items, Map<String, Options> options, String region, ZoneId zone) {
        List<Item> result = items.stream()
                .map(item -> new Item(
                        item.hubspot,
                        item.dynamics,
                        item.forth,
                        item.back,
                        options.containsKey(item.hubspot) ? null : item.type,
                        options.get(item.hubspot),
                        region,
                        zone))
                .toList();
        return result;
    }

    /** Checks that the options belong to fields of the mapping, and reads them. */
    static Options options(List<Item> items, String property, String text) {
        Set<Options> found = new HashSet<>();
        for (Item item : items) {
            if (item.hubspot.equals(property)) {
                if (item.type != null && item.type.schema() != null) {
                    throw new IllegalArgumentException(
                            "field '" + property + "' has a type in the mapping: options already give the type");
                }
                found.add(Options.parse(text, item));
            }
        }
        return found.stream()
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("the mapping has no HubSpot property '" + property + "'"));
    }
}
