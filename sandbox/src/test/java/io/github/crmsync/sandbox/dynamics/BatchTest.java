package io.github.crmsync.sandbox.dynamics;

import static io.github.crmsync.sandbox.dynamics.Environment.part;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final String END = "--b1--\r\n";

    private final Environment environment = new Environment();

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void aBatchStopsAtTheFirstErrorUnlessToldToGoOn() {
        String body =
                part("POST contacts", "{\"gendercode\":9}") + part("POST contacts", "{\"firstname\":\"Zoë\"}") + END;
        HttpResponse<String> stopped = environment.batch(body);
        assertThat(stopped.statusCode()).isEqualTo(400);
        assertThat(stopped.body()).contains("0x8004431A").doesNotContain("HTTP/1.1 204");
        HttpResponse<String> all = environment.batch(body, "Prefer", "odata.continue-on-error");
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body())
                .contains("HTTP/1.1 400 Bad Request")
                .contains("HTTP/1.1 204 No Content")
                .contains("\r\nLocation: ", "\r\nOData-EntityId: ");
        assertThat(environment.names("firstname eq 'zoë'")).containsExactly("Zoë");
    }

    @Test
    void whatRanBeforeAnErrorStays() {
        HttpResponse<String> stopped =
                environment.batch(part("POST contacts", "{\"firstname\":\"Kept\"}") + part("GET nosuch", "") + END);
        assertThat(stopped.statusCode()).isEqualTo(404);
        assertThat(environment.names("firstname eq 'Kept'")).hasSize(1);
    }

    @Test
    void lineEndsMustBeCrLfAndHeadersMustEnd() {
        String good = part("POST contacts", "{\"firstname\":\"A\"}") + END;
        environment.refused(environment.batch(good.replace("\r\n", "\n")), 400, "0x80048d19");
        String get = "--b1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                + "GET contacts HTTP/1.1\r\nAccept: application/json\r\n";
        assertThat(environment.batch(get + "\r\n" + END).statusCode()).isEqualTo(200);
        assertThat(environment.batch(get + END).statusCode()).isEqualTo(400);
        assertThat(environment
                        .call("POST", "$batch", good, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aBatchHasAtMost1000PartsAndABoundedSize() {
        assertThat(environment
                        .batch(part("GET WhoAmI()", "").repeat(1001) + END)
                        .statusCode())
                .isEqualTo(400);
        String thousand =
                environment.batch(part("GET WhoAmI()", "").repeat(1000) + END).body();
        assertThat(thousand.split("HTTP/1.1 200 OK", -1)).hasSize(1001);
        environment.order("{\"switches\":{\"maxBodyBytes\":1000}}");
        assertThat(environment.batch(part("GET WhoAmI()", "").repeat(20) + END).statusCode())
                .isEqualTo(413);
    }

    @Test
    void aBatchInABatchIsRefusedAndLongAddressesAreNot() {
        assertThat(environment.batch(part("POST $batch", "{}") + END).statusCode())
                .isEqualTo(400);
        String filter = "firstname%20eq%20'" + "x".repeat(40_000) + "'";
        assertThat(environment
                        .batch(part("GET contacts?$filter=" + filter, "") + END)
                        .statusCode())
                .isEqualTo(200);
        assertThat(environment
                        .batch(part("GET contacts?$filter=" + filter + filter, "") + END)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aChangeSetIsAtomicAndResolvesReferences() {
        String create = inner(1, "POST /api/data/v9.2/contacts", "{\"firstname\":\"Bo\"}");
        String good = changeSet(create
                + inner(2, "PATCH $1", "{\"jobtitle\":\"Owner\"}")
                + inner(
                        3,
                        "POST contacts",
                        "{\"firstname\":\"Child\",\"parentcustomerid_contact@odata.bind\":\"$1\"}"));
        assertThat(environment.batch(good).body())
                .contains("changesetresponse_")
                .contains("Content-ID: 2");
        assertThat(environment.names("parentcustomerid_contact/jobtitle eq 'Owner'"))
                .containsExactly("Child");
        String bad = changeSet(create + inner(2, "PATCH $1", "{\"gendercode\":7}"));
        assertThat(environment.batch(bad).statusCode()).isEqualTo(400);
        assertThat(environment.simulator.rows("contact")).hasSize(2);
        assertThat(environment.batch(changeSet(inner(1, "PATCH $7", "{}"))).body())
                .contains("Content-ID Reference: '$7' does not exist in the batch context.");
        assertThat(environment.batch(changeSet(inner(1, "GET contacts", ""))).statusCode())
                .isEqualTo(400);
    }

    @Test
    void theFailureOfAChangeSetStandsAloneOrInAPartOfItsOwn() {
        String bad = changeSet(inner(1, "POST contacts", "{\"gendercode\":7}"));
        assertThat(environment.batch(bad).body()).doesNotContain("changesetresponse_");
        environment.order("{\"switches\":{\"changeSetErrorNested\":true}}");
        assertThat(environment.batch(bad).body()).contains("changesetresponse_").contains("0x8004431A");
    }

    private static String inner(int id, String line, String body) {
        return part(line, body).replace("--b1\r\n", "--c1\r\nContent-ID: " + id + "\r\n");
    }

    private static String changeSet(String operations) {
        return "--b1\r\nContent-Type: multipart/mixed; boundary=\"c1\"\r\n\r\n" + operations + "--c1--\r\n\r\n" + END;
    }
}
