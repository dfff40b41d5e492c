package io.github.crmsync.hubspot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.crmsync.core.http.ApiClient;
import io.github.crmsync.core.http.ApiRequest;
import io.github.crmsync.core.http.ApiResponse;
import io.github.crmsync.core.http.Deadline;
import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.core.http.RetryLaterException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;

/** Sends calls to HubSpot within the portal's budgets, with credentials, and keeps HubSpot's clock. Safe for several threads. */
final class HubSpotTransport implements AutoCloseable {
    /** Longer waits are asked for by HubSpot. */
    private static final long LONGEST_OWN_WAIT_MS = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiClient client;
    private final ApiClient tokenClient;
    private final RateLimiter searchLimiter;
    private final PortalQuota quota;
    private final HttpRuntime runtime;
    private volatile long clockSkewMs;
    private volatile long closedUntil;

    /** @param clock local time in ms, which tells when a token is to be renewed */
    HubSpotTransport(
            HubSpotConfig config, HubSpotPaths paths, HttpSettings http, LongSupplier clock, HttpRuntime runtime) {
        this.runtime = runtime;
        searchLimiter = config.searchLimiter();
        quota = config.quota();
        boolean oauth = config.usesOauth();
        tokenClient = oauth ? new ApiClient(http, RateLimiter.NONE, runtime) : null;
        HubSpotAuth auth = new HubSpotAuth(config, paths, tokenClient, clock);
        client = new ApiClient(
                http, quota, auth, oauth ? auth::forget : null, response -> quota.observe(response, now()), runtime);
    }

    /** HubSpot's clock in ms since the epoch, to a second: the workers' own may be wrong. */
    long now() {
        return runtime.millis() + clockSkewMs;
    }

    /** Tells in which time zone the portal's days begin. */
    void timeZone(String zone) {
        quota.timeZone(zone);
    }

    ApiResponse get(URI uri) {
        return send(ApiRequest.get(uri), RateLimiter.NONE);
    }

    /** A call that changes nothing, or may be made twice without harm. */
    ApiResponse post(URI uri, JsonNode body) {
        return send(ApiRequest.json("POST", uri, bytes(body), true), RateLimiter.NONE);
    }

    ApiResponse search(URI uri, JsonNode body) {
        return send(ApiRequest.json("POST", uri, bytes(body), true), searchLimiter);
    }

    /** A call that is never repeated by itself. */
    ApiResponse write(URI uri, JsonNode body, Deadline deadline) {
        return send(ApiRequest.json("POST", uri, bytes(body), false), RateLimiter.NONE, deadline);
    }

    private ApiResponse send(ApiRequest request, RateLimiter extra) {
        return send(request, extra, Deadline.NONE);
    }

    private ApiResponse send(ApiRequest request, RateLimiter extra, Deadline deadline) {
        quota.check(now());
        long closedFor = closedUntil - runtime.millis();
        if (closedFor > 0) {
            throw new RetryLaterException("HubSpot has asked to wait", closedFor, null);
        }
        ApiResponse response;
        try {
            response = client.send(request, extra, deadline);
        } catch (RetryLaterException e) {
            quota.check(now());
            if (e.waitMs() > LONGEST_OWN_WAIT_MS) {
                // A portal that is being moved asks for hours (477): callers that come back earlier are not sent on.
                closedUntil = runtime.millis() + e.waitMs();
            }
            throw e;
        }
        String date = response.headers().get("date");
        if (date != null) {
            try {
                clockSkewMs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant()
                                .toEpochMilli()
                        - runtime.millis();
            } catch (DateTimeException e) {
                // A proxy's odd header: the last known difference stays.
                return response;
            }
        }
        return response;
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new ConnectException(e);
        }
    }

    /** Ends waits and calls in flight; later calls are made as ever. */
    void giveUp() {
        client.giveUp();
        if (tokenClient != null) {
            tokenClient.giveUp();
        }
    }

    @Override
    public void close() {
        client.close();
        if (tokenClient != null) {
            tokenClient.close();
        }
    }
}
