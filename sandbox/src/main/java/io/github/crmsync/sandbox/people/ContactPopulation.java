package io.github.crmsync.sandbox.people;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The first fill of two applications: the same number of contacts in each, half of them people known to both. Of the
 * shared people some are equal on both sides, some differ and some are only partly filled in. The rest live on one
 * side only and include the untidy rows real systems have.
 */
public final class ContactPopulation {
    private static final List<String> ODD_LAST_NAMES = List.of(
            "O'Connor",
            "D’Angelo",
            "\"Quoted\" Smith",
            "back\\slash",
            "Zoë 🚀 Rocket",
            "👩‍💻 Developer",
            "كريم عبد الله",
            "בן־גוריון",
            "comma, semi; colon:",
            "<b>Tag</b> & Co",
            "line‎mark",
            "山田 太郎");
    private static final List<String> MALFORMED_EMAILS =
            List.of("not-an-address", "two@@example.com", "space in@example.com", "nodomain@", "n/a", "a@localhost");
    private static final int DYNAMICS_NAME_LIMIT = 50;

    private final List<Map<String, String>> hubspot = new ArrayList<>();
    private final List<Map<String, Object>> dynamics = new ArrayList<>();
    private final Set<String> shared = new HashSet<>();
    private final Random random;
    private final PeopleGenerator people;
    private final boolean keepDynamics;
    private int dynamicsSize;

    private ContactPopulation(long seed, boolean keepDynamics) {
        this.keepDynamics = keepDynamics;
        random = new Random(seed * 31 + 7);
        people = new PeopleGenerator(seed);
    }

    /** The fill with {@code n} contacts in each application; the same arguments always give the same fill. */
    public static ContactPopulation of(int n, long seed) {
        ContactPopulation population = new ContactPopulation(seed, true);
        population.fill(n);
        return population;
    }

    /** As {@link #of}, but only HubSpot's side is kept in memory. */
    public static ContactPopulation ofHubspot(int n, long seed) {
        ContactPopulation population = new ContactPopulation(seed, false);
        population.fill(n);
        return population;
    }

    /** One map per contact, keyed by HubSpot property name; empty values are left out. */
    public List<Map<String, String>> hubspotProperties() {
        return Collections.unmodifiableList(hubspot);
    }

    /** One map per contact, keyed by Dynamics contact column name; empty values are left out. */
    public List<Map<String, Object>> dynamicsColumns() {
        return Collections.unmodifiableList(dynamics);
    }

    /** The addresses of the people present on both sides. */
    public Set<String> sharedEmails() {
        return Collections.unmodifiableSet(shared);
    }

    private void fill(int n) {
        for (int i = 0; i < n / 2; i++) {
            addShared();
        }
        while (hubspot.size() < n) {
            addHubspotOnly();
        }
        while (dynamicsSize < n) {
            addDynamicsOnly(n);
        }
        Collections.shuffle(hubspot, random);
        Collections.shuffle(dynamics, random);
    }

    private void addShared() {
        Person person = maybeOddlyNamed(people.next());
        shared.add(person.email());
        Map<String, String> left = toHubspot(person);
        Map<String, Object> right = toDynamics(person);
        int kind = random.nextInt(100);
        if (kind >= 70) {
            dropSome(left, "jobtitle", "address", "city", "zip", "mobilephone");
            dropSome(right, "telephone1", "address1_stateorprovince", "address1_country", "websiteurl");
        } else if (kind >= 40) {
            makeDifferent(right);
        }
        hubspot.add(left);
        keep(right);
    }

    private void keep(Map<String, Object> columns) {
        dynamicsSize++;
        if (keepDynamics) {
            dynamics.add(columns);
        }
    }

