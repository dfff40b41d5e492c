package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginArchivesIT {
    @ParameterizedTest
    @ValueSource(strings = {"hubspot-connector", "dynamics-connector", "sync-transforms"})
    void anArchiveIsOneFolderWithLicenceAndManifestAndWithoutTheWorkersJars(String module) throws IOException {
        List<String> entries = entries(module);
        String folder = entries.get(0).substring(0, entries.get(0).indexOf('/') + 1);

        assertThat(folder).startsWith("crmsync-" + module);
        assertThat(entries).allMatch(entry -> entry.startsWith(folder));
        assertThat(entries).contains(folder + "manifest.json", folder + "doc/LICENSE");
        assertThat(entries).anyMatch(entry -> entry.startsWith(folder + "lib/" + module + "-"));
        assertThat(entries)
                .noneMatch(entry -> entry.matches(".*/(kafka-clients|connect-[a-z]+|slf4j-[a-z]+|log4j-[a-z0-9]+)-.*"));
    }

    private static List<String> entries(String module) throws IOException {
        Path target = Path.of("..", module, "target");
        try (Stream<Path> files = Files.list(target)) {
            Path archive = files.filter(file -> file.toString().endsWith("-plugin.zip"))
                    .findFirst()
                    .orElseThrow();
            try (ZipFile zip = new ZipFile(archive.toFile())) {
                return zip.stream().map(ZipEntry::getName).toList();
            }
        }
    }
}
