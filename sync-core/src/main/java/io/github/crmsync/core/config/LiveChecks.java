package io.github.crmsync.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a validation that asks services. Checks run side by side, because a REST call waits for all of them; one that has not
 * ended in time is reported as not made, on its setting.
 */
public final class LiveChecks {
    private static final Logger LOG = LoggerFactory.getLogger(LiveChecks.class);
    /** A REST call of Connect's shall end within ten seconds; the services' own calls end within eight. */
    private static final long LIMIT_MS = 8_500;

    private record Check(String setting, String what, CompletableFuture<Void> end) {}

    private final Findings findings;
    private final List<Check> checks = new ArrayList<>();
    private final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);

    public LiveChecks(Findings findings) {
        this.findings = findings;
    }

    /**
     * Starts a check.
     *
     * @param setting the one to blame if the check fails or does not end
     * @param what is checked, as the beginning of a sentence
     * @param check puts what it finds on the settings to blame
     */
    public void start(String setting, String what, Runnable check) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        check.run();
                    } catch (RuntimeException e) {
                        LOG.debug("A check of the configuration has failed", e);
                        findings.firstError(setting, what + " could not be checked: " + e.getMessage());
                    } finally {
                        ended.complete(null);
                    }
                },
                "crmsync-validation");
        thread.setDaemon(true);
        thread.start();
        checks.add(new Check(setting, what, ended));
    }

    /** Waits for the checks, until the time is over. */
    public void await() {
        for (Check check : checks) {
            try {
                check.end.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                findings.firstError(
                        check.setting,
                        check.what + " could not be checked: no answer within " + LIMIT_MS / 1000 + " s");
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                findings.firstError(check.setting, check.what + " could not be checked: interrupted");
            }
        }
    }
}
