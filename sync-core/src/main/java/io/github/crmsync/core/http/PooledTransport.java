package io.github.crmsync.core.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;

/** Requests over a pool of connections, each with a deadline for its whole answer. */
final class PooledTransport implements HttpRuntime.Transport {
    private final CloseableHttpClient client;
    private final ScheduledThreadPoolExecutor deadlines;
    private final Set<HttpUriRequestBase> inFlight = ConcurrentHashMap.newKeySet();

    PooledTransport(HttpSettings settings) {
        this.client = HttpClientFactory.create(settings);
        this.deadlines = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "crmsync-http-deadline");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
    }

    @Override
    public ApiResponse exchange(ApiRequest request, String authorization, long timeoutMs) throws IOException {
        HttpUriRequestBase http = new HttpUriRequestBase(request.method(), request.uri());
        request.headers().forEach(http::setHeader);
        if (authorization != null) {
            http.setHeader(HttpHeaders.AUTHORIZATION, authorization);
        }
        if (request.body() != null) {
            http.setEntity(new ByteArrayEntity(request.body(), ContentType.parse(request.contentType())));
        }
        // The library's own timeouts count silence only: a response that trickles would never end.
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> deadline = deadlines.schedule(
                () -> {
                    late.set(true);
                    http.cancel();
                },
                timeoutMs,
                TimeUnit.MILLISECONDS);
        inFlight.add(http);
        try {
            return client.execute(http, PooledTransport::read);
        } catch (ConnectTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // What a cancelled request throws depends on what it was waiting for.
            throw late.get() || e instanceof SocketTimeoutException ? new NoAnswerException(timeoutMs, e) : e;
        } catch (IllegalStateException e) {
            // The library's word for a request that was cancelled between two of its steps.
            if (!http.isCancelled()) {
                throw e;
            }
            IOException cancelled = new IOException("the request was cancelled", e);
            throw late.get() ? new NoAnswerException(timeoutMs, cancelled) : cancelled;
        } finally {
            inFlight.remove(http);
            deadline.cancel(false);
        }
    }

    /** The whole answer was not there in time. */
    static final class NoAnswerException extends InterruptedIOException {
        NoAnswerException(long timeoutMs, IOException cause) {
            super("no answer within " + (timeoutMs + 999) / 1000 + " s");
            initCause(cause);
        }
    }

    private static ApiResponse read(ClassicHttpResponse response) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        byte[] body = response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
        return new ApiResponse(response.getCode(), Map.copyOf(headers), body == null ? new byte[0] : body);
    }

    @Override
    public void giveUp() {
        inFlight.forEach(HttpUriRequestBase::cancel);
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }
}
