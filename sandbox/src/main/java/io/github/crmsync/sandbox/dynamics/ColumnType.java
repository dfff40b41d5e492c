package io.github.crmsync.sandbox.dynamics;

import java.util.Locale;

/** Column types of the service with their names in metadata and in the OData model. */
enum ColumnType {
    KEY("Uniqueidentifier", "Guid"),
    GUID("Uniqueidentifier", "Guid"),
    STRING("String", "String"),
    MEMO("Memo", "String"),
    INTEGER("Integer", "Int32"),
    BIGINT("BigInt", "Int64"),
    DOUBLE("Double", "Double"),
    DECIMAL("Decimal", "Decimal"),
    MONEY("Money", "Decimal"),
    BOOLEAN("Boolean", "Boolean"),
    CHOICE("Picklist", "Int32"),
    /** Several options at once, as their numbers with commas between them. */
    CHOICES("Virtual", "String"),
    STATE("State", "Int32"),
    STATUS("Status", "Int32"),
    DATE("DateTime", "Date"),
    DATETIME("DateTime", "DateTimeOffset"),
    LOOKUP("Lookup", "Guid"),
    CUSTOMER("Customer", "Guid"),
    OWNER("Owner", "Guid"),
    /** JSON of a metadata property that is no single value; it can be selected but not compared. */
    COMPLEX("", "");

    private final String attributeType;
    private final String edm;

    ColumnType(String attributeType, String edm) {
        this.attributeType = attributeType;
        this.edm = edm;
    }

    static ColumnType of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    String attributeType() {
        return attributeType;
    }

    /** Name of the type in metadata, which is more exact than {@link #attributeType()}. */
    String typeName() {
        return (this == CHOICES ? "MultiSelectPicklist" : attributeType) + "Type";
    }

    /** Name of the primitive type without the namespace. */
    String edm() {
        return edm;
    }

    /** Name of the metadata class without its namespace. */
    String metadataType() {
        return switch (this) {
            case KEY, GUID -> "AttributeMetadata";
            case CUSTOMER, OWNER -> "LookupAttributeMetadata";
            case CHOICES -> "MultiSelectPicklistAttributeMetadata";
            default -> attributeType + "AttributeMetadata";
        };
    }

    boolean isText() {
        return this == STRING || this == MEMO;
    }

    boolean isLookup() {
        return this == LOOKUP || this == CUSTOMER || this == OWNER;
    }

    boolean isGuid() {
        return this == KEY || this == GUID || isLookup();
    }

    boolean isOption() {
        return this == CHOICE || this == STATE || this == STATUS;
    }

    boolean isNumber() {
        return isOption() || this == INTEGER || this == BIGINT || this == DOUBLE || this == DECIMAL || this == MONEY;
    }
}
