package io.github.crmsync.probe.hubspot;

import io.github.crmsync.probe.Answer;
import io.github.crmsync.probe.Cleanup;
import io.github.crmsync.probe.Fact;
import io.github.crmsync.probe.Inconclusive;
import io.github.crmsync.probe.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What HubSpot's documents leave open about contacts. A fact that carries the name of a simulator's quirk is about that
 * quirk.
 */
public final class HubSpotFacts {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    /** More calls than any subscription allows within ten seconds. */
    private static final int MORE_THAN_ALLOWED = 300;

    private final Portal portal;
    private final Options options;

    /**
     * What the user allows.
     *
     * @param version of the API, such as 2026-03
     * @param patience how long to wait for what the service does later
     * @param exhaust whether the account's burst limit may be used up for a moment
     * @param permanent whether traces may stay that cannot be removed
     */
    public record Options(String version, Duration patience, boolean exhaust, boolean permanent) {}

    public HubSpotFacts(Service service, Cleanup cleanup, Options options) {
        this.portal = new Portal(service, cleanup, options.version(), options.patience());
        this.options = options;
    }

    /** All questions, in the order in which they are asked. */
    public List<Fact> all() {
        List<Fact> facts = new ArrayList<>();
        facts.addAll(reading());
        facts.addAll(writing());
        facts.addAll(batches());
        facts.addAll(merging());
        facts.addAll(searching());
        facts.addAll(lists());
        facts.addAll(limits());
        return facts;
    }

    private static Fact quirk(String name, String question, String byDefault, String otherwise, Fact.Check check) {
        return Fact.either(name, question, byDefault, otherwise, "--quirk " + name, check);
    }

    private List<Fact> reading() {
        return List.of(
                quirk(
                        "omit-unset",
                        "How does an asked-for property without a value come back?",
                        "null",
                        "left out",
                        () -> {
                            String id = portal.create("email", portal.address());
                            Answer answer = portal.read(id, "city").orInconclusive();
                            return answer.json().path("properties").has("city") ? "null" : "left out";
                        }),
                Fact.assumed(
                        "unknown-property-in-read",
                        "What happens to an unknown property name in a read?",
                        "ignored",
                        () -> {
                            String id = portal.create("email", portal.address());
                            Answer answer = portal.read(id, "crmsync_no_such_property");
                            return answer.ok() ? "ignored" : Service.described(answer);
                        }),
                Fact.assumed("archived-read", "What does a read of an archived contact answer?", "404", () -> {
                    String id = portal.create("email", portal.address());
                    portal.archive(id).orInconclusive();
                    Answer answer = portal.read(id);
                    return answer.status() == 404 ? "404" : Service.described(answer);
                }));
    }

