package io.github.crmsync.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant by a wrong one. */
public final class Names {
    private Names() {}

    /**
     * The nearest of the known names; empty if none is within a third of the wrong one's length.
     *
     * @param known names that are right
     */
    public static Optional<String> nearest(String wrong, Collection<String> known) {
        String folded = fold(wrong);
        int most = Math.max(1, folded.length() / 3);
        return known.stream()
                .filter(name -> distance(folded, fold(name)) <= most)
                .min(Comparator.<String>comparingInt(name -> distance(folded, fold(name)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /**
     * The known name that a name is a slip of: one or two letters away. Names that differ in their digits only, such as email and
     * email2, are different names. Empty for a known name.
     */
    static Optional<String> slip(String name, Collection<String> known) {
        String letters = name.replaceAll("\\d", "");
        return known.contains(name)
                ? Optional.empty()
                : nearest(name, known)
                        .filter(other -> distance(name, other) <= Math.max(1, Math.min(2, name.length() / 5)))
                        .filter(other -> !letters.equals(other.replaceAll("\\d", "")));
    }

    /** A question to append to a message: {@code ". Did you mean country?"}; empty if no name is near. */
    public static String hint(String wrong, Collection<String> known) {
        return nearest(wrong, known)
                .filter(name -> !name.equals(wrong))
                .map(name -> ". Did you mean " + name + "?")
                .orElse("");
    }

    /** Case and the sign between words are the first things to get wrong. */
    static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
    }

    /**
     * Number of slips between two texts: letters inserted, left out, replaced or swapped with the next one (optimal string
     * alignment distance).
     */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
