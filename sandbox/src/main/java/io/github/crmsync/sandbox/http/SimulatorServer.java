package io.github.crmsync.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A small HTTP server on the loopback address with routes, latency, statistics and ordered faults. */
public final class SimulatorServer implements AutoCloseable {
    /** More than Dataverse's limit of 52 concurrent requests, so that it can be met. */
    private static final int THREADS = 64;

    private static final String ADMIN = "/_sandbox/";
    /** Header that never leaves the server: of this answer only the first half is sent. */
    private static final String CUT_MARK = "x-sandbox-cut";

    private final Router router;
    private final Protocol protocol;
    private final long latencyMs;
    private final Stats stats;
    private final Faults faults;
    private final int port;
    /** Null without a socket. */
    private final HttpServer server;

    private final ExecutorService pool;
    private volatile Consumer<Exchange> observer = exchange -> {};

    /**
     * Binds the port (0 picks a free one); requests are answered only after {@link #start()}. A negative number opens no
     * socket: only {@link #call} answers, under the address of that port.
     */
    public SimulatorServer(int port, long latencyMs, Router router, Protocol protocol) throws IOException {
        this(port, latencyMs, router, protocol, new Stats(), new Faults());
    }

    /** As above, with statistics and faults that the routes know already. */
    public SimulatorServer(int port, long latencyMs, Router router, Protocol protocol, Stats stats, Faults faults)
            throws IOException {
        this.stats = stats;
        this.faults = faults;
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.router = router;
        this.protocol = protocol;
        this.latencyMs = latencyMs;
        pool = Executors.newFixedThreadPool(THREADS, SimulatorServer::daemon);
        server = port < 0 ? null : listen(port);
        this.port = port < 0 ? -port : server.getAddress().getPort();
    }

    private HttpServer listen(int wanted) throws IOException {
        HttpServer bound = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), wanted), 1024);
        bound.setExecutor(pool);
        bound.createContext("/", this::serve);
        return bound;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "simulator-" + Numbers.NEXT.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private static final class Numbers {
        static final AtomicInteger NEXT = new AtomicInteger();
    }

    public void start() {
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Lets somebody see every exchange, before its answer is sent; called by several threads at a time. */
    public void observe(Consumer<Exchange> newObserver) {
        observer = newObserver;
    }

    public Stats stats() {
        return stats;
    }

    public Faults faults() {
        return faults;
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
        pool.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Request request = Request.of(
                    exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders(), body);
            Response response = request.rawPath().startsWith(ADMIN) ? admin(request) : answer(request);
            if (response != null) {
                send(exchange, response);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    /**
     * Answers a request of this JVM without a connection, with the same faults as over one.
     *
     * @throws IOException if a fault drops or cuts the answer
     */
    public Response call(Request request) throws IOException {
        Response response;
        try {
            response = answer(request);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopping");
        }
        if (response == null || response.headers().containsKey(CUT_MARK)) {
            throw new EOFException("the connection was closed");
        }
        return response;
    }

    /** The answer, or null when the connection is to be dropped. */
    private Response answer(Request request) throws InterruptedException {
        if (latencyMs > 0) {
            Thread.sleep(latencyMs);
        }
        Optional<Router.Match> match = router.match(request.method(), request.rawPath());
        Optional<Faults.Fault> fault = faults.take(request.method() + " " + request.rawPath());
        Faults.Kind kind = fault.map(Faults.Fault::kind).orElse(null);
        String operation = match.map(Router.Match::operation).orElse("unknown");
        if (kind == Faults.Kind.RESET_BEFORE) {
            stats.request(operation, 0);
            return null;
        }
        if (kind == Faults.Kind.DELAY) {
            Thread.sleep(fault.get().delayMs());
        }
        Response response = kind == Faults.Kind.STATUS || kind == Faults.Kind.PAGE
                ? faultAnswer(request, fault.get())
                : decorated(request, match);
        observer.accept(new Exchange(request, response));
        boolean lost = kind == Faults.Kind.RESET_AFTER || kind == Faults.Kind.CUT;
        stats.request(operation, lost ? 0 : response.status());
        if (kind == Faults.Kind.CUT) {
            return response.with(CUT_MARK, "");
        }
        return lost ? null : response;
    }

    private Response faultAnswer(Request request, Faults.Fault fault) {
        Response response = fault.kind() == Faults.Kind.PAGE
                ? Response.text(
                        fault.status(), "text/html", "<html><body><h1>Error " + fault.status() + "</h1></body></html>")
                : protocol.fault(request, fault);
        return fault.retryAfter() == null
                ? response
                : response.with("Retry-After", fault.retryAfter().toString());
    }

    private Response decorated(Request request, Optional<Router.Match> match) {
        Response response;
        try {
            response = protocol.refuse(request).orElse(null);
            if (response == null) {
                response = match.isPresent()
                        ? match.get().handler().handle(request, match.get().path())
                        : protocol.notFound(request);
            }
        } catch (Exception failure) {
            response = protocol.failed(request, failure);
        }
        return protocol.decorate(request, response);
    }

    private Response admin(Request request) throws IOException {
        String operation = request.method() + " " + request.rawPath();
        switch (operation) {
            case "GET /_sandbox/stats":
                return Response.json(200, stats.snapshot());
            case "POST /_sandbox/reset":
                stats.reset();
                faults.reset();
                return Response.empty(204);
            case "GET /_sandbox/faults":
                return Response.json(200, faults.ordered());
            case "POST /_sandbox/faults":
                return addFaults(request);
            default:
                return Response.json(404, java.util.Map.of("message", "unknown: " + operation));
        }
    }

    private Response addFaults(Request request) {
        try {
            faults.add(Json.parse(request.body()));
            return Response.empty(204);
        } catch (IOException | IllegalArgumentException wrong) {
            return Response.json(400, java.util.Map.of("message", String.valueOf(wrong.getMessage())));
        }
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        boolean cut = response.headers().containsKey(CUT_MARK);
        response.headers().forEach((name, value) -> {
            if (!name.equals(CUT_MARK)) {
                exchange.getResponseHeaders().set(name, value);
            }
        });
        int length = response.body().length;
        exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
        if (length > 0) {
            exchange.getResponseBody().write(response.body(), 0, cut ? length / 2 : length);
        }
    }
}