    private void makeDifferent(Map<String, Object> columns) {
        int where = random.nextInt(4);
        if (where == 0) {
            columns.put("telephone1", "+1 555 " + (2_000_000 + random.nextInt(7_000_000)));
        } else if (where == 1) {
            columns.put("jobtitle", "Former " + cut(text(columns, "jobtitle"), 80));
        } else if (where == 2) {
            columns.put("address1_city", "New " + cut(text(columns, "address1_city"), 60));
            columns.put("address1_line1", (1 + random.nextInt(900)) + " Moved Street");
        } else {
            columns.put("lastname", cut(text(columns, "lastname"), 40) + "-Meyer");
        }
    }

    private void addHubspotOnly() {
        Map<String, String> properties = toHubspot(maybeOddlyNamed(people.next()));
        int kind = random.nextInt(100);
        if (kind < 2) {
            properties.remove("email");
        } else if (kind == 2) {
            properties.put("firstname", "Very long name ".repeat(20).strip());
        } else if (kind < 30) {
            dropSome(properties, "phone", "company", "website", "state");
        }
        hubspot.add(properties);
    }

    private void addDynamicsOnly(int n) {
        Map<String, Object> columns = toDynamics(maybeOddlyNamed(people.next()));
        int kind = random.nextInt(100);
        if (kind < 2) {
            columns.remove("emailaddress1");
        } else if (kind == 2) {
            columns.put("emailaddress1", pick(MALFORMED_EMAILS));
        } else if (kind == 3) {
            columns.put("firstname", cut("Very long name ".repeat(20), DYNAMICS_NAME_LIMIT));
        } else if (kind < 30) {
            dropSome(columns, "telephone1", "jobtitle", "websiteurl");
        }
        keep(columns);
        if (kind >= 98 && dynamicsSize < n && columns.containsKey("emailaddress1")) {
            Map<String, Object> twin = new LinkedHashMap<>(columns);
            makeDifferent(twin);
            keep(twin);
        }
    }

    private Person maybeOddlyNamed(Person p) {
        if (random.nextInt(100) >= 3) {
            return p;
        }
        return new Person(
                p.firstName(),
                pick(ODD_LAST_NAMES),
                p.email(),
                p.phone(),
                p.mobile(),
                p.jobTitle(),
                p.company(),
                p.street(),
                p.city(),
                p.state(),
                p.zip(),
                p.country(),
                p.birthDate(),
                p.website());
    }

    private static Map<String, String> toHubspot(Person p) {
        Map<String, String> properties = new LinkedHashMap<>(32);
        properties.put("firstname", p.firstName());
        properties.put("lastname", p.lastName());
        properties.put("email", p.email());
        properties.put("phone", p.phone());
        properties.put("mobilephone", p.mobile());
        properties.put("jobtitle", p.jobTitle());
        properties.put("company", p.company());
        properties.put("address", p.street());
        properties.put("city", p.city());
        properties.put("state", p.state());
        properties.put("zip", p.zip());
        properties.put("country", p.country());
        properties.put("date_of_birth", p.birthDate().toString());
        properties.put("website", p.website());
        return properties;
    }

    private static Map<String, Object> toDynamics(Person p) {
        Map<String, Object> columns = new LinkedHashMap<>(32);
        columns.put("firstname", p.firstName());
        columns.put("lastname", p.lastName());
        columns.put("emailaddress1", p.email());
        columns.put("telephone1", p.phone());
        columns.put("mobilephone", p.mobile());
        columns.put("jobtitle", p.jobTitle());
        columns.put("address1_line1", p.street());
        columns.put("address1_city", p.city());
        columns.put("address1_stateorprovince", p.state());
        columns.put("address1_postalcode", p.zip());
        columns.put("address1_country", p.country());
        columns.put("birthdate", p.birthDate().toString());
        columns.put("websiteurl", p.website());
        return columns;
    }

    private void dropSome(Map<String, ?> row, String... names) {
        for (String name : names) {
            if (random.nextBoolean()) {
                row.remove(name);
            }
        }
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static String text(Map<String, Object> columns, String name) {
        return String.valueOf(columns.getOrDefault(name, ""));
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length).strip();
    }
}
