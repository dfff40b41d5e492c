package io.github.crmsync.sandbox.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what the simulator was asked for. */
public final class Stats {
    private final Map<String, Long> byOperation = new TreeMap<>();
    private final Map<String, Long> byStatus = new TreeMap<>();
    private long requests;
    private long recordsRead;
    private long recordsWritten;

    public synchronized void request(String operation, int status) {
        requests++;
        byOperation.merge(operation, 1L, Long::sum);
        byStatus.merge(Integer.toString(status), 1L, Long::sum);
    }

    /** Counts a part of a batch, whose outer call counts as the request. */
    public synchronized void part(String operation) {
        byOperation.merge(operation, 1L, Long::sum);
    }

    public synchronized void recordsRead(long count) {
        recordsRead += count;
    }

    public synchronized void recordsWritten(long count) {
        recordsWritten += count;
    }

    public synchronized void reset() {
        byOperation.clear();
        byStatus.clear();
        requests = 0;
        recordsRead = 0;
        recordsWritten = 0;
    }

    public synchronized Map<String, Object> snapshot() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("requests", requests);
        all.put("byOperation", new TreeMap<>(byOperation));
        all.put("byStatus", new TreeMap<>(byStatus));
        all.put("recordsRead", recordsRead);
        all.put("recordsWritten", recordsWritten);
        return all;
    }
}
