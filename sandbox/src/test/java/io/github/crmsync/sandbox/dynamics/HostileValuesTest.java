package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.encode;
import static io.github.crmsync.sandbox.dynamics.Environment.part;
import static io.github.crmsync.sandbox.dynamics.Environment.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Values that mean something to one of the layers on the way come out as they went in, whichever way they take. */
class HostileValuesTest {
    private static Environment environment;

    @BeforeContainer
    static void start() {
        environment = new Environment();
        environment.simulator.defineKey("contact", "crm_Key", "jobtitle");
    }

    @AfterContainer
    static void stop() {
        environment.close();
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> pieces = Arbitraries.of(
                "'",
                "''",
                "\"",
                "';--",
                "\r\n",
                "\r\n--b1",
                "--b1--",
                "%",
                "%27",
                "+",
                "&",
                "#",
                "=",
                "?",
                "$1",
                "@p1",
                "/",
                "\\",
                "(",
                ")",
                ",",
                ";",
                "[",
                "]",
                "_",
                "^",
                "<b>",
                "\u202Eabc",
                "\u05E9\u05DC\u05D5\u05DD",
                "\uD83D\uDE00",
                "\uD83D\uDC68\u200D\uD83D\uDC69",
                "e\u0301",
                "\u00DF",
                "\u0130",
                " ",
                "a",
                "B",
                "null",
                "eq",
                "HTTP/1.1 200 OK\r\n\r\n",
                "\t");
        return pieces.list().ofMinSize(1).ofMaxSize(6).map(parts -> "x" + String.join("", parts) + "x");
    }

    /** Characters that the service does not take in the address of an alternate key. */
    private static boolean fitsInAKey(String value) {
        return value.chars().noneMatch(c -> "/<>*%&:\\?+".indexOf(c) >= 0);
    }

    @Property(tries = 150)
    void valuesSurviveBodiesFiltersAndFunctions(@ForAll("values") String value) {
        String id = environment.create("contacts", "{\"department\":" + text(value) + "}");
        assertThat(environment
                        .get("contacts(" + id + ")?$select=department")
                        .path("department")
                        .asText())
                .isEqualTo(value);
        String literal = "'" + value.replace("'", "''") + "'";
        found(id, "$filter=" + encode("department eq " + literal));
        found(id, "$filter=" + encode("department eq @v") + "&@v=" + encode(literal));
        found(
                id,
                "$filter=" + encode("Microsoft.Dynamics.CRM.In(PropertyName='department',PropertyValues=@v)") + "&@v="
                        + encode("[" + text(value) + "]"));
        String pattern = value.replaceAll("[\\[%_]", "[$0]").replace("'", "''");
        found(id, "$filter=" + encode("contains(department,'" + pattern + "')"));
        environment.write("DELETE", "contacts(" + id + ")", null);
    }

    private static void found(String id, String query) {
        JsonNode rows = environment.get("contacts?$select=department&" + query).path("value");
        assertThat(rows.findValuesAsText("contactid")).as(query).contains(id);
    }

    @Property(tries = 150)
    void valuesSurviveBatches(@ForAll("values") String value) {
        String id = environment.create("contacts", "{}");
        String body = part("PATCH contacts(" + id + ")", "{\"nickname\":" + text(value) + "}")
                + part(
                        "GET contacts?$select=nickname&$filter="
                                + encode("nickname eq '" + value.replace("'", "''") + "'"),
                        "")
                + "--b1--\r\n";
        HttpResponse<String> answer = environment.batch(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String last = answer.body();
        JsonNode rows =
                Environment.json(last.substring(last.lastIndexOf("{\"@odata.context\""), last.lastIndexOf('}') + 1));
        assertThat(rows.path("value").findValuesAsText("nickname")).isNotEmpty().allMatch(value::equalsIgnoreCase);
        environment.write("DELETE", "contacts(" + id + ")", null);
    }

    @Property(tries = 150)
    void valuesSurviveAlternateKeysOrAreRefused(@ForAll("values") String value) {
        String address = "contacts(jobtitle='" + encode(value.replace("'", "''")) + "')";
        HttpResponse<String> written =
                environment.call("PATCH", address, "{\"lastname\":\"K\"}", "Prefer", "return=representation");
        if (!fitsInAKey(value)) {
            assertThat(written.statusCode()).as(value).isEqualTo(400);
            return;
        }
        assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
        JsonNode row = Environment.json(written);
        assertThat(row.path("jobtitle").asText()).isEqualTo(value);
        assertThat(environment.get(address).path("contactid")).isEqualTo(row.path("contactid"));
        environment.write("DELETE", address, null);
    }
}
