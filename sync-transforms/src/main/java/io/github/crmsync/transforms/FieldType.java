package io.github.crmsync.transforms;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.kafka.connect.data.Schema;

/** Type that a mapping gives a field, the same in both directions. Empty values of all types are null. */
enum FieldType {
    /** Text; numbers and truth values in their plain spelling. */
    TEXT(Schema.OPTIONAL_STRING_SCHEMA) {
        @Override
        Object convert(String text) {
            return text;
        }
    },
    /** Whole number. */
    INTEGER(Schema.OPTIONAL_INT64_SCHEMA) {
        @Override
        Object convert(String text) {
            return new BigDecimal(text).longValueExact();
        }
    },
    /** Number or amount, as plain decimal text. */
    DECIMAL(Schema.OPTIONAL_STRING_SCHEMA) {
        @Override
        Object convert(String text) {
            return new BigDecimal(text).toPlainString();
        }
    },
    /** Truth value. */
    BOOLEAN(Schema.OPTIONAL_BOOLEAN_SCHEMA) {
        @Override
        Object convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException();
            };
        }
    },
    /** Day, as ISO text; of a time, its day in UTC. */
    DATE(Schema.OPTIONAL_STRING_SCHEMA) {
        @Override
        Object convert(String text) {
            return text.length() == DAY_LENGTH
                    ? LocalDate.parse(text).toString()
                    : LocalDate.ofInstant(instant(text), ZoneOffset.UTC).toString();
        }
    },
    /** Point in time, as ISO text in UTC; of a day, its beginning. */
    DATETIME(Schema.OPTIONAL_STRING_SCHEMA) {
        @Override
        Object convert(String text) {
            return (text.length() == DAY_LENGTH
                            ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                            : instant(text))
                    .toString();
        }
    };

    private static final int DAY_LENGTH = "2000-01-01".length();

    private final Schema schema;

    FieldType(Schema schema) {
        this.schema = schema;
    }

    Schema schema() {
        return schema;
    }

    /** Converts a text that is not blank; any RuntimeException means that it cannot be. */
    abstract Object convert(String text);

    /** Converts a scalar; null stands for all empty values. */
    final Object convert(Object value) {
        String text = RecordValue.text(value);
        if (text == null || text.isBlank()) {
            return null;
        }
        return convert(this == TEXT ? text : text.strip());
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
        throw new IllegalArgumentException(
                "'" + text + "' is not a type: must be one of text, integer, decimal, boolean, date, datetime");
    }

    private static Instant instant(String text) {
        return text.chars().allMatch(Character::isDigit)
                ? Instant.ofEpochMilli(Long.parseLong(text))
                : OffsetDateTime.parse(text).toInstant();
    }
}