    private List<Fact> writing() {
        return List.of(
                quirk(
                        "reject-lifecycle-backwards",
                        "What becomes of a lifecycle stage that goes back?",
                        "the old stage stays",
                        "refused",
                        this::backwards),
                quirk("null-clears", "Does null in a write clear a property?", "ignored", "cleared", () -> {
                    String id = portal.create("email", portal.address(), "city", "Rome");
                    Answer answer = portal.update(id, "city", null);
                    if (!answer.ok()) {
                        return Service.described(answer);
                    }
                    return portal.read(id, "city").text("/properties/city").equals("Rome") ? "ignored" : "cleared";
                }),
                quirk(
                        "nameless-contacts",
                        "May a contact have neither address nor name?",
                        "refused",
                        "taken",
                        () -> portal.tryCreate(Map.of("city", portal.name())).ok() ? "taken" : "refused"),
                quirk(
                        "hide-conflict-owner",
                        "Does a 409 name the contact that has the address?",
                        "named",
                        "not named",
                        () -> {
                            String address = portal.address();
                            String owner = portal.create("email", address);
                            Answer answer = portal.tryCreate(portal.properties("email", address));
                            return answer.status() != 409
                                    ? Service.described(answer)
                                    : answer.body().contains(owner) ? "named" : "not named";
                        }),
                Fact.assumed(
                        "conflict-on-update", "What does an update to somebody else's address answer?", "409", () -> {
                            String taken = portal.address();
                            portal.create("email", taken);
                            Answer answer = portal.update(portal.create("email", portal.address()), "email", taken);
                            return answer.status() == 409 ? "409" : Service.described(answer);
                        }),
                Fact.assumed("address-case", "How is an address in upper case stored?", "in lower case", () -> {
                    String typed = portal.address().replace("example", "EXAMPLE");
                    String id = portal.create("email", typed);
                    String stored = portal.read(id, "email").text("/properties/email");
                    return stored.equals(typed) ? "as typed" : "in lower case";
                }),
                international(),
                quirk(
                        "older-error-bodies",
                        "Do validation errors list each problem in errors?",
                        "they do",
                        "they do not",
                        () -> {
                            Answer answer = portal.tryCreate(portal.properties("crmsync_no_such_property", "x"));
                            if (answer.status() != 400) {
                                return Service.described(answer);
                            }
                            return answer.json().path("errors").isEmpty() ? "they do not" : "they do";
                        }),
                quirk(
                        "reject-epoch-seconds",
                        "Are times in seconds refused from version 2026-09 on?",
                        "taken",
                        "refused",
                        () -> {
                            String id = portal.create("email", portal.address());
                            Answer answer = portal.updateIn("2026-09", id, Map.of("closedate", "1790000000"));
                            if (answer.status() == 404) {
                                throw new Inconclusive("this account has no version 2026-09");
                            }
                            return answer.ok() ? "taken" : "refused";
                        }),
                quirk(
                        "second-bump",
                        "Does the modification time move once more after a write?",
                        "it stays",
                        "it moves",
                        this::secondBump));
    }

    private Fact international() {
        Map<String, String> readings = new LinkedHashMap<>();
        readings.put("as typed", "");
        readings.put("in Punycode", "--quirk punycode-addresses");
        readings.put("refused", "--quirk ascii-addresses");
        return new Fact(
                "international-domain", "How is an address with an international domain stored?", readings, () -> {
                    String typed = portal.address().replace("example", "b\u00fccher.example");
                    Answer answer = portal.tryCreate(portal.properties("email", typed));
                    if (!answer.ok()) {
                        return "refused";
                    }
                    String stored = portal.read(answer.text("/id"), "email").text("/properties/email");
                    return stored.equals(typed) ? "as typed" : stored.contains("@xn--") ? "in Punycode" : stored;
                });
    }

    private String backwards() throws IOException, Inconclusive {
        String id = portal.create("email", portal.address(), "lifecyclestage", "customer");
        Answer answer = portal.update(id, "lifecyclestage", "lead");
        if (!answer.ok()) {
            return "refused";
        }
        String stage = portal.read(id, "lifecyclestage").text("/properties/lifecyclestage");
        return stage.equals("customer") ? "the old stage stays" : "taken";
    }

    private String secondBump() throws IOException, Inconclusive {
        String id = portal.create("email", portal.address());
        String first = portal.update(id, "city", "Rome").orInconclusive().text("/updatedAt");
        long end = System.nanoTime() + portal.patience().toNanos();
        do {
            Service.pause(BETWEEN_LOOKS);
            if (!portal.read(id).text("/updatedAt").equals(first)) {
                return "it moves";
            }
        } while (System.nanoTime() < end);
        return "it stays";
    }

