package io.github.crmsync.probe.dynamics;

import io.github.crmsync.probe.Answer;
import io.github.crmsync.probe.Cleanup;
import io.github.crmsync.probe.Inconclusive;
import io.github.crmsync.probe.Service;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Rows of a Dataverse environment, as far as the probe needs them. Every row that is made here is deleted in the end. */
final class Rows {
    private final Service service;
    private final Cleanup cleanup;
    private int made;

    Rows(Service service, Cleanup cleanup) {
        this.service = service;
        this.cleanup = cleanup;
    }

    Service service() {
        return service;
    }

    /** An address that nobody has. */
    String address() {
        return service.marker() + "-" + ++made + "@example.com";
    }

    /** Columns of a new row, with a last name that tells whose it is. */
    Map<String, Object> columns(String... more) {
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("lastname", service.marker());
        for (int i = 0; i < more.length; i += 2) {
            columns.put(more[i], more[i + 1]);
        }
        return columns;
    }

    /** Asks for a row under an id of the caller's; {@code set} is the name of the table in addresses, such as contacts. */
    Answer tryCreate(String set, Map<String, Object> columns, String... headers) throws IOException {
        String id = UUID.randomUUID().toString();
        Map<String, Object> body = new LinkedHashMap<>(columns);
        body.put(key(set), id);
        service.own(id);
        Answer answer = service.send("POST", "/" + set, body, headers);
        if (answer.ok()) {
            cleanup.add(set + " " + id, () -> service.send("DELETE", path(set, id), null));
        }
        return answer;
    }

    /** Id of a new contact. */
    String contact(String... columns) throws IOException, Inconclusive {
        return create("contacts", columns);
    }

    /** Id of a new row. */
    String create(String set, String... columns) throws IOException, Inconclusive {
        Answer answer = tryCreate(set, columns(columns)).orInconclusive();
        String entity = answer.headers().firstValue("OData-EntityId").orElse("");
        if (!entity.matches(".*\\([0-9a-fA-F-]{36}\\)")) {
            throw new Inconclusive("the answer to a creation named no row");
        }
        return entity.substring(entity.lastIndexOf('(') + 1, entity.length() - 1);
    }

    /** Asks for one contact through the message for several. */
    Answer createMultiple() throws IOException {
        Map<String, Object> target = new LinkedHashMap<>(columns());
        target.put("@odata.type", "Microsoft.Dynamics.CRM.contact");
        Answer answer = service.send(
                "POST", "/contacts/Microsoft.Dynamics.CRM.CreateMultiple", Map.of("Targets", List.of(target)));
        answer.json().path("Ids").forEach(id -> {
            service.own(id.asText());
            cleanup.add("contacts " + id.asText(), () -> service.send("DELETE", path("contacts", id.asText()), null));
        });
        return answer;
    }

    Answer update(String set, String id, Map<String, Object> columns, String... headers) throws IOException {
        return service.send("PATCH", path(set, id), columns, headers);
    }

    Answer read(String set, String id, String columns) throws IOException {
        return service.get(path(set, id) + "?$select=" + columns);
    }

    Answer query(String set, String filter) throws IOException {
        return service.get("/" + set + "?$select=" + key(set) + "&$top=2&$filter=" + encoded(filter));
    }

    static String path(String set, String id) {
        return "/" + set + "(" + id + ")";
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String key(String set) {
        return set.substring(0, set.length() - 1) + "id";
    }
}
