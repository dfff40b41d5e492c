package io.github.crmsync.simulation;

import java.util.List;

/**
 * The code without one of its safeguards: an edit of a source file.
 *
 * @param name what is missing
 * @param scenarios where its absence shows
 * @param seeds runs after which it has to be found
 */
public record Mutant(String name, List<String> scenarios, int seeds, List<Edit> edits) {
    /**
     * A replacement.
     *
     * @param file path in the repository
     * @param from text that occurs exactly once
     */
    public record Edit(String file, String from, String to) {}
}