    private List<Fact> batches() {
        return List.of(
                quirk(
                        "first-batch-error-only",
                        "Does a batch that is refused as a whole tell of each bad input?",
                        "of each",
                        "of the first",
                        () -> {
                            Answer answer = portal.batch(
                                    "create",
                                    List.of(
                                            Map.of("properties", portal.properties("email", "no address one")),
                                            Map.of("properties", portal.properties("email", "no address two"))));
                            if (answer.status() != 400) {
                                return Service.described(answer);
                            }
                            return answer.body().contains("no address two") ? "of each" : "of the first";
                        }),
                Fact.assumed(
                        "trace-ids",
                        "With a trace id on each input, are the good ones of a batch written?",
                        "written, 207",
                        () -> {
                            Answer answer = portal.batch(
                                    "create",
                                    List.of(
                                            Map.of(
                                                    "objectWriteTraceId",
                                                    "1",
                                                    "properties",
                                                    portal.properties("email", "no address")),
                                            Map.of(
                                                    "objectWriteTraceId",
                                                    "2",
                                                    "properties",
                                                    portal.properties("email", portal.address()))));
                            return answer.status() == 207
                                            && answer.json().path("results").size() == 1
                                    ? "written, 207"
                                    : Service.described(answer);
                        }),
                quirk(
                        "omit-trace-ids",
                        "Does the answer to a batch tell which input a result belongs to?",
                        "it does",
                        "it does not",
                        () -> {
                            Map<String, Object> input = Map.of(
                                    "objectWriteTraceId",
                                    "1",
                                    "properties",
                                    portal.properties("email", portal.address()));
                            Answer answer =
                                    portal.batch("create", List.of(input)).orInconclusive();
                            return answer.text("/results/0/objectWriteTraceId").equals("1") ? "it does" : "it does not";
                        }),
                Fact.assumed(
                        "id-twice-in-batch", "What does a batch update answer that names one id twice?", "400", () -> {
                            String id = portal.create("email", portal.address());
                            Map<String, Object> input = Map.of("id", id, "properties", Map.of("city", "Rome"));
                            Answer answer = portal.batch("update", List.of(input, input));
                            return answer.status() == 400 ? "400" : Service.described(answer);
                        }),
                quirk(
                        "update-by-email",
                        "Does a batch update take the address as idProperty?",
                        "refused",
                        "taken",
                        () -> {
                            String address = portal.address();
                            portal.create("email", address);
                            Answer answer = portal.batch(
                                    "update",
                                    List.of(Map.of(
                                            "id",
                                            address,
                                            "idProperty",
                                            "email",
                                            "properties",
                                            Map.of("city", "Rome"))));
                            return answer.status() == 200 ? "taken" : "refused";
                        }),
                quirk(
                        "partial-upsert-clears",
                        "Does an upsert by address clear what it does not send?",
                        "it stays",
                        "cleared",
                        () -> {
                            String address = portal.address();
                            String id = portal.create("email", address, "city", "Rome");
                            portal.batch(
                                            "upsert",
                                            List.of(Map.of(
                                                    "id",
                                                    address,
                                                    "idProperty",
                                                    "email",
                                                    "properties",
                                                    portal.properties("jobtitle", "x"))))
                                    .orInconclusive();
                            String city = portal.read(id, "city").text("/properties/city");
                            return city.equals("Rome") ? "it stays" : "cleared";
                        }));
    }

    private List<Fact> merging() {
        return List.of(
                quirk(
                        "keep-merged-primary-id",
                        "Which id has the survivor of a merge?",
                        "a new one",
                        "the primary's",
                        () -> {
                            String primary = portal.create("email", portal.address());
                            String survivor = portal.merge(primary, portal.create("email", portal.address()));
                            return survivor.equals(primary) ? "the primary's" : "a new one";
                        }),
                quirk(
                        "merged-ids-missing-in-batch-read",
                        "What does a batch read find under an id that was merged away?",
                        "the survivor",
                        "nothing",
                        () -> {
                            String other = portal.create("email", portal.address());
                            portal.merge(portal.create("email", portal.address()), other);
                            Answer answer = portal.batch(
                                    "read",
                                    Map.of("inputs", List.of(Map.of("id", other)), "properties", List.of("email")));
                            return answer.json().path("results").isEmpty() ? "nothing" : "the survivor";
                        }),
                Fact.assumed(
                        "additional-address-in-batch-read",
                        "Does a batch read by address find an additional address?",
                        "found",
                        () -> {
                            String additional = mergedAddress();
                            Answer answer = portal.batch(
                                    "read",
                                    Map.of(
                                            "idProperty",
                                            "email",
                                            "inputs",
                                            List.of(Map.of("id", additional)),
                                            "properties",
                                            List.of("email")));
                            return answer.json().path("results").isEmpty() ? "not found" : "found";
                        }),
                Fact.assumed(
                        "additional-address-in-search",
                        "Does a search for an address find an additional address?",
                        "not found",
                        () -> {
                            String additional = mergedAddress();
                            Answer known = portal.awaitHit(
                                    Portal.filter("hs_additional_emails", "CONTAINS_TOKEN", additional));
                            if (known.json().path("total").asInt() == 0) {
                                throw new Inconclusive("the search index did not show the contact in time");
                            }
                            Answer answer =
                                    portal.search(Portal.filtered(List.of(Portal.filter("email", "EQ", additional))));
                            return answer.json().path("total").asInt() == 0 ? "not found" : "found";
                        }));
    }

