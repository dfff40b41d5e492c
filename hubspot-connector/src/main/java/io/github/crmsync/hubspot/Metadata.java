package io.github.crmsync.hubspot;

import io.github.crmsync.hubspot.SourceOffset.Mark;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the records' schema in step with the portal's property definitions. */
final class Metadata implements Pass {
    private static final Logger LOG = LoggerFactory.getLogger(Metadata.class);

    private final SourceState state;
    private final PropertySelection selection;
    private final long interval;
    private long next;
    private List<String> reported = List.of();

    Metadata(SourceState state) {
        this.state = state;
        selection = state.config.selection();
        interval = state.setting(HubSpotConfig.METADATA_INTERVAL_MS);
    }

    /**
     * Makes the first schema.
     *
     * @param first whether this source never ran before: then a property that does not exist is a mistake in its settings
     */
    void load(boolean first) {
        Map<String, PropertyInfo> known = state.feed.properties();
        List<String> missing = selection.missing(known);
        if (first && !missing.isEmpty()) {
            throw new ConnectException(
                    String.join("; ", missing) + ": correct the setting " + HubSpotSourceConfig.PROPERTIES);
        }
        boolean began = !state.offset.atTheBeginning() && state.offset.get(Mark.SCHEMA) > 0;
        if (apply(known, missing) && began) {
            LOG.info("Other contact properties are selected than before: all contacts are sent again");
            state.offset = state.offset.sweepDue();
        }
    }

    @Override
    public long due() {
        return interval == 0 ? NEVER : next;
    }

    @Override
    public List<SourceRecord> step(long now) {
        Map<String, PropertyInfo> known = state.feed.properties();
        apply(known, selection.missing(known));
        return List.of();
    }

    /** Whether the records have another schema now. */
    private boolean apply(Map<String, PropertyInfo> known, List<String> missing) {
        if (!missing.isEmpty() && !missing.equals(reported)) {
            LOG.warn("Read without what is no longer there: {}", String.join("; ", missing));
        }
        reported = missing;
        next = state.clock.getAsLong() + interval;
        List<String> selected = selection.resolve(known);
        long shape = SourceSchema.shape(selected, known);
        boolean changed = shape != state.offset.get(Mark.SHAPE);
        if (changed || state.records == null) {
            long version = state.offset.get(Mark.SCHEMA) + (changed ? 1 : 0);
            if (changed && version > 1) {
                LOG.info("The selected contact properties have changed: schema version {}", version);
            }
            state.offset = state.offset.with(Mark.SCHEMA, version).with(Mark.SHAPE, shape);
            state.records = new ContactRecords(
                    state.config.getString(HubSpotSourceConfig.TOPIC),
                    new SourceSchema(selected, known, version),
                    state.config.linkProperty(),
                    new HubSpotValues(known));
        }
        return changed;
    }
}
