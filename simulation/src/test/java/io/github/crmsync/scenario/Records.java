package io.github.crmsync.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.opentest4j.AssertionFailedError;

/** The records of one kind in an app, and what people do to them. Fields are given as name and value in turns. */
abstract class Records {
    private final String emailField;

    Records(String emailField) {
        this.emailField = emailField;
    }

    /** Creates a record and returns its id. */
    abstract String create(String... fields);

    abstract void edit(String id, String... fields);

    abstract void delete(String id);

    /** All live records by id, with the fields that have a value. */
    abstract Map<String, Map<String, String>> all();

    /** A field's value; an empty text where it has none. */
    String get(String id, String field) {
        Map<String, String> record = all().get(id);
        if (record == null) {
            throw new AssertionFailedError("there is no record " + id);
        }
        return record.getOrDefault(field, "");
    }

    boolean has(String id) {
        return all().containsKey(id);
    }

    int count() {
        return all().size();
    }

    /** Ids of the records with an address. */
    List<String> idsWith(String email) {
        List<String> ids = new ArrayList<>();
        all().forEach((id, fields) -> {
            if (Objects.equals(email, fields.get(emailField))) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** Id of the one record with an address. */
    String idOf(String email) {
        List<String> ids = idsWith(email);
        if (ids.size() != 1) {
            throw new AssertionFailedError(ids.size() + " records have the address " + email);
        }
        return ids.get(0);
    }

    static Map<String, String> fields(String... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
