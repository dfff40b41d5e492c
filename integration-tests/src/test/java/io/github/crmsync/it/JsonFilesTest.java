package io.github.crmsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** JSON lets a key stand twice in an object, and readers take either. */
class JsonFilesTest {
    private static final Path HOME = Path.of("..");

    @Test
    void noFileForUsersHoldsAKeyTwice() throws IOException {
        ObjectMapper strict = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        int read = 0;
        for (String folder : List.of("config-examples", "docs")) {
            try (Stream<Path> files = Files.walk(HOME.resolve(folder))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".json")).toList()) {
                    assertThat(strict.readTree(file.toFile()))
                            .as(file.toString())
                            .isNotEmpty();
                    read++;
                }
            }
        }
        assertThat(read).isGreaterThan(10);
    }
}
