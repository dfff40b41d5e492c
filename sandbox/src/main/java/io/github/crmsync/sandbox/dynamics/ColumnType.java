package io.github.crmsync.sandbox.dynamics;

/** Column types of the service with their names in metadata and in the OData model. */
enum ColumnType {
    KEY("Uniqueidentifier", "Edm.Guid"),
    STRING("String", "Edm.String"),
    MEMO("Memo", "Edm.String"),
    INTEGER("Integer", "Edm.Int32"),
    BIGINT("BigInt", "Edm.Int64"),
    DOUBLE("Double", "Edm.Double"),
    MONEY("Money", "Edm.Decimal"),
    BOOLEAN("Boolean", "Edm.Boolean"),
    CHOICE("Picklist", "Edm.Int32"),
    STATE("State", "Edm.Int32"),
    STATUS("Status", "Edm.Int32"),
    DATE("DateTime", "Edm.Date"),
    DATETIME("DateTime", "Edm.DateTimeOffset"),
    LOOKUP("Lookup", "Edm.Guid");

    private final String attributeType;
    private final String edm;

    ColumnType(String attributeType, String edm) {
        this.attributeType = attributeType;
        this.edm = edm;
    }

    String attributeType() {
        return attributeType;
    }

    String edm() {
        return edm;
    }

    /** Name of the metadata class without its namespace. */
    String metadataType() {
        return this == KEY ? "AttributeMetadata" : attributeType + "AttributeMetadata";
    }

    boolean isText() {
        return this == STRING || this == MEMO;
    }

    boolean isGuid() {
        return this == KEY || this == LOOKUP;
    }

    boolean isOption() {
        return this == CHOICE || this == STATE || this == STATUS;
    }

    boolean isNumber() {
        return isOption() || this == INTEGER || this == BIGINT || this == DOUBLE || this == MONEY;
    }
}
