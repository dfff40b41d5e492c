package io.github.crmsync.sandbox.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The sorted set with positions against the JDK's sorted set. */
class BlockIndexTest {
    private final BlockIndex<Integer> index = new BlockIndex<>(Comparator.naturalOrder());
    private final TreeSet<Integer> expected = new TreeSet<>();

    private void check(Random random, int bound) {
        assertThat(index.size()).isEqualTo(expected.size());
        int low = random.nextInt(bound);
        int from = index.rank(element -> Integer.compare(element, low));
        assertThat(from).isEqualTo(expected.headSet(low).size());
        int to = Math.min(index.size(), from + 3_000);
        List<Integer> wanted = new ArrayList<>(expected).subList(from, to);
        assertThat(index.view(from, to)).isEqualTo(wanted);
        assertThat(index.find(element -> Integer.compare(element, low))).isEqualTo(expected.contains(low) ? low : null);
    }

    @Test
    void itAgreesWithATreeWhateverIsAddedAndRemoved() {
        Random random = new Random(7);
        int bound = 20_000;
        for (int step = 0; step < 60_000; step++) {
            int element = random.nextInt(bound);
            if (step < 30_000 ? random.nextInt(3) > 0 : random.nextInt(3) == 0) {
                if (expected.add(element)) {
                    index.add(element);
                }
            } else {
                expected.remove(element);
                index.remove(element);
            }
            if (step % 500 == 0) {
                check(random, bound);
            }
        }
    }

    @Test
    void itGrowsInOrderAndCanBeEmptied() {
        for (int i = 0; i < 5_000; i++) {
            index.add(i);
            expected.add(i);
        }
        check(new Random(1), 5_000);
        for (int i = 0; i < 5_000; i++) {
            index.remove(i);
        }
        assertThat(index.size()).isZero();
        index.add(3);
        assertThat(index.view(0, 1)).containsExactly(3);
    }
}
