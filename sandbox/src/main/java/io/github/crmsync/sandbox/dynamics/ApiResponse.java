package io.github.crmsync.sandbox.dynamics;

import java.util.LinkedHashMap;
import java.util.Map;

/** Answer to one operation. */
record ApiResponse(int status, Map<String, String> headers, byte[] body) {
    private static final byte[] NOTHING = {};

    static ApiResponse noContent() {
        return of(204, NOTHING);
    }

    static ApiResponse json(int status, byte[] body) {
        return of(status, body).with("Content-Type", "application/json; odata.metadata=minimal");
    }

    static ApiResponse of(int status, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("OData-Version", "4.0");
        return new ApiResponse(status, headers, body);
    }

    ApiResponse with(String name, String value) {
        headers.put(name, value);
        return this;
    }
}
