package io.github.crmsync.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without any one of its safeguards the sync fails: each mutant on the history that is known to show it.
 *
 * <p>A change of the protocol's code, or of the simulation, gives every seed another history. Most mutants are then caught by
 * one of the next few hundred; for the rare ones {@code bin/simulate --mutate NAME --record
 * simulation/src/test/resources/caught.properties} looks for another history.
 */
class MutantsTest {
    private static final int SEARCHED = 300;
    /** In place of a history: the fixed test of the engine that fails without the safeguard, where histories hardly ever do. */
    private static final String FIXED_TEST = "test ";

    private static final Path ENGINE_TESTS = Path.of("sync-core/src/test/java/io/github/crmsync/core");
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static List<Mutant> mutants() {
        return Mutants.all();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant) throws IOException {
        String known = caught().getProperty(mutant.name());
        if (known != null && known.startsWith(FIXED_TEST)) {
            String[] test = known.substring(FIXED_TEST.length()).split("\\.");
            assertThat(Files.readString(testClass(test[0]))).contains("void " + test[1] + "()");
            return;
        }

        boolean caught = known != null && MutantHunt.again(mutant, ROOT, known).caught()
                || MutantHunt.hunt(new Mutant(mutant.name(), mutant.scenarios(), SEARCHED, mutant.edits()), ROOT, 1)
                        .caught();

        assertThat(caught)
                .as("an invariant fails without this safeguard; the known history was %s", known)
                .isTrue();
    }

    @Test
    void nothingIsOnRecordThatNoLongerExists() {
        assertThat(caught().stringPropertyNames())
                .isEqualTo(mutants().stream().map(Mutant::name).collect(Collectors.toSet()));
    }

    private static Path testClass(String name) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(ENGINE_TESTS))) {
            return files.filter(file -> file.endsWith(name + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("There is no test class " + name));
        }
    }

    private static Properties caught() {
        try (InputStream in = MutantsTest.class.getResourceAsStream("/caught.properties")) {
            Properties caught = new Properties();
            caught.load(in);
            return caught;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
