package io.github.crmsync.core.config;

import java.util.Map;
import java.util.Set;

/** Refuses converters that cannot carry a sync's records: a record of fields, a text as its key, headers of text. */
final class Converters {
    private static final Set<String> NUMBERS = Set.of(
            "ByteArrayConverter",
            "BooleanConverter",
            "DoubleConverter",
            "FloatConverter",
            "IntegerConverter",
            "LongConverter",
            "ShortConverter");
    private static final String TEXT = "StringConverter";

    private Converters() {}

    static void check(Map<String, String> connector, boolean sink, Findings findings) {
        String value = kafkas(connector, "value.converter");
        if (value.equals(TEXT) || NUMBERS.contains(value)) {
            findings.error(
                    "value.converter",
                    value + " carries single values, and the sync's records have fields: use a converter such as"
                            + " org.apache.kafka.connect.json.JsonConverter, the same in source and sink");
        }
        String key = kafkas(connector, "key.converter");
        if (NUMBERS.contains(key) && !(sink && key.equals("ByteArrayConverter"))) {
            findings.error("key.converter", key + " cannot carry the records' keys, which are text");
        }
        String header = kafkas(connector, "header.converter");
        if (NUMBERS.contains(header)) {
            findings.error("header.converter", header + " cannot carry the sync's headers, which are text");
        }
    }

    /** Simple name of one of Kafka's own converters; empty for none and for others. */
    private static String kafkas(Map<String, String> connector, String setting) {
        String name = connector.getOrDefault(setting, "").strip();
        int dot = name.lastIndexOf('.');
        return dot < 0 || name.startsWith("org.apache.kafka.connect.") ? name.substring(dot + 1) : "";
    }
}
