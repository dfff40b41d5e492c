package io.github.crmsync.core.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests within a budget, waits for services that throttle or fail, and tells apart what was surely not carried
 * out from what may have been. Safe for use by several threads; {@link #giveUp()} and {@link #close()} end waits and calls in
 * flight at once.
 */
public final class ApiClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiClient.class);

    private final HttpSettings settings;
    private final RateLimiter limiter;
    private final Supplier<String> authorization;
    private final Runnable onUnauthorized;
    private final Consumer<ApiResponse> observer;
    private final HttpRuntime runtime;
    private final HttpRuntime.Transport transport;
    /** Counted down when the calls that have begun by now are to end. */
    private volatile CountDownLatch over = new CountDownLatch(1);

    private volatile boolean closed;

    /** A client without authorization, for token endpoints. */
    public ApiClient(HttpSettings settings, RateLimiter limiter) {
        this(settings, limiter, HttpRuntime.SYSTEM);
    }

    /** As above, on another clock and network than the system's. */
    public ApiClient(HttpSettings settings, RateLimiter limiter, HttpRuntime runtime) {
        this(settings, limiter, null, null, response -> {}, runtime);
    }

    /**
     * @param authorization gives the value of the Authorization header for each request; may be null
     * @param onUnauthorized called once per request that was answered with 401, before its single repetition: forgets a
     *     cached token; null if there is nothing to renew
     */
    public ApiClient(
            HttpSettings settings, RateLimiter limiter, Supplier<String> authorization, Runnable onUnauthorized) {
        this(settings, limiter, authorization, onUnauthorized, response -> {}, HttpRuntime.SYSTEM);
    }

    /** @param observer sees every response before it is judged, those that lead to a repetition included */
    public ApiClient(
            HttpSettings settings,
            RateLimiter limiter,
            Supplier<String> authorization,
            Runnable onUnauthorized,
            Consumer<ApiResponse> observer,
            HttpRuntime runtime) {
        this.settings = settings;
        this.limiter = limiter;
        this.authorization = authorization;
        this.onUnauthorized = onUnauthorized;
        this.observer = observer;
        this.runtime = runtime;
        this.transport = runtime.connect(settings);
    }

    /** Sends with the client's own budget, see {@link #send(ApiRequest, RateLimiter)}. */
    public ApiResponse send(ApiRequest request) {
        return send(request, RateLimiter.NONE);
    }

    /** Sends without a deadline beyond the request timeout, see {@link #send(ApiRequest, RateLimiter, Deadline)}. */
    public ApiResponse send(ApiRequest request, RateLimiter extra) {
        return send(request, extra, Deadline.NONE);
    }

    /**
     * Sends a request; every status that no repetition can change is an answer, errors included.
     *
     * @param extra a further budget for this kind of request
     * @param deadline bounds all attempts together: none begins when it is too late, and one under way is given up at its end
     * @throws RetryLaterException when it was not carried out, and the wait that it needs is longer than a call may wait
     * @throws AmbiguousException when it must not be repeated and may have been carried out
     */
    public ApiResponse send(ApiRequest request, RateLimiter extra, Deadline deadline) {
        return send(request, extra, deadline.earlier(settings.within()), over);
    }

    private ApiResponse send(ApiRequest request, RateLimiter extra, Deadline deadline, CountDownLatch givenUp) {
        long waited = 0;
        boolean renewed = false;
        for (int attempt = 0; ; attempt++) {
            acquire(request, extra, deadline, givenUp);
            acquire(request, limiter, deadline, givenUp);
            int status = 0;
            String retryAfter = null;
            IOException failure = null;
            try {
                ApiResponse response = exchange(request, deadline);
                observer.accept(response);
                status = response.status();
                if (status == 401 && onUnauthorized != null && !renewed) {
                    renewed = true;
                    onUnauthorized.run();
                    continue;
                }
                if (!RetryPolicy.isTransient(status)) {
                    return response;
                }
                if (RetryPolicy.maybeExecuted(status) && !request.repeatable()) {
                    throw new AmbiguousException(request + " was answered by a gateway only: HTTP " + status, null);
                }
                retryAfter = response.headers().get("retry-after");
            } catch (RejectedExecutionException e) {
                throw new RetryLaterException(request + ": closed", 0, e);
            } catch (IOException e) {
                if (!request.repeatable() && !beforeSending(e)) {
                    throw new AmbiguousException(request + " got no answer: " + reason(e), e);
                }
                failure = e;
            }
            long wait = RetryPolicy.waitMs(status, retryAfter, attempt, runtime);
            String problem = request + (failure == null ? ": HTTP " + status : ": " + reason(failure));
            if (waited + wait > settings.retryMaxWaitMs() || wait >= deadline.untilLateMs() || isOver(givenUp)) {
                throw new RetryLaterException(problem, wait, failure);
            }
            LOG.debug("{}; next attempt in {} ms", problem, wait);
            pause(request, wait, givenUp);
            waited += wait;
        }
    }

    private void acquire(ApiRequest request, RateLimiter budget, Deadline deadline, CountDownLatch givenUp) {
        try {
            // A queue for the budget is normal under load and no failure of the service: it may take longer than a
            // retry.
            Duration most =
                    Duration.ofMillis(Math.min(deadline.untilLateMs(), Math.max(60_000, settings.retryMaxWaitMs())));
            if (most.isZero()) {
                throw new RetryLaterException(request + ": no time was left for it", 0, null);
            }
            if (isOver(givenUp) || !runtime.acquire(budget, most) || isOver(givenUp)) {
                throw new RetryLaterException(
                        request + (isOver(givenUp) ? ": given up" : ": no request budget left"), 1_000, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLaterException(request + ": interrupted", 0, e);
        }
    }

    private void pause(ApiRequest request, long ms, CountDownLatch givenUp) {
        try {
            runtime.await(givenUp, ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLaterException(request + ": interrupted", 0, e);
        }
    }

    private boolean isOver(CountDownLatch givenUp) {
        return closed || givenUp.getCount() == 0;
    }

    private ApiResponse exchange(ApiRequest request, Deadline deadline) throws IOException {
        String credential = authorization == null ? null : authorization.get();
        // Even the wait for a token counts.
        if (deadline.late()) {
            throw new RetryLaterException(request + ": no time was left for it", 0, null);
        }
        ApiResponse response =
                transport.exchange(request, credential, Math.min(settings.requestTimeoutMs(), deadline.leftMs()));
        LOG.trace("{}: HTTP {}", request, response.status());
        return response;
    }

    private static boolean beforeSending(IOException e) {
        return e instanceof ConnectException
                || e instanceof ConnectTimeoutException
                || e instanceof ConnectionRequestTimeoutException
                || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException
                || e instanceof SSLHandshakeException;
    }

    /** Why there is no answer, in words that need no knowledge of Java. */
    private static String reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return "the host is not known";
        }
        if (e instanceof ConnectTimeoutException || e instanceof ConnectionRequestTimeoutException) {
            return "no connection in time";
        }
        if (e instanceof ConnectException) {
            return "the connection was refused";
        }
        if (e instanceof NoRouteToHostException) {
            return "there is no way to the host";
        }
        if (e instanceof SSLException) {
            return "TLS failed (" + e.getMessage() + ")";
        }
        if (e instanceof PooledTransport.NoAnswerException) {
            return e.getMessage();
        }
        return e instanceof InterruptedIOException
                ? "timed out"
                : "the connection was closed before the answer was complete";
    }

    /**
     * Ends waits and calls in flight; later ones are sent as ever. A call that must not be repeated ends as {@link
     * AmbiguousException} if it was under way.
     */
    public void giveUp() {
        CountDownLatch begun = over;
        over = new CountDownLatch(1);
        begun.countDown();
        transport.giveUp();
    }

    @Override
    public void close() {
        closed = true;
        over.countDown();
        transport.close();
    }
}
