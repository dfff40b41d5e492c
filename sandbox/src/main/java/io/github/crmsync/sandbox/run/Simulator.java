package io.github.crmsync.sandbox.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a simulator says about itself when it is ready: its one line of JSON. */
record Simulator(String line, JsonNode facts) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Simulator parse(String line) {
        try {
            return new Simulator(line, JSON.readTree(line));
        } catch (JsonProcessingException e) {
            throw new SandboxException("A simulator printed something else than JSON: " + line, e);
        }
    }

    String fact(String name) {
        return facts.path(name).asText();
    }

    String url() {
        return fact("url");
    }

    /** Base address of the token service: the token address without tenant and path. */
    String authorityUrl() {
        String tokenUrl = fact("tokenUrl");
        int tenant = tokenUrl.indexOf("/" + fact("tenantId"));
        return tenant < 0 ? url() : tokenUrl.substring(0, tenant);
    }
}