    /** Address of a contact that was merged into another one. */
    private String mergedAddress() throws IOException, Inconclusive {
        String additional = portal.address();
        String other = portal.create("email", additional);
        portal.merge(portal.create("email", portal.address()), other);
        return additional;
    }

    private List<Fact> searching() {
        return List.of(
                quirk(
                        "more-search-filters",
                        "Are more than six filters in a group of a search allowed?",
                        "refused",
                        "allowed",
                        () -> {
                            List<Map<String, Object>> filters = IntStream.range(0, 7)
                                    .mapToObj(i -> Portal.filter("firstname", "NEQ", "crmsync-" + i))
                                    .toList();
                            return portal.search(Portal.filtered(filters)).ok() ? "allowed" : "refused";
                        }),
                quirk(
                        "long-search-bodies",
                        "May the body of a search be longer than 3,000 characters?",
                        "refused",
                        "allowed",
                        () -> {
                            List<String> properties = IntStream.range(0, 200)
                                    .mapToObj(i -> "crmsync_no_such_property_" + i)
                                    .toList();
                            return portal.search(Map.of("limit", 1, "properties", properties))
                                            .ok()
                                    ? "allowed"
                                    : "refused";
                        }),
                Fact.assumed(
                        "hs-lastmodifieddate",
                        "Does a search for hs_lastmodifieddate find contacts?",
                        "nothing",
                        () -> {
                            String id = portal.create("email", portal.address());
                            Answer known = portal.awaitHit(Portal.filter("hs_object_id", "EQ", id));
                            if (known.json().path("total").asInt() == 0) {
                                throw new Inconclusive("the search index did not show the contact in time");
                            }
                            Answer answer = portal.search(
                                    Portal.filtered(List.of(Portal.filter("hs_lastmodifieddate", "GTE", "1"))));
                            return answer.ok() && answer.json().path("total").asInt() == 0
                                    ? "nothing"
                                    : answer.ok() ? "found" : Service.described(answer);
                        }));
    }

    private List<Fact> lists() {
        return List.of(quirk(
                "empty-deleted-lists", "What are the members of a deleted list?", "as before", "none", () -> {
                    String list = portal.list(portal.create("email", portal.address()));
                    portal.deleteList(list).orInconclusive();
                    Answer members = portal.members(list);
                    if (!members.ok()) {
                        return Service.described(members);
                    }
                    return members.json().path("results").isEmpty() ? "none" : "as before";
                }));
    }

    private List<Fact> limits() {
        return List.of(
                quirk("retry-after-on-429", "Has a 429 a Retry-After header?", "without", "with", () -> {
                    if (!options.exhaust()) {
                        throw new Inconclusive("needs --exhaust-limits");
                    }
                    String id = portal.create("email", portal.address());
                    return throttled(id).headers().firstValue("retry-after").isPresent() ? "with" : "without";
                }),
                quirk(
                        "blocked-addresses-return",
                        "Can an address be used again after its deletion under the GDPR?",
                        "refused",
                        "taken",
                        () -> {
                            if (!options.permanent()) {
                                throw new Inconclusive("needs --leave-traces");
                            }
                            String address = portal.address();
                            portal.deleteForGood(address).orInconclusive();
                            return portal.tryCreate(portal.properties("email", address))
                                            .ok()
                                    ? "taken"
                                    : "refused";
                        }));
    }

    private Answer throttled(String id) throws IOException, Inconclusive {
        for (int i = 0; i < MORE_THAN_ALLOWED; i++) {
            Answer answer = portal.readOnce(id);
            if (answer.status() == 429) {
                return answer;
            }
        }
        throw new Inconclusive(MORE_THAN_ALLOWED + " calls in a row were not throttled");
    }
}
