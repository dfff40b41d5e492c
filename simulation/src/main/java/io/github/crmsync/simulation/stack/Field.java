package io.github.crmsync.simulation.stack;

import java.util.List;

/** A field of a person, under its two names in the examples' mapping. */
enum Field {
    FIRST("firstname", "firstname"),
    LAST("lastname", "lastname"),
    PHONE("phone", "telephone1"),
    JOB("jobtitle", "jobtitle"),
    CITY("city", "address1_city"),
    EMAIL("email", "emailaddress1");

    /** Those that people edit freely. */
    static final List<Field> TEXTS = List.of(FIRST, LAST, PHONE, JOB, CITY);

    final String property;
    final String column;

    Field(String property, String column) {
        this.property = property;
        this.column = column;
    }
}
