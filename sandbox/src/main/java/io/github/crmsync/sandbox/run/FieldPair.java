package io.github.crmsync.sandbox.run;

import java.util.List;

/**
 * A field that both apps have, for the comparison. Written down here a second time on purpose: the check must not
 * believe the connectors' own mapping.
 *
 * @param limit longest text that the Dynamics column takes
 */
record FieldPair(String hubspot, String dynamics, int limit) {
    static final FieldPair EMAIL = new FieldPair("email", "emailaddress1", 100);

    private static final List<FieldPair> COMMON = List.of(
            EMAIL,
            new FieldPair("firstname", "firstname", 50),
            new FieldPair("lastname", "lastname", 50),
            new FieldPair("phone", "telephone1", 50),
            new FieldPair("mobilephone", "mobilephone", 50),
            new FieldPair("jobtitle", "jobtitle", 100),
            new FieldPair("address", "address1_line1", 250),
            new FieldPair("city", "address1_city", 80),
            new FieldPair("state", "address1_stateorprovince", 50),
            new FieldPair("zip", "address1_postalcode", 20),
            new FieldPair("country", "address1_country", 80));

    /** The fields that the default mappings for a Dynamics table carry. */
    static List<FieldPair> of(String table) {
        return COMMON;
    }
}
