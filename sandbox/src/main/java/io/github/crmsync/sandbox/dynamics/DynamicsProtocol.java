package io.github.crmsync.sandbox.dynamics;

import io.github.crmsync.sandbox.http.Faults;
import io.github.crmsync.sandbox.http.Protocol;
import io.github.crmsync.sandbox.http.Request;
import io.github.crmsync.sandbox.http.Response;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Admission, error bodies and common headers of the service. */
final class DynamicsProtocol implements Protocol {
    private static final int MAX_URL = 32_768;
    private static final Pattern AFFINITY = Pattern.compile("(?:^|;\\s*)ARRAffinity=(\\d{1,4})");
    private static final String PARALLELISM = "4";

    private final DynamicsOptions options;
    private final TokenIssuer tokens;
    private final Organization organization;
    private final ServiceProtection protection;
    private final Function<Request, Response> notRouted;
    /** The request that a thread is busy with. */
    private final ThreadLocal<ServiceProtection.Admission> admission = new ThreadLocal<>();

    private volatile String url = "";

    DynamicsProtocol(
            DynamicsOptions options,
            TokenIssuer tokens,
            Organization organization,
            ServiceProtection protection,
            Function<Request, Response> notRouted) {
        this.options = options;
        this.tokens = tokens;
        this.organization = organization;
        this.protection = protection;
        this.notRouted = notRouted;
    }

    /** Sets the address of the environment. */
    void at(String address) {
        url = address;
    }

    private static boolean isData(Request request) {
        return request.rawPath().startsWith("/api/data/");
    }

    @Override
    public Optional<Response> refuse(Request request) {
        if (!isData(request)) {
            work();
            return Optional.empty();
        }
        if (!tokens.accepts(request.header("Authorization"))) {
            return Optional.of(Response.empty(401)
                    .with(
                            "WWW-Authenticate",
                            "Bearer authorization_uri=" + url + "/" + options.tenantId()
                                    + "/oauth2/authorize, resource_id=" + url + "/"));
        }
        if (options.quota()) {
            ServiceProtection.Admission entered = protection.enter(organization.userId(), server(request));
            admission.set(entered);
            ServiceProtection.Refusal refusal = entered.refusal();
            if (refusal != null) {
                return Optional.of(error(429, refusal.code(), refusal.message())
                        .with("Retry-After", Long.toString(refusal.retryAfterSeconds())));
            }
        }
        work();
        if (request.urlLength() > MAX_URL) {
            return Optional.of(error(414, "0x80060888", "The request URI is too long."));
        }
        if (request.body().length > organization.behaviour().maxBodyBytes()) {
            return Optional.of(error(413, "0x80060888", "The request body is too large."));
        }
        return Optional.empty();
    }

    /** The time that every request takes. */
    private void work() {
        try {
            if (options.latencyMs() > 0) {
                Thread.sleep(options.latencyMs());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static int server(Request request) {
        String cookies = request.header("Cookie");
        Matcher matcher = AFFINITY.matcher(cookies == null ? "" : cookies);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    private static Response error(int status, String code, String message) {
        return DynamicsSimulator.answer(DataService.error(new ServiceException(status, code, message)));
    }

    @Override
    public Response notFound(Request request) {
        return notRouted.apply(request);
    }

    @Override
    public Response failed(Request request, Exception failure) {
        return error(500, "0x80040216", "An unexpected error occurred: " + failure);
    }

    @Override
    public Response fault(Request request, Faults.Fault fault) {
        return fault.status() == 429
                ? error(
                        429,
                        "0x80072322",
                        "Number of requests exceeded the limit of 6000 over time window of 300 seconds.")
                : error(fault.status(), "0x80040216", "The service is unavailable.");
    }

    @Override
    public Response decorate(Request request, Response response) {
        if (!isData(request)) {
            return response;
        }
        Response decorated = response.with("x-ms-dop-hint", PARALLELISM)
                .with("x-ms-service-request-id", UUID.randomUUID().toString());
        ServiceProtection.Admission entered = admission.get();
        if (entered == null) {
            return decorated;
        }
        admission.remove();
        protection.leave(entered);
        return decorated
                .with("Set-Cookie", "ARRAffinity=" + entered.server() + "; Path=/; HttpOnly")
                .with(
                        "x-ms-ratelimit-burst-remaining-xrm-requests",
                        Integer.toString(protection.remainingRequests(entered)))
                .with(
                        "x-ms-ratelimit-time-remaining-xrm-requests",
                        Long.toString(protection.remainingSeconds(entered)));
    }
}
