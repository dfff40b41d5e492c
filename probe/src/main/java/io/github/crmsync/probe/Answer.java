package io.github.crmsync.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/**
 * Answer of a service.
 *
 * @param json the body, a missing node if it is not JSON
 */
public record Answer(int status, HttpHeaders headers, String body, JsonNode json) {
    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /** As for {@link JsonNode#at(String)}, as text. */
    public String text(String pointer) {
        return json.at(pointer).asText("");
    }

    /** The answer itself if it is a success. */
    public Answer orInconclusive() throws Inconclusive {
        if (!ok()) {
            throw new Inconclusive("HTTP " + status + " for what this question needs");
        }
        return this;
    }
}
