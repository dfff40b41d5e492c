package io.github.crmsync.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiClientTest {
    /** @param status 0 closes the connection without an answer */
    private record Reply(int status, String retryAfter, long delayMs) {}

    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ApiClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
        client = client(3_000, 5_000);
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private static ApiClient client(int requestTimeoutMs, int retryMs) {
        return new ApiClient(settings(requestTimeoutMs, retryMs), RateLimiter.NONE);
    }

    private static HttpSettings settings(int requestTimeoutMs, int retryMs) {
        return new HttpSettings(1_000, requestTimeoutMs, 4, null, 8080, null, null, retryMs);
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Reply reply = replies.isEmpty() ? new Reply(200, null, 0) : replies.remove();
        try {
            Thread.sleep(reply.delayMs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (reply.retryAfter() != null) {
            exchange.getResponseHeaders().add("Retry-After", reply.retryAfter());
        }
        if (reply.status() != 0) {
            byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-Two", "b");
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void reply(int... statuses) {
        for (int status : statuses) {
            replies.add(new Reply(status, null, 0));
        }
    }

    private ApiRequest get() {
        return ApiRequest.get(uri());
    }

    private ApiRequest post(boolean repeatable) {
        return ApiRequest.json("POST", uri(), new byte[] {'{', '}'}, repeatable);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/path?secret=1");
    }

    @Test
    void answersComeWithLowerCaseHeadersAndJson() {
        ApiResponse response = client.send(get());
        assertThat(response.headers()).containsEntry("x-two", "b");
        assertThat(response.json().path("a").asInt()).isEqualTo(1);
    }

    @Test
    void throttledAndFailingCallsAreRepeated() {
        reply(429, 503, 423, 200);
        assertThat(client.send(post(false)).status()).isEqualTo(200);
        assertThat(authorizations).hasSize(4);
    }

    @Test
    void errorsThatRepetitionCannotChangeAreAnswers() {
        reply(400);
        assertThat(client.send(get()).status()).isEqualTo(400);
        assertThat(authorizations).hasSize(1);
    }

    @Test
    void waitsAsTheServerSays() {
        replies.add(new Reply(429, "1", 0));
        long start = System.nanoTime();
        assertThat(client.send(get()).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
    }

    @Test
    void longWaitsAreLeftToTheCaller() {
        replies.add(new Reply(477, "3600", 0));
        assertThatThrownBy(() -> client.send(get()))
                .isInstanceOfSatisfying(
                        RetryLaterException.class, e -> assertThat(e.waitMs()).isEqualTo(3_600_000))
                .hasMessageNotContaining("secret");
    }

    @Test
    void aLostAnswerIsAmbiguousUnlessRepeatable() {
        reply(0);
        assertThatThrownBy(() -> client.send(post(false))).isInstanceOf(AmbiguousException.class);
        reply(0);
        assertThat(client.send(post(true)).status()).isEqualTo(200);
    }

    @Test
    void aGatewayTimeoutIsAmbiguousUnlessRepeatable() {
        reply(504);
        assertThatThrownBy(() -> client.send(post(false))).isInstanceOf(AmbiguousException.class);
        reply(504);
        assertThat(client.send(post(true)).status()).isEqualTo(200);
    }

    @Test
    void theDeadlineHoldsForTheWholeRequest() {
        replies.add(new Reply(200, null, 3_000));
        try (ApiClient hasty = client(300, 0)) {
            assertThatThrownBy(() -> hasty.send(post(false))).isInstanceOf(AmbiguousException.class);
        }
    }

    @Test
    void aRefusedConnectionIsNeverAmbiguous() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (ApiClient hasty = client(300, 0)) {
            assertThatThrownBy(() -> hasty.send(
                            ApiRequest.json("POST", URI.create("http://127.0.0.1:" + port + "/"), new byte[0], false)))
                    .isInstanceOf(RetryLaterException.class);
        }
    }

    @Test
    void anUnauthorizedCallRenewsTheTokenOnce() {
        AtomicInteger token = new AtomicInteger(1);
        try (ApiClient renewing =
                new ApiClient(settings(3_000, 0), RateLimiter.NONE, () -> "Bearer " + token, token::incrementAndGet)) {
            reply(401, 200);
            assertThat(renewing.send(get()).status()).isEqualTo(200);
            reply(401, 401, 200);
            assertThat(renewing.send(get()).status()).isEqualTo(401);
        }
        assertThat(authorizations).containsExactly("Bearer 1", "Bearer 2", "Bearer 2", "Bearer 3");
    }

    @Test
    void redirectsAreNotFollowed() {
        reply(302);
        assertThat(client.send(get()).status()).isEqualTo(302);
    }

    @Test
    void closeEndsAWait() throws InterruptedException {
        replies.add(new Reply(429, "4", 0));
        Thread closer = new Thread(() -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            client.close();
        });
        closer.start();
        long start = System.nanoTime();
        assertThatThrownBy(() -> client.send(get())).isInstanceOf(RetryLaterException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        closer.join();
    }

    @Test
    void limitersAreSharedByNameAndSpread() throws InterruptedException {
        RateLimiter one = SharedLimiters.of("ApiClientTest", 10, Duration.ofSeconds(100));
        RateLimiter same = SharedLimiters.of("ApiClientTest", 10, Duration.ofSeconds(100));
        assertThat(one.acquire(Duration.ofMillis(1))).isTrue();
        assertThat(same.acquire(Duration.ofMillis(1))).isFalse();
    }

    @Test
    void nothingIsSentWhenItIsTooLate() {
        assertThatThrownBy(() -> client.send(post(false), RateLimiter.NONE, new Deadline(10, 20, () -> 10)))
                .isInstanceOf(RetryLaterException.class);
        assertThat(authorizations).isEmpty();
    }

    @Test
    void aRepetitionThatWouldComeTooLateIsLeftToTheCaller() {
        replies.add(new Reply(429, "2", 0));
        assertThatThrownBy(() -> client.send(post(false), RateLimiter.NONE, new Deadline(1_000, 1_500, () -> 0)))
                .isInstanceOf(RetryLaterException.class);
        assertThat(authorizations).hasSize(1);
    }

    @Test
    void aRequestUnderWayAtItsDeadlineIsGivenUp() {
        replies.add(new Reply(200, null, 2_500));
        assertThatThrownBy(() -> client.send(post(false), RateLimiter.NONE, new Deadline(100, 200, () -> 0)))
                .isInstanceOf(AmbiguousException.class);
    }

    @Test
    void aQueueForTheBudgetEndsWhenItWouldBeTooLate() {
        Duration[] asked = new Duration[1];
        RateLimiter busy = most -> {
            asked[0] = most;
            return false;
        };
        assertThatThrownBy(() -> client.send(post(false), busy, new Deadline(700, 900, () -> 0)))
                .isInstanceOf(RetryLaterException.class);
        assertThat(asked[0]).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void aServiceThatAsksForNoPauseGetsOne() {
        for (int i = 0; i < 1_000; i++) {
            replies.add(new Reply(503, i % 2 == 0 ? "0" : "Tue, 24 Nov 2020 10:00:05 GMT", 0));
        }
        try (ApiClient patient = client(3_000, 2_500)) {
            assertThatThrownBy(() -> patient.send(get())).isInstanceOf(RetryLaterException.class);
        }
        assertThat(authorizations).hasSizeBetween(2, 8);
    }

    @Test
    void callsOfAValidationEndTogether() {
        replies.add(new Reply(200, null, 30_000));
        long start = System.nanoTime();
        HttpSettings settings =
                settings(60_000, 5_000).forValidation(Deadline.in(400, () -> System.nanoTime() / 1_000_000));
        try (ApiClient hasty = new ApiClient(settings, RateLimiter.NONE)) {
            assertThatThrownBy(() -> hasty.send(get())).isInstanceOf(RetryLaterException.class);
            assertThatThrownBy(() -> hasty.send(get())).isInstanceOf(RetryLaterException.class);
        }
        assertThat(authorizations).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void callsGivenUpEndAtOnceAndLaterOnesAreSent() throws InterruptedException {
        replies.add(new Reply(200, null, 30_000));
        Thread stopper = new Thread(() -> {
            while (authorizations.isEmpty()) {
                Thread.onSpinWait();
            }
            client.giveUp();
        });
        stopper.start();
        assertThatThrownBy(() -> client.send(post(false))).isInstanceOf(AmbiguousException.class);
        stopper.join();
        assertThat(client.send(get()).status()).isEqualTo(200);
    }
}
