package io.github.crmsync.transforms;

import io.github.crmsync.core.record.Blanks;
import io.github.crmsync.core.record.Decimals;
import io.github.crmsync.core.record.Meaning;
import io.github.crmsync.core.record.Times;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import org.apache.kafka.connect.data.Schema;

/**
 * Type that a mapping gives a field, the same in both directions: what its values are converted to, or what they mean. Empty
 * values of all types that are converted to are null.
 */
enum FieldType {
    /** Text; numbers and truth values in their plain spelling. */
    TEXT(Schema.OPTIONAL_STRING_SCHEMA),
    /** Whole number. */
    INTEGER(Schema.OPTIONAL_INT64_SCHEMA) {
        @Override
        Object convert(String text, ZoneId zone) {
            return Decimals.parse(text).longValueExact();
        }
    },
    /** Number or amount, as plain decimal text. */
    DECIMAL(Schema.OPTIONAL_STRING_SCHEMA) {
        @Override
        Object convert(String text, ZoneId zone) {
            return Decimals.plain(Decimals.parse(text));
        }
    },
    /** Truth value. */
    BOOLEAN(Schema.OPTIONAL_BOOLEAN_SCHEMA) {
        @Override
        Object convert(String text, ZoneId zone) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException();
            };
        }
    },
    /** Day, as ISO text; of a time, its day in the time zone. */
    DATE(Schema.OPTIONAL_STRING_SCHEMA) {
        @Override
        Object convert(String text, ZoneId zone) {
            return (text.length() == DAY_LENGTH ? LocalDate.parse(text) : Times.day(text, zone)).toString();
        }
    },
    /** Point in time, as ISO text in UTC; of a day, its beginning in the time zone. */
    DATETIME(Schema.OPTIONAL_STRING_SCHEMA) {
        @Override
        Object convert(String text, ZoneId zone) {
            return (text.length() == DAY_LENGTH
                            ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                            : Times.instant(text))
                    .toString();
        }
    },
    /** Telephone number: passes as it is, and is the same in every style. */
    PHONE(Meaning.Kind.PHONE),
    /** Country: passes as it is, and is the same by name and by code. */
    COUNTRY(Meaning.Kind.COUNTRY),
    /** E-mail address: passes as it is, and is the same in any case. */
    EMAIL(Meaning.Kind.EMAIL);

    /** All types, as a list in words. */
    static final String NAMES = "text, integer, decimal, boolean, date, datetime, phone, country, email";

    private static final int DAY_LENGTH = "2000-01-01".length();

    private final Schema schema;
    private final Meaning.Kind meaning;

    FieldType(Schema schema) {
        this.schema = schema;
        this.meaning = Meaning.Kind.TEXT;
    }

    FieldType(Meaning.Kind meaning) {
        this.schema = null;
        this.meaning = meaning;
    }

    /** Schema of the converted values; null if values pass as they are. */
    Schema schema() {
        return schema;
    }

    /** How values are compared; phone numbers without a country code are read in the region. */
    Meaning meaning(String region) {
        return new Meaning(meaning, region);
    }

    /** Converts a text that is not blank; any RuntimeException means that it cannot be. */
    Object convert(String text, ZoneId zone) {
        return text;
    }

    /** Converts a scalar; null stands for all empty values. */
    final Object convert(Object value, ZoneId zone) {
        if (schema == null) {
            return value;
        }
        String text = RecordValue.text(value);
        if (Blanks.isBlank(text)) {
            return null;
        }
        return convert(this == TEXT ? text : Blanks.strip(text), zone);
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static FieldType of(String text) {
        for (FieldType type : values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a type: must be one of " + NAMES);
    }
}
