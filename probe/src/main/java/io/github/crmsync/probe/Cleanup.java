package io.github.crmsync.probe;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What has to be undone in the end, newest first; each part is tried, whatever became of the others. */
public final class Cleanup {
    /** Undoes something. */
    @FunctionalInterface
    public interface Undo {
        Answer run() throws IOException;
    }

    private record Entry(String what, Undo undo) {}

    private final Deque<Entry> entries = new ArrayDeque<>();

    public void add(String what, Undo undo) {
        entries.push(new Entry(what, undo));
    }

    /** What is left over, for the user to delete by hand. A record that is gone already needs no deletion. */
    List<String> run() {
        List<String> left = new ArrayList<>();
        while (!entries.isEmpty()) {
            Entry entry = entries.pop();
            try {
                Answer answer = entry.undo.run();
                if (!answer.ok() && answer.status() != 404) {
                    left.add(entry.what + " (HTTP " + answer.status() + ")");
                }
            } catch (IOException e) {
                left.add(entry.what + " (" + e.getMessage() + ")");
            }
        }
        return left;
    }
}
