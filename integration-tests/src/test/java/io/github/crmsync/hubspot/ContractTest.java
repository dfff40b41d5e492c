package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.sandbox.http.Exchange;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the check of requests and answers finds what is wrong with them. */
class ContractTest {
    private static final String CONTACTS = "/crm/objects/2026-03/contacts";
    private static final String CONTACT = "{'id':'7','properties':{'email':null},'createdAt':'2026-03-01T00:00:00Z',"
            + "'updatedAt':'2026-03-01T00:00:00.123Z','archived':false}";

    private static List<String> violations(String method, String path, String request, int status, String answer) {
        byte[] body = request.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Contract.hubspot()
                .violations(new Exchange(
                        Request.of(
                                method,
                                URI.create("http://127.0.0.1" + path),
                                Map.of("Content-Type", List.of("application/json")),
                                body),
                        Response.text(status, "application/json", answer.replace('\'', '"'))));
    }

    private static List<String> update(String request, String answer) {
        return violations("PATCH", CONTACTS + "/7", request, 200, answer);
    }

    @Test
    void aDocumentedExchangeIsAccepted() {
        assertThat(update("{'properties':{'email':''}}", CONTACT)).isEmpty();
        assertThat(violations("GET", "/crm/v3/objects/contacts/7?properties=email", "", 200, CONTACT))
                .isEmpty();
        assertThat(violations("DELETE", CONTACTS + "/7", "", 204, "")).isEmpty();
    }

    @Test
    void unknownFieldsAreFoundOnBothSides() {
        assertThat(update("{'properties':{},'idProperty':'email'}", CONTACT))
                .singleElement()
                .asString()
                .contains("request", "idProperty");
        assertThat(update("{'properties':{}}", CONTACT.replace("'id'", "'vid':7,'id'")))
                .singleElement()
                .asString()
                .contains("200", "vid");
    }

    @Test
    void wrongTypesAreFoundOnBothSides() {
        assertThat(update("{'properties':{'age':7}}", CONTACT))
                .singleElement()
                .asString()
                .contains("request", "age");
        assertThat(update("{'properties':{}}", CONTACT.replace("'7'", "7"))).hasSize(1);
        assertThat(update("{'properties':{}}", CONTACT.replace("2026-03-01T00:00:00Z", "1st of March")))
                .hasSize(1);
    }

    @Test
    void missingFieldsAreFoundOnBothSides() {
        assertThat(violations("POST", CONTACTS + "/batch/read", "{'inputs':[{}]}", 400, "{'message':'no'}"))
                .hasSizeGreaterThan(1);
        assertThat(update("{'properties':{}}", CONTACT.replace("'archived':false", "'url':''")))
                .singleElement()
                .asString()
                .contains("archived");
    }

    @Test
    void unknownPathsParametersAndStatusesAreFound() {
        assertThat(violations("GET", "/contacts/v1/lists", "", 200, "{}")).hasSize(1);
        assertThat(violations("GET", CONTACTS + "/7?propertyNames=email&archived=1", "", 200, CONTACT))
                .hasSize(2);
        assertThat(violations("GET", CONTACTS + "/7", "", 202, CONTACT)).hasSize(1);
        assertThat(violations("DELETE", CONTACTS + "/7", "", 204, "{}")).hasSize(1);
    }
}
