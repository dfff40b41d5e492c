package io.github.crmsync.transforms;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/** What the transforms have in common: a configuration, and no word about the mark behind a snapshot. */
abstract class Directive<R extends ConnectRecord<R>> implements Transformation<R> {
    private final ConfigDef definition;

    Directive(ConfigDef definition) {
        this.definition = definition;
    }

    abstract void configure(AbstractConfig config);

    abstract R directed(R record);

    @Override
    public final void configure(Map<String, ?> settings) {
        configure(new AbstractConfig(definition, settings, false));
    }

    @Override
    public final R apply(R record) {
        return Fields.isMark(record) ? record : directed(record);
    }

    @Override
    public final ConfigDef config() {
        return definition;
    }

    @Override
    public void close() {}
}
