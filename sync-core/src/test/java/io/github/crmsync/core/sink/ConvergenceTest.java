package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.Image;
import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Meaning;
import io.github.crmsync.core.record.MergePolicy;
import io.github.crmsync.core.record.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both sinks over one ledger, with users who edit, revert and clear on both sides, late and repeated images, lost answers and
 * restarts: whatever the order, the two sides converge, a replay writes nothing, and nothing is created twice.
 */
class ConvergenceTest {
    private static final List<String> NAMES = List.of("email", "name", "phone");
    private static final List<MappedField> FIELDS =
            NAMES.stream().map(name -> new MappedField(name, name)).toList();

    static IntStream seeds() {
        return IntStream.range(0, 2_000);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bothSidesConvergeAndStayQuiet(int seed) {
        World world = new World(seed);
        world.live();
        world.settle();
        world.assertConverged();
        int writes = world.writes();
        world.replay();
        assertThat(world.writes()).as("writes after a full replay").isEqualTo(writes);
    }

    /** One direction: a topic of images, a sink, and its committed position. */
    private static final class Lane {
        final FakeApp source;
        final FakeApp target;
        final List<Work> topic = new ArrayList<>();
        final Map<String, Long> polled = new HashMap<>();
        final Map<String, Work> parked = new LinkedHashMap<>();
        SyncEngine engine;
        int position;

        Lane(FakeApp source, FakeApp target) {
            this.source = source;
            this.target = target;
        }
    }

    private static final class World {
        private final Random random;
        private final String defaultApp;
        private final FakeApp hubspot = new FakeApp("hubspot");
        private final FakeApp dynamics = new FakeApp("dynamics");
        private final MemoryLedger ledger = new MemoryLedger();
        private final List<Lane> lanes = List.of(new Lane(hubspot, dynamics), new Lane(dynamics, hubspot));
        private final Set<String> cleared = new HashSet<>();
        private int values;

        World(int seed) {
            random = new Random(seed);
            defaultApp = random.nextBoolean() ? "hubspot" : "dynamics";
            lanes.forEach(this::restart);
        }

        int writes() {
            return hubspot.writes + dynamics.writes;
        }

        void live() {
            int people = 1 + random.nextInt(3);
            for (int i = 0; i < people; i++) {
                String email = "p" + i + "@x.org";
                if (random.nextInt(3) != 0) {
                    hubspot.add(person(email));
                }
                if (random.nextInt(3) != 0) {
                    dynamics.add(person(email));
                }
            }
            for (int i = 0; i < 120; i++) {
                Lane lane = lanes.get(random.nextInt(2));
                switch (random.nextInt(10)) {
                    case 0, 1 -> userEdits(lane.source);
                    case 2, 3, 4 -> poll(lane);
                    case 5 -> lane.target.loseNextAnswer = random.nextInt(3) == 0;
                    case 6 -> {
                        if (random.nextInt(4) == 0) {
                            lane.position = random.nextInt(lane.position + 1);
                            restart(lane);
                        }
                    }
                    default -> step(lane);
                }
            }
        }

        private Map<String, Object> person(String email) {
            Map<String, Object> person = new HashMap<>(Map.of("email", email));
            person.put("name", random.nextInt(4) == 0 ? "" : "v" + values++);
            person.put("phone", random.nextInt(4) == 0 ? "" : styled("v" + random.nextInt(3)));
            return person;
        }

        /** One of several spellings of a value. */
        private String styled(String value) {
            return value.replace("v", List.of("v ", "v  ", " v \t").get(random.nextInt(3)));
        }

        private void userEdits(FakeApp app) {
            if (!app.ids().isEmpty()) {
                List<String> ids = List.copyOf(app.ids());
                String id = ids.get(random.nextInt(ids.size()));
                String field = NAMES.get(1 + random.nextInt(2));
                boolean clear = random.nextInt(8) == 0;
                String value =
                        clear ? "" : random.nextBoolean() ? styled("v" + random.nextInt(3)) : "v " + (100 + values++);
                if (clear) {
                    cleared.add(app.value(id, "email") + field);
                }
                app.edit(id, field, value);
            }
        }

        private void poll(Lane lane) {
            for (String id : lane.source.ids()) {
                TargetRecord now = lane.source.get(id);
                if (!Long.valueOf(now.version()).equals(lane.polled.put(id, now.version()))) {
                    lane.topic.add(work(lane, now));
                }
            }
        }

        private Work work(Lane lane, TargetRecord now) {
            Image image = new Image(
                    lane.source.app(),
                    now.id(),
                    now.version(),
                    0,
                    Origin.LIVE,
                    false,
                    null,
                    now.values(),
                    FIELDS,
                    Map.of(),
                    now.values().get("email").toString(),
                    lane.source == hubspot ? now.linkKey() : null,
                    null,
                    Map.of(),
                    null,
                    new MergePolicy(defaultApp, true, Map.of(), Set.of()));
            return new Work(image, new TopicPartition(lane.source.app(), 0), lane.topic.size());
        }

        private void restart(Lane lane) {
            lane.engine = new SyncEngine(lane.target, ledger, (work, outcome) -> {});
            lane.position = lane.parked.values().stream()
                    .mapToInt(work -> (int) work.offset())
                    .reduce(lane.position, Math::min);
            lane.parked.clear();
            lane.engine.recover(intent -> true);
        }

        private void step(Lane lane) {
            Set<String> unfinished = new HashSet<>(lane.parked.keySet());
            Map<String, Work> batch = new LinkedHashMap<>(lane.parked);
            int count = 1 + random.nextInt(3);
            while (count-- > 0 && lane.position < lane.topic.size()) {
                Work next = lane.topic.get(lane.position++);
                if (batch.put(next.image().id(), next) != null) {
                    unfinished.add(next.image().id());
                }
            }
            lane.parked.clear();
            lane.parked.putAll(batch);
            try {
                lane.engine.process(batch.values(), unfinished).forEach((work, outcome) -> {
                    if (!outcome.kind().parked()) {
                        lane.parked.remove(work.image().id());
                    }
                });
            } catch (RetriableException e) {
                if (random.nextBoolean()) {
                    restart(lane);
                }
            }
        }

        void settle() {
            lanes.forEach(lane -> lane.target.loseNextAnswer = false);
            for (int i = 0; i < 200; i++) {
                for (Lane lane : lanes) {
                    poll(lane);
                    step(lane);
                }
            }
            lanes.forEach(lane -> assertThat(lane.parked).as("parked for ever").isEmpty());
            assertThat(ledger.open()).as("intents left open").isEmpty();
        }

        void replay() {
            for (Lane lane : lanes) {
                lane.position = 0;
                restart(lane);
            }
            settle();
        }

        void assertConverged() {
            Map<String, Map<String, Object>> left = byEmail(hubspot);
            Map<String, Map<String, Object>> right = byEmail(dynamics);
            assertThat(left.keySet()).isEqualTo(right.keySet());
            left.forEach((email, values) -> NAMES.forEach(name -> {
                Object other = right.get(email).get(name);
                boolean held =
                        cleared.contains(email + name) && (values.get(name).equals("") || other.equals(""));
                if (!held) {
                    assertThat(Meaning.TEXT.same(values.get(name), other))
                            .as(name + " of " + email)
                            .isTrue();
                }
            }));
        }

        private static Map<String, Map<String, Object>> byEmail(FakeApp app) {
            Map<String, Map<String, Object>> people = new HashMap<>();
            for (String id : app.ids()) {
                Map<String, Object> person = new HashMap<>(app.get(id).values());
                NAMES.forEach(name -> person.putIfAbsent(name, ""));
                assertThat(people.put(person.get("email").toString(), person))
                        .as("two records of one person")
                        .isNull();
            }
            return people;
        }
    }
}
