package io.github.crmsync.scenario;

import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/** A connector's clock, and its line to the apps, on which every write is counted. */
final class Line implements HttpRuntime {
    private static final Pattern READS =
            Pattern.compile(".*/(search|batch/read|token|WhoAmI)$|.*/oauth/.*|.*/oauth2/.*|.*/memberships/.*");
    private static final Pattern WRITE_IN_BATCH = Pattern.compile("(?m)^(POST|PATCH|PUT|DELETE) ");

    private final World world;

    Line(World world) {
        this.world = world;
    }

    private static boolean writes(Request request) {
        if (request.method().equals("GET") || READS.matcher(request.rawPath()).matches()) {
            return false;
        }
        return !request.rawPath().endsWith("/$batch")
                || WRITE_IN_BATCH.matcher(request.bodyText()).find();
    }

    @Override
    public Transport connect(HttpSettings settings) {
        return new Transport() {
            @Override
            public ApiResponse exchange(ApiRequest request, String authorization, long timeoutMs) throws IOException {
                return send(request, authorization);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    private ApiResponse send(ApiRequest request, String authorization) throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        request.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        if (request.contentType() != null) {
            headers.put("content-type", List.of(request.contentType()));
        }
        if (authorization != null) {
            headers.put("authorization", List.of(authorization));
        }
        byte[] body = request.body() == null ? new byte[0] : request.body();
        Request sent = Request.of(request.method(), request.uri(), headers, body);
        world.pass(Duration.ofMillis(5));
        boolean writes = writes(sent);
        Response response = world.call(request.uri(), sent, writes);
        Map<String, String> answered = new HashMap<>();
        response.headers().forEach((name, value) -> answered.put(name.toLowerCase(Locale.ROOT), value));
        answered.putIfAbsent(
                "date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.ofEpochMilli(millis()).atOffset(ZoneOffset.UTC)));
        return new ApiResponse(response.status(), answered, response.body());
    }

    @Override
    public long millis() {
        return world.now();
    }

    @Override
    public boolean await(CountDownLatch ended, long ms) {
        world.pass(Duration.ofMillis(Math.max(0, ms)));
        return ended.getCount() == 0;
    }

    @Override
    public boolean acquire(RateLimiter budget, Duration most) {
        return true;
    }

    @Override
    public long random(long bound) {
        return 0;
    }
}
