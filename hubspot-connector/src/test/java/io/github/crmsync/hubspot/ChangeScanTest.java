package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.hubspot.ContactSearch.Found;
import io.github.crmsync.hubspot.ContactSearch.Hit;
import io.github.crmsync.hubspot.ContactSearch.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangeScanTest {
    private static final int PAGE = 5;
    private final List<Hit> index = new ArrayList<>();
    private final Random random = new Random(7);
    private int calls;

    /** First page only, unstable order among ties, as the real search. */
    private Found search(Query query) {
        calls++;
        List<Hit> hits = new ArrayList<>(index);
        java.util.Collections.shuffle(hits, random);
        List<Hit> all = hits.stream()
                .filter(hit ->
                        hit.modifiedMs() > query.fromMs() || !query.known().contains(hit.id()))
                .filter(hit -> hit.modifiedMs() >= query.fromMs() && hit.modifiedMs() <= query.toMs())
                .filter(hit -> query.afterId() == null || Long.parseLong(hit.id()) > Long.parseLong(query.afterId()))
                .sorted(
                        query.byId()
                                ? Comparator.comparingLong((Hit hit) -> Long.parseLong(hit.id()))
                                : Comparator.comparingLong(Hit::modifiedMs))
                .toList();
        return new Found(all.subList(0, Math.min(PAGE, all.size())), all.size() > PAGE);
    }

    private Set<String> scan(long from, long to) {
        ChangeScan scan = new ChangeScan(this::search, from, to);
        Set<String> ids = new HashSet<>();
        long complete = from - 1;
        while (!scan.done()) {
            scan.next().forEach(hit -> ids.add(hit.id()));
            assertThat(scan.completeUpTo()).isGreaterThanOrEqualTo(complete);
            complete = scan.completeUpTo();
            long upTo = complete;
            assertThat(ids)
                    .containsAll(index.stream()
                            .filter(hit -> hit.modifiedMs() >= from && hit.modifiedMs() <= upTo)
                            .map(Hit::id)
                            .toList());
        }
        assertThat(complete).isEqualTo(to);
        return ids;
    }

    @Test
    void findsEverythingWhateverTheTies() {
        for (int round = 0; round < 200; round++) {
            index.clear();
            int size = random.nextInt(60);
            int spread = 1 + random.nextInt(20);
            for (int i = 0; i < size; i++) {
                index.add(new Hit(Integer.toString(100 + i), 1_000 + random.nextInt(spread)));
            }
            assertThat(scan(1_000, 1_020)).hasSize(size);
        }
    }

    @Test
    void anEmptyWindowTakesOneCall() {
        assertThat(scan(0, 10)).isEmpty();
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void aMillisecondThatFillsManyPagesIsWalkedById() {
        for (int i = 0; i < 47; i++) {
            index.add(new Hit(Integer.toString(i), 5));
        }
        assertThat(scan(0, 10)).hasSize(47);
    }

    @Test
    void fullPagesOfDifferentTimesTakeNoCallMoreThanThereArePages() {
        for (int i = 0; i < 4 * PAGE; i++) {
            index.add(new Hit(Integer.toString(i), i));
        }
        assertThat(scan(0, 100)).hasSize(4 * PAGE);
        assertThat(calls).isEqualTo(4);
    }

    @Test
    void aHitThatShowsItsNewTimeAtItsOldPlaceHidesNoOther() {
        for (int i = 0; i < 20; i++) {
            index.add(new Hit(Integer.toString(i), i));
        }
        ContactSearch shifty = query -> {
            Found found = search(query);
            List<Hit> hits = new ArrayList<>(found.hits());
            hits.replaceAll(hit -> hit.id().equals("4") ? new Hit("4", 500) : hit);
            return new Found(hits, found.more());
        };
        ChangeScan scan = new ChangeScan(shifty, 0, 100);
        Set<String> ids = new HashSet<>();
        while (!scan.done()) {
            scan.next().forEach(hit -> ids.add(hit.id()));
        }
        assertThat(ids).hasSize(20);
    }

    @Test
    void aRecordThatMovesWhilePagesAreReadHidesNoOther() {
        for (int i = 0; i < 20; i++) {
            index.add(new Hit(Integer.toString(i), i));
        }
        ChangeScan scan = new ChangeScan(this::search, 0, 100);
        Set<String> ids = new HashSet<>();
        long time = 50;
        while (!scan.done()) {
            scan.next().forEach(hit -> ids.add(hit.id()));
            if (time < 53) {
                index.remove(0);
                index.add(new Hit("moved" + time, time++));
            }
        }
        for (int i = 0; i < 20; i++) {
            assertThat(ids).contains(Integer.toString(i));
        }
    }
}
