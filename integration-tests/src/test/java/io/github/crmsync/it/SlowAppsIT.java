package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.tools.attach.VirtualMachine;
import io.github.crmsync.sandbox.run.Crms;
import io.github.crmsync.sandbox.run.Lab;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A sync whose apps take 25 seconds for each answer: it holds up no call of the worker, and is stopped in the worker's time. */
@Tag("deep")
class SlowAppsIT {
    private static final int CONTACTS = 200;
    private static final int LAG_MS = 500;
    private static final int TIMES = 10_000;
    /** What sinks alone do, before anything else. */
    private static final List<Map<String, Object>> SLOW =
            Stream.of("batch/update$", "[$]batch$", ".*").map(SlowAppsIT::slow).toList();

    private static final Duration QUIET = Duration.ofSeconds(4);
    /** A failure's bound only. */
    private static final Duration LIMIT = Duration.ofMinutes(6);
    /** What no call of Connect may take. */
    private static final double MOST_MS = 60_000;

    private Lab lab;
    private Crms crms;

    @AfterEach
    void stop() throws Exception {
        try (Crms open = crms;
                Lab running = lab) {
            assertThat(open).isNotNull();
            assertThat(running).isNotNull();
        }
    }

    private static Map<String, Object> slow(String match) {
        return Map.of("match", match, "kind", "delay", "delayMs", 25_000, "times", TIMES);
    }

    /** The worker's own measurements. */
    private static double longestCall(MBeanServerConnection worker) throws Exception {
        double longest = 0;
        for (String[] call : List.of(
                new String[] {"sink-task-metrics", "put-batch-max-time-ms"},
                new String[] {"source-task-metrics", "poll-batch-max-time-ms"},
                new String[] {"connector-task-metrics", "offset-commit-max-time-ms"})) {
            Set<ObjectName> tasks = worker.queryNames(new ObjectName("kafka.connect:type=" + call[0] + ",*"), null);
            for (ObjectName task : tasks) {
                double ms = ((Number) worker.getAttribute(task, call[1])).doubleValue();
                longest = Double.isNaN(ms) ? longest : Math.max(longest, ms);
            }
        }
        return longest;
    }

    private static JsonNode simulator(JsonNode facts, String method, String what, Object body) {
        return Web.send(method, facts.path("url").asText() + "/_sandbox/" + what, Map.of(), body)
                .ok();
    }

    /** Whether a sink's write has come to an app, which does not answer it yet. */
    private static boolean writes(JsonNode facts) {
        for (JsonNode rule : simulator(facts, "GET", "faults", null)) {
            if (!rule.path("match").asText().equals(".*") && rule.path("left").asInt() < TIMES) {
                return true;
            }
        }
        return false;
    }

    @Test
    void appsThatTake25SecondsHoldUpNoCallAndNoStop() throws Exception {
        lab = Lab.start("slow");
        crms = Crms.open(CONTACTS, 1, 0, LAG_MS);
        Lab.Worker worker = lab.worker("worker", Map.of()).start();
        Map<String, ObjectNode> connectors =
                crms.connectors("slow", lab.bootstrapServers(), Map.of("poll.interval.ms", "1000"));
        lab.put(worker, connectors);
        Users users = new Users(crms);
        Healing healing = new Healing(lab, crms, users);
        users.agreed(healing.awaitImport(QUIET));

        users.editBothSides();
        List<JsonNode> apps = List.of(crms.hubspotFacts(), crms.dynamicsFacts());
        apps.forEach(app -> simulator(app, "POST", "faults", SLOW));
        VirtualMachine machine = VirtualMachine.attach(Long.toString(worker.pid()));
        try (JMXConnector connection =
                JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
            MBeanServerConnection beans = connection.getMBeanServerConnection();
            await("both sinks write").atMost(LIMIT).until(() -> {
                assertThat(longestCall(beans)).isBetween(0.0, MOST_MS);
                return apps.stream().allMatch(SlowAppsIT::writes);
            });
        } finally {
            machine.detach();
        }

        new Connect(worker.url()).deleteAll();
        apps.forEach(app -> simulator(app, "POST", "reset", null));
        lab.put(worker, connectors);
        healing.awaitDone("the sync that was deleted and made again", QUIET);
        new Connect(worker.url()).requireRunning();
        assertThat(worker.log()).noneMatch(line -> line.contains("Graceful stop"));
    }
}
