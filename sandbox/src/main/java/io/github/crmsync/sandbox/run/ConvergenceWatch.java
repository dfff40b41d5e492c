package io.github.crmsync.sandbox.run;

import io.github.crmsync.sandbox.run.Summary.PerApp;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Follows a first synchronisation until both sides agree and are quiet. */
final class ConvergenceWatch {
    private static final int QUIET_POLLS = 10;
    private static final Duration STEP = Duration.ofMillis(500);
    /** Longer than a killed worker needs: its restart, open transactions, and the time in which its last writes may land. */
    private static final Duration STALL_LIMIT = Duration.ofMinutes(5);

    private static final Duration COMPARE_AGAIN = Duration.ofSeconds(20);

    private final Crm hubspot;
    private final Crm dynamics;
    private final Example example;
    private final ConnectClient connect;
    private final Progress progress;
    private final String bootstrapServers;
    private final Set<String> reported = new LinkedHashSet<>();

    ConvergenceWatch(
            Crm hubspot,
            Crm dynamics,
            Example example,
            ConnectClient connect,
            String bootstrapServers,
            Progress progress) {
        this.hubspot = hubspot;
        this.dynamics = dynamics;
        this.example = example;
        this.connect = connect;
        this.bootstrapServers = bootstrapServers;
        this.progress = progress;
    }

    /** Counters of both apps at one moment. */
    private record Moment(Stats hubspot, Stats dynamics, long atNanos) {
        PerApp written() {
            return new PerApp(hubspot.recordsWritten(), dynamics.recordsWritten());
        }

        PerApp calls() {
            return new PerApp(hubspot.requests(), dynamics.requests());
        }

        PerApp contactCalls() {
            return new PerApp(hubspot.contactCalls(), dynamics.contactCalls());
        }
    }

    /** Shows progress for ever. */
    void follow() throws IOException, InterruptedException {
        while (true) {
            moment();
            reportFailures();
            Thread.sleep(STEP.toMillis());
        }
    }

    /** Waits for agreement and quiet, and sums up; {@code initial} is the number of records in each app before. */
    Summary untilConverged(int initial) throws IOException, InterruptedException {
        long started = System.nanoTime();
        Moment last = moment();
        Comparison.Result result = null;
        long compared = 0;
        while (true) {
            Moment now = moment();
            if (!now.written().equals(last.written())) {
                last = now;
                result = null;
            } else if (quiet(last, now) && (result == null || now.atNanos() - compared > COMPARE_AGAIN.toNanos())) {
                result = compare();
                compared = System.nanoTime();
                if (result.converged()) {
                    break;
                }
            }
            reportFailures();
            if (now.atNanos() - last.atNanos() > STALL_LIMIT.toNanos()) {
                break;
            }
            Thread.sleep(STEP.toMillis());
        }
        PerApp after = watchQuiet(last);
        Comparison.Result end = after.sum() == 0 && result != null ? result : compare();
        return summary(end, last, after, initial, started);
    }

    private boolean quiet(Moment last, Moment now) {
        return now.atNanos() - last.atNanos() > quietTime().toNanos();
    }

    private Duration quietTime() {
        return Duration.ofMillis(QUIET_POLLS * example.pollIntervalMs());
    }

    /** Writes in the next polls. */
    private PerApp watchQuiet(Moment last) throws IOException, InterruptedException {
        Thread.sleep(quietTime().toMillis());
        return moment().written().minus(last.written());
    }

    private Comparison.Result compare() throws IOException, InterruptedException {
        List<FieldPair> fields = FieldPair.of(example.table());
        return Comparison.compare(
                hubspot.records(fields.stream().map(FieldPair::hubspot).toList()),
                dynamics.records(fields.stream().map(FieldPair::dynamics).toList()),
                fields,
                example.direction());
    }

    private Summary summary(Comparison.Result result, Moment last, PerApp after, int initial, long started)
            throws IOException, InterruptedException {
        result.examples().forEach(Progress::line);
        Decisions decisions = Decisions.read(bootstrapServers, example.reportTopics());
        PerApp created = new PerApp(result.hubspot() - initial, result.dynamics() - initial);
        return new Summary(
                result.converged() && after.sum() == 0,
                Summary.Contacts.of(result, decisions.filtered()),
                created,
                moment().written().minus(created),
                decisions.conflicts(),
                result.tooLong(),
                after.sum(),
                moment().calls(),
                last.contactCalls(),
                new Summary.Kinds(
                        last.hubspot().contactCallsByKind(), last.dynamics().contactCallsByKind()),
                Duration.ofNanos(last.atNanos() - started).toMillis());
    }

    private Moment moment() throws IOException, InterruptedException {
        Moment now = new Moment(hubspot.stats(), dynamics.stats(), System.nanoTime());
        progress.written(now.written().hubspot(), now.written().dynamics());
        return now;
    }

    private void reportFailures() throws InterruptedException {
        for (String failure : connect.failures()) {
            if (reported.add(failure)) {
                Progress.line("FAILED " + failure);
            }
        }
    }
}
