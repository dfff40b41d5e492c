package io.github.crmsync.dynamics;

import io.github.crmsync.core.config.UsualFields;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table of Dataverse.
 *
 * @param logicalName such as {@code contact}
 * @param entitySet name of the set in URLs, such as {@code contacts}
 */
public record Table(String logicalName, String entitySet) {
    public static final Table CONTACT = new Table("contact", "contacts");
    public static final Table LEAD = new Table("lead", "leads");

    /** Tables whose rows can be merged (Dataverse documentation, "Merge table rows"). */
    private static final Set<String> MERGEABLE = Set.of("account", "contact", "lead");

    /** Codes of the tables that marketing lists have members of ({@code createdfromcode}). */
    private static final Map<String, Integer> LIST_CODES = Map.of("account", 1, "contact", 2, "lead", 4);

    /** The table, with the set that Dataverse gives such a name unless a developer chose another. */
    public static Table of(String logicalName) {
        return new Table(logicalName, plural(logicalName));
    }

    private static String plural(String name) {
        if (name.matches(".*[^aeiou]y")) {
            return name.substring(0, name.length() - 1) + "ies";
        }
        return name + (name.matches(".*(s|x|z|ch|sh)") ? "es" : "s");
    }

    /** Primary key column, such as {@code contactid}. */
    public String key() {
        return logicalName + "id";
    }

    /** Name in privileges, such as {@code Contact}. */
    String schemaName() {
        return Character.toUpperCase(logicalName.charAt(0)) + logicalName.substring(1);
    }

    boolean isLead() {
        return equals(LEAD);
    }

    boolean mergeable() {
        return MERGEABLE.contains(logicalName);
    }

    /** What marketing lists of such rows have as {@code createdfromcode}; 0 if there are none. */
    int listCode() {
        return LIST_CODES.getOrDefault(logicalName, 0);
    }

    /** Columns that a source reads unless it is told otherwise; none for tables that the connector does not know. */
    public List<String> defaultColumns() {
        return isLead() ? UsualFields.LEAD : equals(CONTACT) ? UsualFields.CONTACT : List.of();
    }
}
