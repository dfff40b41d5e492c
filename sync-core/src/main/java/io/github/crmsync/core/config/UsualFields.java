package io.github.crmsync.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fields that a source reads unless it is told otherwise. A sink's configuration does not show which fields its source reads,
 * so these, and those of the mapping, are what it can be checked against.
 */
public final class UsualFields {
    /** Of HubSpot contacts. */
    public static final List<String> HUBSPOT = List.of(
            "email",
            "firstname",
            "lastname",
            "phone",
            "mobilephone",
            "fax",
            "jobtitle",
            "company",
            "website",
            "salutation",
            "address",
            "city",
            "state",
            "zip",
            "country",
            "lifecyclestage");

    private static final String COMMON = "salutation,firstname,middlename,lastname,fullname,emailaddress1,telephone1,"
            + "telephone2,description,address1_line1,address1_line2,address1_city,address1_stateorprovince,"
            + "address1_postalcode,address1_country,statuscode";

    /** Of Dynamics contacts. */
    public static final List<String> CONTACT = names(COMMON
            + ",mobilephone,fax,jobtitle,department,websiteurl,birthdate,preferredcontactmethodcode,donotemail,"
            + "donotbulkemail");
    /** Of Dynamics leads. */
    public static final List<String> LEAD = names(COMMON
            + ",mobilephone,fax,jobtitle,companyname,websiteurl,subject,leadsourcecode,industrycode,"
            + "numberofemployees,preferredcontactmethodcode,donotemail,donotbulkemail");

    /** Columns that each record of a Dynamics table has, whatever columns were asked for. */
    public static final List<String> DYNAMICS_ALWAYS = List.of("statecode", "modifiedon", "versionnumber");

    private UsualFields() {}

    /** Of an app's records, {@code hubspot} or {@code dynamics}, of whichever table. */
    public static List<String> of(String app) {
        if (app.equals("hubspot")) {
            return HUBSPOT;
        }
        List<String> all = new ArrayList<>(List.of("contactid", "leadid"));
        all.addAll(DYNAMICS_ALWAYS);
        all.addAll(CONTACT);
        all.addAll(LEAD);
        return all.stream().distinct().toList();
    }

    private static List<String> names(String text) {
        return Stream.of(text.split(",")).toList();
    }
}
