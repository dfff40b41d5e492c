package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static List<List<Integer>> cut(Integer... sizes) {
        return Batches.cut(List.of(sizes), Integer::longValue, 3, 10);
    }

    @Test
    void noBatchHasMoreRequestsThanAllowed() {
        assertThat(cut(1, 1, 1, 1)).containsExactly(List.of(1, 1, 1), List.of(1));
    }

    @Test
    void noBatchIsLargerThanAllowed() {
        assertThat(cut(4, 6, 5, 6)).containsExactly(List.of(4, 6), List.of(5), List.of(6));
    }

    @Test
    void aRequestThatIsTooLargeGoesAlone() {
        assertThat(cut(1, 11, 1)).containsExactly(List.of(1), List.of(11), List.of(1));
    }

    @Test
    void nothingIsNoBatch() {
        assertThat(cut()).isEmpty();
    }
}
