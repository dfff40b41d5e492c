package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Response;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Answers to calls about many contacts: shuffled, and 207 when something went wrong. */
final class BatchAnswers {
    static final int MAX = 100;

    private final Desk desk;
    private final Random random;

    BatchAnswers(Desk desk) {
        this.desk = desk;
        random = new Random(desk.options().seed() + 2);
    }

    Response answer(int goodStatus, List<Object> results, List<Object> errors, int numErrors, long started) {
        Collections.shuffle(results, random);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", "COMPLETE");
        body.put("results", results);
        if (!errors.isEmpty()) {
            body.put("numErrors", numErrors);
            body.put("errors", errors);
        }
        body.put("startedAt", Contact.iso(started));
        body.put("completedAt", Contact.iso(desk.store().now()));
        return Response.json(errors.isEmpty() ? goodStatus : 207, body);
    }

    static Map<String, Object> notFound(List<String> ids) {
        return new ApiException(
                        404,
                        "OBJECT_NOT_FOUND",
                        "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.")
                .item(Map.of("ids", ids));
    }
}
