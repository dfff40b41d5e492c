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
    private final TokenRoutes tokens;
    private final RateLimits limits;

    HubSpotProtocol(HubSpotOptions options, TokenRoutes tokens, RateLimits limits) {
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
            tokens.check(request);
            checkScope(request);
            limits.take(isSearch(request));
        }
        return Optional.empty();
    }

    private void checkScope(Request request) {
        String needed = scope(request);
        if (!options.scopes().isEmpty() && needed != null && !options.scopes().contains(needed)) {
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
                                    Map.of("requiredGranularScopes", List.of(needed)))))
                    .with("links", Map.of("scopes", "https://developers.hubspot.com/scopes"));
        }
    }

    private static String scope(Request request) {
        String path = request.rawPath();
        boolean read = request.method().equals("GET") || path.endsWith("/search") || path.endsWith("/batch/read");
        if (path.contains("/objects/")) {
            return read ? "crm.objects.contacts.read" : "crm.objects.contacts.write";
        }
        if (path.contains("/lists")) {
            return read ? "crm.lists.read" : "crm.lists.write";
        }
        return path.contains("/properties/") && !read ? "crm.schemas.contacts.write" : null;
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
        String correlationId = UUID.randomUUID().toString();
        ApiException refusal = failure instanceof ApiException known
                ? known
                : new ApiException(500, "INTERNAL_ERROR", "internal error: " + failure);
        return Response.json(refusal.status(), refusal.body(correlationId))
                .with("X-HubSpot-Correlation-Id", correlationId);
    }

    @Override
    public Response fault(Request request, Faults.Fault fault) {
        ApiException refusal = fault.status() == 429
                ? new ApiException(429, "RATE_LIMITS", "You have reached your ten_secondly_rolling limit.")
                        .with("errorType", "RATE_LIMIT")
                        .with("policyName", "TEN_SECONDLY_ROLLING")
                : new ApiException(fault.status(), null, "The request could not be handled at this time.");
        return failed(request, refusal);
    }

    @Override
    public Response decorate(Request request, Response response) {
        Response identified = response.headers().containsKey("X-HubSpot-Correlation-Id")
                ? response
                : response.with("X-HubSpot-Correlation-Id", UUID.randomUUID().toString());
        boolean limited =
                options.quota() && !isSearch(request) && !request.rawPath().startsWith("/oauth/");
        return limited ? limits.headers(identified) : identified;
    }
}
