package io.github.crmsync.hubspot;

import io.github.crmsync.core.record.Fingerprints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * Schema of the contacts' values, made of HubSpot's definitions. Every field is optional. Truth values are booleans; all else
 * is text as HubSpot gives it, times as ISO text in UTC: so numbers keep their digits, and values are the same with and
 * without schemas in JSON. Parameters of each field tell HubSpot's type.
 */
final class SourceSchema {
    static final String TYPE = "hubspot.type";
    static final String FIELD_TYPE = "hubspot.fieldType";
    /** Number of allowed values, on enumerations. */
    static final String OPTIONS = "hubspot.options";

    private static final String NAME = "io.github.crmsync.hubspot.contacts";

    private final List<String> names;
    private final Schema schema;
    private final long shape;

    /**
     * @param selected names of properties that are among the known ones
     * @param version version of the schema
     */
    SourceSchema(List<String> selected, Map<String, PropertyInfo> known, long version) {
        names = List.copyOf(selected);
        SchemaBuilder builder = SchemaBuilder.struct().name(NAME).version((int) version);
        names.forEach(name -> builder.field(name, field(known.get(name))));
        schema = builder.build();
        shape = shape(names, known);
    }

    /** Fingerprint of all that a schema is made of. */
    static long shape(List<String> selected, Map<String, PropertyInfo> known) {
        List<String> parts = new ArrayList<>();
        selected.forEach(name -> parts.add(name + field(known.get(name)).parameters()));
        return SourceOffset.whole(Fingerprints.of(parts));
    }

    private static Schema field(PropertyInfo property) {
        SchemaBuilder builder = property.type().equals("bool") ? SchemaBuilder.bool() : SchemaBuilder.string();
        builder.optional().parameter(TYPE, property.type()).parameter(FIELD_TYPE, property.fieldType());
        if (property.type().equals("enumeration")) {
            builder.parameter(OPTIONS, Integer.toString(property.options()));
        }
        return builder.build();
    }

    List<String> names() {
        return names;
    }

    Schema schema() {
        return schema;
    }

    long shape() {
        return shape;
    }

    Struct value(Contact contact) {
        Struct value = new Struct(schema);
        for (String name : names) {
            value.put(
                    name,
                    value(schema.field(name).schema(), contact.properties().get(name)));
        }
        return value;
    }

    private static Object value(Schema field, String text) {
        if (text == null) {
            return null;
        }
        if (field.type() == Schema.Type.BOOLEAN) {
            return truth(text);
        }
        return "datetime".equals(field.parameters().get(TYPE)) ? HubSpotValues.isoTime(text) : text;
    }

    /** Null for what is neither: a property of another type until a moment ago, which the next refresh tells. */
    private static Boolean truth(String text) {
        return text.equalsIgnoreCase("true") ? Boolean.TRUE : text.equalsIgnoreCase("false") ? Boolean.FALSE : null;
    }
}
