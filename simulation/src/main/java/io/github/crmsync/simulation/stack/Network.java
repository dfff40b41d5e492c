package io.github.crmsync.simulation.stack;

import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Carries one task's requests to the simulators, one at a time, and loses some of them. */
final class Network {
    private static final List<Map<String, Object>> FAILURES = List.of(
            Map.of("kind", "status", "status", 429, "retryAfter", 1),
            Map.of("kind", "status", "status", 429),
            Map.of("kind", "status", "status", 503),
            Map.of("kind", "status", "status", 502),
            Map.of("kind", "reset-before"),
            Map.of("kind", "reset-after"),
            Map.of("kind", "reset-after"),
            Map.of("kind", "cut"));

    private static final Pattern KEY = Pattern.compile("\\([^)]*\\)");
    private static final Pattern NUMBER = Pattern.compile("/\\d+(?=/|$)");
    private static final Pattern ROOT = Pattern.compile("^/crm/(objects/)?");

    private final Stack stack;
    private final Actor actor;

    Network(Stack stack, Actor actor) {
        this.stack = stack;
        this.actor = actor;
    }

    ApiResponse exchange(ApiRequest request, String authorization) throws IOException {
        App app = stack.app(request.uri());
        Map<String, List<String>> headers = new HashMap<>();
        request.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        if (request.contentType() != null) {
            headers.put("content-type", List.of(request.contentType()));
        }
        if (authorization != null) {
            headers.put("authorization", List.of(authorization));
        }
        Request sent = Request.of(
                request.method(), request.uri(), headers, request.body() == null ? new byte[0] : request.body());
        // Tasks share a token and its lock: whoever gets one must not hand over to another that waits for it.
        boolean token = sent.rawPath().contains("/oauth");
        String kind = app.name() + " " + kind(sent);
        if (!token) {
            actor.here(kind);
            disturb(app, sent);
        }
        stack.passes(5 + stack.choices().next(40));
        if (app == stack.readOnly() && app.writes(sent)) {
            stack.findings().violation("I7 " + actor + " sent the source app " + kind);
        }
        if (app.writes(sent)) {
            stack.operators().writes(app, actor, kind);
        }
        Watch.Look look = app.writes(sent) ? stack.watch().before(app) : null;
        try {
            Response response = app.call(sent);
            stack.log(() -> actor + ": " + kind + " HTTP " + response.status());
            stack.watch().answered(app, sent, response);
            if (response.status() >= 500) {
                actor.cutOff();
            }
            if (!token) {
                after(app, sent, look, kind);
            }
            return answer(response);
        } catch (IOException e) {
            stack.findings().situation("lost: " + kind);
            stack.log(() -> actor + ": " + kind + " lost");
            actor.cutOff();
            after(app, sent, look, kind);
            throw e;
        }
    }

    private void after(App app, Request sent, Watch.Look look, String kind) {
        if (look != null) {
            stack.watch().after(app, look);
            actor.here("after " + kind);
        } else if (actor.isSink()) {
            actor.here("after " + kind);
        }
    }

    private void disturb(App app, Request request) throws IOException {
        if (!stack.choices().chance(stack.failures())) {
            return;
        }
        int which = stack.choices().next(FAILURES.size() + 1);
        if (which == FAILURES.size()) {
            stack.findings().situation("no connection");
            throw new ConnectException("refused");
        }
        Map<String, Object> rule = new HashMap<>(FAILURES.get(which));
        rule.put("match", "^" + Pattern.quote(request.method() + " " + request.rawPath()) + "$");
        stack.findings().situation("fault: " + rule.get("kind") + " " + rule.getOrDefault("status", ""));
        app.fault(rule);
    }

    /** Method and path without ids. */
    private static String kind(Request request) {
        String path = KEY.matcher(request.rawPath()).replaceAll("(id)");
        path = NUMBER.matcher(path).replaceAll("/id");
        path = ROOT.matcher(path).replaceFirst("");
        return request.method() + " " + path;
    }

    private ApiResponse answer(Response response) {
        Map<String, String> headers = new HashMap<>();
        response.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        headers.putIfAbsent(
                "date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.ofEpochMilli(stack.now()).atOffset(ZoneOffset.UTC)));
        return new ApiResponse(response.status(), headers, response.body());
    }
}
