package io.github.crmsync.scenario;

import java.util.ArrayList;
import java.util.List;

/** The connectors of one example: those that a user has put through the REST API. */
final class Sync {
    /** Null where the example has no such connector. */
    final Source hubspotSource;

    final Source dynamicsSource;
    final Sink hubspotSink;
    final Sink dynamicsSink;

    private final List<Connector> connectors = new ArrayList<>();

    Sync(World world, String example, String prefix) {
        boolean intoHubspot = !example.startsWith("hubspot-to");
        boolean intoDynamics = !example.startsWith("dynamics-to");
        hubspotSource = intoDynamics ? world.source(example, "hubspot-source", prefix + "hubspot-source") : null;
        dynamicsSource = intoHubspot ? world.source(example, "dynamics-source", prefix + "dynamics-source") : null;
        hubspotSink = intoHubspot ? world.sink(example, "hubspot-sink", prefix + "hubspot-sink") : null;
        dynamicsSink = intoDynamics ? world.sink(example, "dynamics-sink", prefix + "dynamics-sink") : null;
        for (Connector connector : new Connector[] {hubspotSource, dynamicsSource, hubspotSink, dynamicsSink}) {
            if (connector != null) {
                connectors.add(connector);
            }
        }
    }

    /** Settings of all connectors, each as name and value in turns. */
    Sync with(String... settings) {
        connectors.forEach(connector -> connector.configure(settings));
        return this;
    }

    /** Settings of both sinks. */
    Sync withSinks(String... settings) {
        for (Connector connector : connectors) {
            if (connector instanceof Sink) {
                connector.configure(settings);
            }
        }
        return this;
    }

    Sync defaultApp(String app) {
        return withSinks("transforms.merge.default.app", app);
    }

    void off() {
        connectors.forEach(Connector::off);
    }

    void on() {
        connectors.forEach(Connector::on);
    }
}
