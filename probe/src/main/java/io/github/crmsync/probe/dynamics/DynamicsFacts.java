package io.github.crmsync.probe.dynamics;

import io.github.crmsync.probe.Answer;
import io.github.crmsync.probe.Cleanup;
import io.github.crmsync.probe.Fact;
import io.github.crmsync.probe.Inconclusive;
import io.github.crmsync.probe.Service;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What Microsoft's documents leave open about contacts and leads. A fact that carries the name of a simulator's switch is
 * about that switch.
 */
public final class DynamicsFacts {
    private static final String API = "/api/data/v9.2";
    private static final String CONTACTS = "contacts";
    private static final String LEADS = "leads";
    private static final String TRACK = "odata.track-changes,odata.maxpagesize=5000";
    /** A first tracked read of more rows than this is not worth its quota. */
    private static final int MOST_PAGES = 20;

    private static final String STALE_TOKEN = "1!01/02/2017 03:04:05";

    private final Service service;
    private final Rows rows;

    public DynamicsFacts(Service service, Cleanup cleanup) {
        this.service = service;
        this.rows = new Rows(service, cleanup);
    }

    /** The service at an environment's address, with the headers that every call has. */
    public static Service service(String environment, Service.Login login, Duration pace, String marker) {
        return new Service(origin(environment) + API, login, pace, marker)
                .with("Accept", "application/json")
                .with("OData-MaxVersion", "4.0")
                .with("OData-Version", "4.0");
    }

