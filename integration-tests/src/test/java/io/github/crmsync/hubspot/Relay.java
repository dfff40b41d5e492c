package io.github.crmsync.hubspot;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Stands between a connector and a portal: notes the requests as they were written, and may change the answers. */
final class Relay implements AutoCloseable {
    /** An answer on its way to the connector. */
    record Answer(String request, int status, Map<String, String> headers, String body) {
        Answer with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Answer(request, status, more, body);
        }

        Answer instead(int newStatus, String newBody) {
            return new Answer(request, newStatus, headers, newBody);
        }
    }

    private final Portal portal;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    /** Methods and paths, in order. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private volatile UnaryOperator<Answer> change = answer -> answer;
    private volatile Consumer<String> before = request -> {};
    private volatile Function<String, Answer> instead = request -> null;

    Relay(Portal portal) {
        this.portal = portal;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void change(UnaryOperator<Answer> how) {
        change = how;
    }

    /** What happens just before a request reaches the portal. */
    void before(Consumer<String> what) {
        before = what;
    }

    /** Answers that some requests get instead of the portal's, which never sees them; null lets a request pass. */
    void instead(Function<String, Answer> what) {
        instead = what;
    }

    private void pass(HttpExchange exchange) throws IOException {
        String request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
        requests.add(request);
        before.accept(request);
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(portal.url() + exchange.getRequestURI()))
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        for (String name : List.of("Authorization", "Content-Type")) {
            if (exchange.getRequestHeaders().containsKey(name)) {
                builder.header(name, exchange.getRequestHeaders().getFirst(name));
            }
        }
        try {
            Answer answer = instead.apply(request);
            if (answer == null) {
                HttpResponse<String> response = http.send(builder.build(), BodyHandlers.ofString());
                answer = change.apply(new Answer(request, response.statusCode(), Map.of(), response.body()));
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json;charset=utf-8");
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
