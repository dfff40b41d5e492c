package io.github.crmsync.dynamics;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The tables that take part in a sync. */
public enum Table {
    CONTACT(
            "contacts",
            "mobilephone,fax,jobtitle,department,websiteurl,birthdate,preferredcontactmethodcode,donotemail,donotbulkemail"),
    LEAD(
            "leads",
            "mobilephone,fax,jobtitle,companyname,websiteurl,subject,leadsourcecode,industrycode,numberofemployees,"
                    + "preferredcontactmethodcode,donotemail,donotbulkemail");

    private final String entitySet;
    private final List<String> defaultColumns;

    Table(String entitySet, String columns) {
        this.entitySet = entitySet;
        this.defaultColumns =
                Stream.of((Common.COLUMNS + "," + columns).split(",")).toList();
    }

    /** Logical name, such as {@code contact}. */
    public String logicalName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Name in privileges, such as {@code Contact}. */
    public String schemaName() {
        return name().charAt(0) + logicalName().substring(1);
    }

    /** Name of the set in URLs, such as {@code contacts}. */
    public String entitySet() {
        return entitySet;
    }

    /** Primary key column, such as {@code contactid}. */
    public String key() {
        return logicalName() + "id";
    }

    /** Columns that a source reads unless it is told otherwise. */
    public List<String> defaultColumns() {
        return defaultColumns;
    }

    public static Table of(String logicalName) {
        return valueOf(logicalName.toUpperCase(Locale.ROOT));
    }

    private static final class Common {
        static final String COLUMNS = "salutation,firstname,middlename,lastname,fullname,emailaddress1,telephone1,"
                + "telephone2,description,address1_line1,address1_line2,address1_city,address1_stateorprovince,"
                + "address1_postalcode,address1_country,statuscode";
    }
}
