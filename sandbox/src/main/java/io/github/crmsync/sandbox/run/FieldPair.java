package io.github.crmsync.sandbox.run;

import java.util.ArrayList;
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
            new FieldPair("jobtitle", "jobtitle", 100),
            new FieldPair("address", "address1_line1", 250),
            new FieldPair("city", "address1_city", 80),
            new FieldPair("state", "address1_stateorprovince", 50),
            new FieldPair("zip", "address1_postalcode", 20),
            new FieldPair("country", "address1_country", 80),
            new FieldPair("website", "websiteurl", 200),
            new FieldPair("salutation", "salutation", 100),
            new FieldPair("fax", "fax", 50));
    private static final int CONTACT_MOBILE_LIMIT = 50;
    private static final int LEAD_MOBILE_LIMIT = 20;

    /** The fields that the default mapping for a Dynamics table carries. */
    static List<FieldPair> of(String table) {
        boolean lead = table.equals("lead");
        List<FieldPair> fields = new ArrayList<>(COMMON);
        fields.add(new FieldPair("mobilephone", "mobilephone", lead ? LEAD_MOBILE_LIMIT : CONTACT_MOBILE_LIMIT));
        if (lead) {
            fields.add(new FieldPair("company", "companyname", 100));
        }
        return List.copyOf(fields);
    }
}