    /** Scheme and host of an address. */
    static String origin(String url) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getAuthority();
    }

    /** All questions, in the order in which they are asked. */
    public List<Fact> all() {
        List<Fact> facts = new ArrayList<>();
        facts.addAll(writing());
        facts.addAll(conditions());
        facts.addAll(states());
        facts.addAll(queries());
        facts.addAll(tracking());
        facts.addAll(batches());
        return facts;
    }

    private static Fact toggle(
            String name, boolean other, String question, String byDefault, String otherwise, Fact.Check check) {
        return Fact.either(
                name, question, byDefault, otherwise, "{\"switches\": {\"" + name + "\": " + other + "}}", check);
    }

    private static String taken(Answer answer) {
        return answer.ok() ? "taken" : "refused";
    }

    private List<Fact> writing() {
        return List.of(
                toggle(
                        "rejectReadOnlyColumns",
                        false,
                        "What becomes of a read-only column in a body?",
                        "refused",
                        "ignored",
                        () -> rows.tryCreate(CONTACTS, rows.columns("fullname", service.marker() + " X"))
                                        .ok()
                                ? "ignored"
                                : "refused"),
                toggle(
                        "entityIdOnUpdate",
                        false,
                        "Does the answer to an update carry OData-EntityId?",
                        "with",
                        "without",
                        () -> {
                            Answer answer = rows.update(CONTACTS, rows.contact(), Map.of("jobtitle", "x"))
                                    .orInconclusive();
                            return answer.headers().firstValue("OData-EntityId").isPresent() ? "with" : "without";
                        }),
                Fact.assumed(
                        "addressSyntax",
                        "Does the service take an e-mail address that is none?",
                        "taken",
                        () -> taken(rows.tryCreate(CONTACTS, rows.columns("emailaddress1", "no address")))),
                Fact.assumed(
                        "lastNameOptional",
                        "May a contact have no last name?",
                        "taken",
                        () -> taken(rows.tryCreate(CONTACTS, Map.of("firstname", service.marker())))),
                Fact.assumed(
                        "unchangedWrite", "Does a write of the same value make a new version?", "a new version", () -> {
                            String id = rows.contact("jobtitle", "x");
                            String before = rows.read(CONTACTS, id, "contactid").text("/@odata.etag");
                            rows.update(CONTACTS, id, Map.of("jobtitle", "x")).orInconclusive();
                            String after = rows.read(CONTACTS, id, "contactid").text("/@odata.etag");
                            return before.equals(after) ? "the same version" : "a new version";
                        }),
                duplicateDetection());
    }

    private Fact duplicateDetection() {
        Map<String, String> readings = new LinkedHashMap<>();
        readings.put("412", "");
        readings.put("500", "{\"switches\": {\"duplicateDetectionStatus\": 500}}");
        readings.put("no rule refused", "{\"switches\": {\"duplicateDetection\": false}}");
        return new Fact(
                "duplicateDetectionStatus",
                "Which status has the refusal by a duplicate detection rule?",
                readings,
                () -> {
                    Map<String, Object> person = rows.columns("emailaddress1", rows.address(), "firstname", "Ann");
                    rows.tryCreate(CONTACTS, person).orInconclusive();
                    Answer answer = rows.tryCreate(CONTACTS, person, "MSCRM.SuppressDuplicateDetection", "false");
                    if (answer.ok()) {
                        return "no rule refused";
                    }
                    return answer.text("/error/code").equalsIgnoreCase("0x80040333")
                            ? String.valueOf(answer.status())
                            : Service.described(answer);
                });
    }

    private List<Fact> conditions() {
        return List.of(
                toggle(
                        "emptyConditionalCodes",
                        true,
                        "Has the 412 of a conditional update an error code?",
                        "with",
                        "without",
                        () -> {
                            String id = rows.contact();
                            Answer answer = rows.update(CONTACTS, id, Map.of("jobtitle", "x"), "If-Match", "W/\"1\"");
                            if (answer.status() != 412) {
                                return Service.described(answer);
                            }
                            return answer.text("/error/code").isEmpty() ? "without" : "with";
                        }),
                Fact.assumed("createOnly", "What does a creation under an id answer that is taken?", "412", () -> {
                    Answer answer =
                            rows.update(CONTACTS, rows.contact(), Map.of("jobtitle", "x"), "If-None-Match", "*");
                    return answer.status() == 412 ? "412" : Service.described(answer);
                }),
                Fact.assumed("updateOnly", "What does an update of a missing row answer?", "404", () -> {
                    Answer answer = rows.update(
                            CONTACTS, UUID.randomUUID().toString(), Map.of("jobtitle", "x"), "If-Match", "*");
                    return answer.status() == 404 ? "404" : Service.described(answer);
                }));
    }

    private List<Fact> states() {
        return List.of(
                toggle("closedLeadsReadOnly", false, "Can a disqualified lead be changed?", "refused", "taken", () -> {
                    String id = rows.create(LEADS, "subject", service.marker());
                    rows.update(LEADS, id, Map.of("statecode", 2, "statuscode", 4))
                            .orInconclusive();
                    return taken(rows.update(LEADS, id, Map.of("jobtitle", "x")));
                }),
                Fact.assumed("inactiveContact", "Can an inactive contact be changed?", "taken", () -> {
                    String id = rows.contact();
                    rows.update(CONTACTS, id, Map.of("statecode", 1, "statuscode", 2))
                            .orInconclusive();
                    return taken(rows.update(CONTACTS, id, Map.of("jobtitle", "x")));
                }));
    }

    private List<Fact> queries() {
        return List.of(
                toggle(
                        "wildcardsInEquality",
                        true,
                        "Is a percent sign a wildcard in eq?",
                        "no wildcard",
                        "a wildcard",
                        () -> {
                            rows.contact();
                            String start = service.marker()
                                    .substring(0, service.marker().length() - 1);
                            Answer answer = rows.query(CONTACTS, "lastname eq '" + start + "%'")
                                    .orInconclusive();
                            return answer.json().path("value").isEmpty() ? "no wildcard" : "a wildcard";
                        }),
                Fact.assumed(
                        "versionInFilter",
                        "Can rows be filtered by versionnumber?",
                        "taken",
                        () -> taken(rows.query(CONTACTS, "versionnumber gt 1"))),
                Fact.assumed("caseInEquality", "Does eq tell upper case from lower case?", "no difference", () -> {
                    rows.contact();
                    Answer answer = rows.query(
                                    CONTACTS, "lastname eq '" + service.marker().toUpperCase(Locale.ROOT) + "'")
                            .orInconclusive();
                    return answer.json().path("value").isEmpty() ? "a difference" : "no difference";
                }));
    }

    private List<Fact> tracking() {
        return List.of(
                Fact.assumed(
                        "leadTracking", "Is change tracking on for leads?", "on", () -> tracked("lead") ? "on" : "off"),
                toggle(
                        "quietDeltaLink",
                        false,
                        "Has an answer without changes a delta link?",
                        "with",
                        "without",
                        this::quietDeltaLink),
                toggle(
                        "untrackedReadFails",
                        true,
                        "What does a tracked read of a table without change tracking answer?",
                        "rows without a delta link",
                        "an error",
                        this::untracked),
                expiredToken(),
                Fact.assumed("malformedToken", "What does a delta token answer that is none?", "400", () -> {
                    Answer answer = service.get("/contacts?$select=contactid&$deltatoken=crmsync");
                    return answer.status() == 400 ? "400" : Service.described(answer);
                }),
                Fact.assumed("filterWithTracking", "What does a tracked read with $filter answer?", "400", () -> {
                    Answer answer = service.get(
                            "/contacts?$select=contactid&$filter=" + Rows.encoded("firstname eq 'x'"), "Prefer", TRACK);
                    return answer.status() == 400 ? "400" : Service.described(answer);
                }));
    }

    private Fact expiredToken() {
        Map<String, String> readings = new LinkedHashMap<>();
        readings.put("400", "");
        readings.put("410", "{\"switches\": {\"expiredTokenStatus\": 410}}");
        return new Fact(
                "expiredTokenStatus", "Which status has the refusal of an expired delta token?", readings, () -> {
                    Answer answer = service.get("/contacts?$select=contactid&$deltatoken=" + Rows.encoded(STALE_TOKEN));
                    if (!answer.text("/error/code").equalsIgnoreCase("0x80044352")) {
                        throw new Inconclusive("a made-up token of 2017 is not taken for an expired one ("
                                + Service.described(answer) + ")");
                    }
                    return String.valueOf(answer.status());
                });
    }

    private boolean tracked(String table) throws IOException, Inconclusive {
        return service.get("/EntityDefinitions(LogicalName='" + table + "')?$select=ChangeTrackingEnabled")
                .orInconclusive()
                .json()
                .path("ChangeTrackingEnabled")
                .asBoolean();
    }

    private String quietDeltaLink() throws IOException, Inconclusive {
        Answer page =
                service.get("/contacts?$select=contactid", "Prefer", TRACK).orInconclusive();
        for (int i = 0; i < MOST_PAGES && page.json().has("@odata.nextLink"); i++) {
            page = service.get(page.text("/@odata.nextLink"), "Prefer", TRACK).orInconclusive();
        }
        String link = page.text("/@odata.deltaLink");
        for (int i = 0; i < MOST_PAGES && !link.isEmpty(); i++) {
            page = service.get(link).orInconclusive();
            if (page.json().path("value").isEmpty()) {
                return page.json().has("@odata.deltaLink") ? "with" : "without";
            }
            link = page.text("/@odata.deltaLink");
        }
        throw new Inconclusive("no delta link, or too many rows, or changes all the time");
    }

    private String untracked() throws IOException, Inconclusive {
        for (Map.Entry<String, String> table :
                Map.of("lead", LEADS, "contact", CONTACTS, "list", "lists").entrySet()) {
            if (!tracked(table.getKey())) {
                Answer answer =
                        service.get("/" + table.getValue() + "?$select=" + table.getKey() + "id", "Prefer", TRACK);
                return answer.ok() && !answer.json().has("@odata.deltaLink")
                        ? "rows without a delta link"
                        : answer.ok() ? "rows with a delta link" : "an error";
            }
        }
        throw new Inconclusive("change tracking is on for all tables that were looked at");
    }

    private List<Fact> batches() {
        return List.of(
                toggle(
                        "changeSetErrorNested",
                        true,
                        "Where in an answer stands the failure of a change set?",
                        "in the batch itself",
                        "in a multipart part",
                        this::changeSetError),
                toggle(
                        "bulkMessages",
                        false,
                        "Is there CreateMultiple for contacts?",
                        "available",
                        "not available",
                        () -> rows.createMultiple().ok() ? "available" : "not available"));
    }

    /** A change set with an update of a row that is not there. */
    private String changeSetError() throws IOException, Inconclusive {
        String body = String.join(
                "\r\n",
                "--batch_probe",
                "Content-Type: multipart/mixed; boundary=\"changeset_probe\"",
                "",
                "--changeset_probe",
                "Content-Type: application/http",
                "Content-Transfer-Encoding: binary",
                "Content-ID: 1",
                "",
                "PATCH " + API + Rows.path(CONTACTS, UUID.randomUUID().toString()) + " HTTP/1.1",
                "Content-Type: application/json",
                "If-Match: *",
                "",
                "{\"jobtitle\":\"x\"}",
                "--changeset_probe--",
                "",
                "--batch_probe--",
                "");
        Answer answer = service.send(
                "POST",
                "/$batch",
                body,
                "Content-Type",
                "multipart/mixed; boundary=\"batch_probe\"",
                "Prefer",
                "odata.continue-on-error");
        if (!answer.body().contains("HTTP/1.1 404")) {
            throw new Inconclusive("the change set did not fail as expected: " + Service.described(answer));
        }
        return answer.body().toLowerCase(Locale.ROOT).contains("content-type: multipart/mixed")
                ? "in a multipart part"
                : "in the batch itself";
    }
}
