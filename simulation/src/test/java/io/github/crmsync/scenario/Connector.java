package io.github.crmsync.scenario;

import io.github.crmsync.simulation.Crash;
import io.github.crmsync.simulation.stack.Example;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/** A connector of one task, as a worker runs it: on, off, or failed. */
abstract class Connector {
    final World world;
    final String name;
    private final String folder;
    private final String file;
    private final Map<String, String> own = new HashMap<>();
    private boolean on = true;
    private boolean started;
    private String failure;
    private boolean mayFail;

    Connector(World world, String folder, String file, String name) {
        this.world = world;
        this.folder = folder;
        this.file = file;
        this.name = name;
    }

    /** The example's configuration with this connector's own settings, each given as name and value in turns. */
    void configure(String... settings) {
        own.putAll(Records.fields(settings));
        if (started) {
            stop();
        }
        started = false;
    }

    /** Takes settings away, the example's too. */
    void forget(String... settings) {
        for (String setting : settings) {
            configure(setting, null);
        }
    }

    Example configuration() {
        Map<String, String> all = new HashMap<>(world.connection());
        all.put("max.parallel.requests", "1");
        all.put("archive.poll.interval.ms", "10000");
        all.put("list.check.interval.ms", "20000");
        all.put("crmsync.task.id", "0");
        all.put("name", name);
        all.putAll(own);
        return new Example(folder, file, all);
    }

    void on() {
        on = true;
        started = false;
        failure = null;
    }

    void off() {
        on = false;
        if (started) {
            stop();
        }
        started = false;
    }

    boolean isOn() {
        return on && failure == null;
    }

    /** Why the task has failed; null if it runs. */
    String failure() {
        return failure;
    }

    /** A failure is what the scenario is about. */
    Connector allowedToFail() {
        mayFail = true;
        return this;
    }

    boolean mayFail() {
        return mayFail;
    }

    /** Does what there is to do, and says whether there was anything. */
    boolean step() {
        if (!isOn()) {
            return false;
        }
        try {
            if (!started) {
                start();
                started = true;
            }
            return work();
        } catch (Crash e) {
            started = false;
            return true;
        } catch (ConnectException e) {
            failure = e.getMessage();
            started = false;
            return true;
        }
    }

    abstract void start();

    abstract boolean work();

    abstract void stop();

    /** Whether everything that there is has been handled. */
    abstract boolean idle();
}
