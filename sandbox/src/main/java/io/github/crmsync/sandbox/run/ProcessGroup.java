package io.github.crmsync.sandbox.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Every process of one sandbox. Closing stops them all, the newest first. */
final class ProcessGroup implements AutoCloseable {
    private static final Duration RESTART_DELAY = Duration.ofSeconds(1);

    private final Path logDir;
    private final Consumer<String> notices;
    private final Deque<AtomicReference<ChildProcess>> children = new ArrayDeque<>();
    private boolean closed;

    ProcessGroup(Path logDir, Consumer<String> notices) {
        this.logDir = logDir;
        this.notices = notices;
    }

    synchronized ChildProcess start(ChildProcess.Command command) {
        return startIn(new AtomicReference<>(), command);
    }

    /** Starts a process that is started again whenever it dies. */
    synchronized ChildProcess startSupervised(ChildProcess.Command command) {
        AtomicReference<ChildProcess> slot = new AtomicReference<>();
        ChildProcess child = startIn(slot, command);
        supervise(slot, command);
        return child;
    }

    private ChildProcess startIn(AtomicReference<ChildProcess> slot, ChildProcess.Command command) {
        if (closed) {
            throw new SandboxException("The sandbox is stopping");
        }
        ChildProcess child = ChildProcess.start(command, logDir);
        if (slot.getAndSet(child) == null) {
            children.push(slot);
        }
        return child;
    }

    private void supervise(AtomicReference<ChildProcess> slot, ChildProcess.Command command) {
        Executor later = CompletableFuture.delayedExecutor(RESTART_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        slot.get().onExit().thenAcceptAsync(dead -> restart(slot, command, dead.exitValue()), later);
    }

    private synchronized void restart(AtomicReference<ChildProcess> slot, ChildProcess.Command command, int status) {
        if (closed) {
            return;
        }
        notices.accept("The %s ended with status %d; starting it again".formatted(command.name(), status));
        startIn(slot, command);
        supervise(slot, command);
    }

    /** Ends the newest process by force, as a crash would. */
    synchronized void killNewest() {
        children.getFirst().get().kill();
    }

    @Override
    public void close() {
        List<ChildProcess> running = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            children.forEach(slot -> running.add(slot.get()));
        }
        running.forEach(ChildProcess::stop);
    }
}
