package io.github.crmsync.dynamics;

import java.util.Map;
import java.util.function.Supplier;

/**
 * How the lookups of a table are written: through navigation properties, whose names differ from those of the columns.
 *
 * <p>A lookup that may lead to rows of several tables is written for the company only, as an account: of an id alone nobody
 * could tell its table.
 */
final class Lookups {
    static final String ACCOUNTS = "accounts";

    /** Those of contact and lead. The others are asked for when the first of them is written. */
    private static final Map<String, Navigation> KNOWN = Map.of(
            "parentcustomerid", new Navigation("parentcustomerid_account", ACCOUNTS),
            "parentaccountid", new Navigation("parentaccountid", ACCOUNTS),
            "parentcontactid", new Navigation("parentcontactid", "contacts"));

    private final Supplier<Map<String, Navigation>> load;
    private Map<String, Navigation> others;

    /**
     * A way to a row of another table.
     *
     * @param property navigation property, which a body names
     * @param entitySet set of the rows that it leads to
     */
    record Navigation(String property, String entitySet) {}

    /** @param others navigations by logical name of the lookup; asked once */
    Lookups(Supplier<Map<String, Navigation>> others) {
        this.load = others;
    }

    /** Null if the lookup cannot be written. */
    synchronized Navigation of(String lookup) {
        if (KNOWN.containsKey(lookup)) {
            return KNOWN.get(lookup);
        }
        if (others == null) {
            others = Map.copyOf(load.get());
        }
        return others.get(lookup);
    }
}
