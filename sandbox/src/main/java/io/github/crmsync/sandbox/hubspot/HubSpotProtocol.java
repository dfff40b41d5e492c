package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.http.Faults;
import io.github.crmsync.sandbox.http.Protocol;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Admission, error bodies and headers of the service. */
final class HubSpotProtocol implements Protocol {
    private final HubSpotOptions options;
    private final Tokens tokens;
    private final RateLimits limits;

    HubSpotProtocol(HubSpotOptions options, Tokens tokens, RateLimits limits) {
        this.options = options;
        this.tokens = tokens;
        this.limits = limits;
    }

    @Override
    public Optional<Response> refuse(Request request) {
        if (request.urlLength() > options.maxUrlLength()) {
            return Optional.of(Response.text(414, "text/html", "<html><body>414 URI Too Long</body></html>"));
        }
        if (!request.rawPath().startsWith("/oauth/")) {
            Tokens.App app = tokens.check(request);
            checkScope(request);
            limits.take(app, isSearch(request));
        }
        return Optional.empty();
    }

    private void checkScope(Request request) {
        for (List<String> anyOf : Scopes.needed(request.method(), request.rawPath())) {
            if (!options.scopes().isEmpty() && anyOf.stream().noneMatch(options.scopes()::contains)) {
                throw new ApiException(
                                403,
                                "MISSING_SCOPES",
                                "This app hasn't been granted all required scopes to make this call.")
                        .with(
                                "errors",
                                List.of(Map.of(
                                        "message",
                                        "One or more of the following scopes are required.",
                                        "context",
                                        Map.of("requiredGranularScopes", anyOf))))
                        .with("links", Map.of("scopes", "https://developers.hubspot.com/scopes"));
            }
        }
    }

    private static boolean isSearch(Request request) {
        return request.rawPath().contains("/objects/") && request.rawPath().endsWith("/search");
    }

    @Override
    public Response notFound(Request request) {
        return Response.json(
                404,
                new ApiException(
                                404,
                                null,
                                "Unable to find a resource for " + request.method() + " " + request.rawPath())
                        .body(UUID.randomUUID().toString()));
    }

    @Override
    public Response failed(Request request, Exception failure) {
        if (failure instanceof Tokens.UnroutableException) {
            return Response.text(530, "text/html; charset=UTF-8", "error code: 1016");
        }
        String correlationId = UUID.randomUUID().toString();
        ApiException refusal = failure instanceof ApiException known
                ? known
                : new ApiException(500, "INTERNAL_ERROR", "internal error: " + failure);
        if (refusal.status() == 400 && options.has(Quirk.OLDER_ERROR_BODIES)) {
            refusal.without("errors");
        }
        Response response = Response.json(refusal.status(), refusal.body(correlationId))
                .with("X-HubSpot-Correlation-Id", correlationId);
        for (Map.Entry<String, String> header : refusal.headers().entrySet()) {
            response = response.with(header.getKey(), header.getValue());
        }
        return response;
    }

    @Override
    public Response fault(Request request, Faults.Fault fault) {
        return failed(request, refusal(fault.status()));
    }

    private ApiException refusal(int status) {
        switch (status) {
            case 423:
                return new ApiException(423, null, "The record is locked by other writes; wait 2 seconds.");
            case 429:
                return RateLimits.exceeded(
                        "TEN_SECONDLY_ROLLING",
                        "You have reached your ten_secondly_rolling limit.",
                        options.has(Quirk.OLDER_ERROR_BODIES));
            case 477:
                return new ApiException(477, null, "This account is being moved.").header("Retry-After", "1");
            default:
                return new ApiException(status, null, "The request could not be handled at this time.");
        }
    }

    @Override
    public Response decorate(Request request, Response response) {
        Response identified = response.headers().containsKey("X-HubSpot-Correlation-Id")
                ? response
                : response.with("X-HubSpot-Correlation-Id", UUID.randomUUID().toString());
        boolean limited =
                options.quota() && !isSearch(request) && !request.rawPath().startsWith("/oauth/");
        return limited ? limits.headers(tokens.claimed(request), identified) : identified;
    }
}
