package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.HttpRuntime;
import io.github.crmsync.core.identity.Groups;
import io.github.crmsync.core.ledger.Ledger;
import io.github.crmsync.core.sink.Background;
import io.github.crmsync.core.sink.Reevaluation;
import io.github.crmsync.core.sink.Report;
import io.github.crmsync.core.sink.SyncSinkConfig;
import io.github.crmsync.core.sink.SyncSinkTask;
import io.github.crmsync.core.source.Steps;
import io.github.crmsync.simulation.stack.SinkOutside;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.source.SourceTask;

/** The tasks of the Dynamics connectors, on a clock and a network of the simulation's. */
public final class DynamicsTasks {
    private DynamicsTasks() {}

    /** @param linked ids of the rows that the ledger links */
    public static SourceTask source(HttpRuntime runtime, Supplier<Set<String>> linked) {
        return new DynamicsSourceTask(config -> () -> new Once(linked.get()), runtime, Steps.atOnce());
    }

    public static SyncSinkTask sink(HttpRuntime runtime, SinkOutside outside) {
        return new DynamicsSinkTask(runtime) {
            @Override
            protected Background background() {
                return Background.atOnce();
            }

            @Override
            protected Ledger openLedger(SyncSinkConfig settings, String writer, String task) {
                return outside.ledger(writer, task);
            }

            @Override
            protected Report openReport(SyncSinkConfig settings) {
                return outside.report();
            }

            @Override
            protected Groups groups() {
                return outside::members;
            }

            @Override
            protected Reevaluation.Images openImages() {
                return outside::newest;
            }

            @Override
            protected Map<TopicPartition, Long> committed() {
                return outside.committedOffsets();
            }

            @Override
            protected long committedBefore(Map<String, String> props) {
                return outside.committed();
            }

            @Override
            protected long now() {
                return outside.millis();
            }

            @Override
            protected long elapsed() {
                return outside.millis();
            }
        };
    }

    /** All ids at once. */
    private static final class Once implements KnownIds.Cursor {
        private Set<String> ids;

        Once(Set<String> ids) {
            this.ids = ids;
        }

        @Override
        public Set<String> next() {
            Set<String> result = ids;
            ids = Set.of();
            return result;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
