package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.sandbox.run.Crms;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both sources start in one fresh JVM after another, each of which goes through a {@code Map.of} in an order of its own. */
@Tag("deep")
class FreshJvmsIT {
    private static final int JVMS = 20;
    private static final int CONTACTS = 10;
    /** From this start on they find what an earlier version had stored. */
    private static final int UPGRADE = 10;

    private static final String HUBSPOT_KEY = "[\"source\",{\"object\":\"contacts\"}]";
    private static final String DYNAMICS_KEY = "[\"source\",{\"table\":\"contact\"}]";

    @TempDir
    Path folder;

    @Test
    void noStartReadsFromTheBeginning() throws Exception {
        try (Crms crms = Crms.open(CONTACTS, 1, 0, 0)) {
            HubSpot hubspot = new HubSpot(crms.hubspotFacts());
            Dynamics dynamics = new Dynamics(crms.dynamicsFacts());
            crms.connectors("fresh", "localhost:1", Map.of("poll.interval.ms", "100"))
                    .forEach((name, config) -> {
                        config.remove("ledger.bootstrap.servers");
                        if (name.contains("hubspot")) {
                            config.put("overlap.ms", "0");
                        }
                        Properties settings = new Properties();
                        config.properties()
                                .forEach(setting -> settings.put(
                                        setting.getKey(), setting.getValue().asText()));
                        write(settings, name.replace("fresh-", "") + ".properties");
                    });
            String contact = hubspot.create(Map.of("email", "edited@example.org", "firstname", "Ann"));
            String row = dynamics.create(Map.of("emailaddress1", "edited@example.org", "lastname", "Ann"));
            List<String> first = start(contact, row);
            assertThat(first).hasSizeGreaterThan(CONTACTS);
            Path hubspotOffsets = folder.resolve("hubspot.offsets");
            Path dynamicsOffsets = folder.resolve("dynamics.offsets");
            // The first search reaches back to the beginning of the snapshot, and to a second before.
            hubspot.update(contact, Map.of("firstname", "Anna"));
            dynamics.update(row, Map.of("firstname", "Anna"));
            start(contact, row);
            String olderContacts = value(hubspotOffsets);
            String olderRows = value(dynamicsOffsets);
            for (int jvm = 3; jvm <= JVMS; jvm++) {
                if (jvm == UPGRADE) {
                    String host = crms.dynamicsFacts().path("url").asText().replaceFirst("https?://", "");
                    former(hubspotOffsets, "\"app\":\"hubspot\"", "\"object\":\"contacts\"", olderContacts);
                    former(dynamicsOffsets, "\"environment\":\"" + host + "\"", "\"table\":\"contact\"", olderRows);
                }
                hubspot.update(contact, Map.of("firstname", "Ann " + jvm));
                dynamics.update(row, Map.of("firstname", "Ann " + jvm));
                // A search that begins at the last change finds that one once more.
                assertThat(start(contact, row)).as("JVM " + jvm).isNotEmpty().containsOnly(contact, row);
            }
            assertThat(keys(hubspotOffsets)).containsExactly(HUBSPOT_KEY);
            assertThat(keys(dynamicsOffsets)).containsExactly(DYNAMICS_KEY);
        }
    }

    private void write(Properties settings, String file) {
        try (var out = Files.newBufferedWriter(folder.resolve(file))) {
            settings.store(out, null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> keys(Path offsets) throws IOException {
        return Files.readAllLines(offsets).stream()
                .map(line -> line.substring(0, line.indexOf('\t')))
                .toList();
    }

    private static String value(Path offsets) throws IOException {
        String line = Files.readString(offsets).strip();
        return line.substring(line.indexOf('\t') + 1);
    }

    /** What an earlier version left: the present offset under one order of the entries, an older one under the other. */
    private static void former(Path offsets, String one, String two, String older) throws IOException {
        String present = value(offsets);
        Files.writeString(
                offsets,
                "[\"source\",{" + one + "," + two + "}]\t" + older + "\n[\"source\",{" + two + "," + one + "}]\t"
                        + present + "\n");
    }

    /** Runs both sources in a new JVM until they have delivered these; the keys of all that they deliver. */
    private List<String> start(String contact, String row) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Sandbox.HOME.resolve("sandbox/target/kafka-lib") + "/*" + File.pathSeparator
                        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                OneStart.class.getName()));
        command.addAll(List.of(file("hubspot-source.properties"), file("hubspot.offsets"), contact));
        command.addAll(List.of(file("dynamics-source.properties"), file("dynamics.offsets"), row));
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("err"), StandardCharsets.UTF_8))
                .isZero();
        return Files.readAllLines(out);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }
}
