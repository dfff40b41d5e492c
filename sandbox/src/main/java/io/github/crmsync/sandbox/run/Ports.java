package io.github.crmsync.sandbox.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Local ports: taken, free, or answering. */
public final class Ports {
    private static final int CONNECT_TIMEOUT_MS = 500;
    private static final int FIRST_REGISTERED = 10_000;
    /** Linux begins here, others at 49,152. */
    private static final int FIRST_EPHEMERAL = 32_768;

    private static final int ATTEMPTS = 100;

    private Ports() {}

    /** Refuses a port on which something listens already. */
    static void requireFree(int port, String purpose, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new SandboxException(
                    "Port %d for the %s is taken. Stop what listens there, or choose another port with %s."
                            .formatted(port, purpose, option),
                    e);
        }
    }

    /**
     * A port that is free now, and that no system gives to outgoing connections: a server that is started again on it
     * would find it taken by one of them.
     */
    public static int anyFree() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_REGISTERED, FIRST_EPHEMERAL);
            if (isFree(port)) {
                return port;
            }
        }
        throw new SandboxException("Found no free port between %d and %d".formatted(FIRST_REGISTERED, FIRST_EPHEMERAL));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until the process listens on the port; fails as soon as the process ends. */
    static void awaitOpen(int port, ChildProcess process, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!answers(port)) {
            process.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new SandboxException("The %s did not open port %d within %d s; see %s"
                        .formatted(process.name(), port, limit.toSeconds(), process.log()));
            }
            Thread.sleep(100);
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
