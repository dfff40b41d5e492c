package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class NameUuidTest {
    private static final UUID DNS = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    @Test
    void knownVectorOfRfc9562() {
        assertThat(NameUuid.of(DNS, "www.example.com")).hasToString("2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }

    @Test
    void versionAndVariantHoldForAnyName() {
        for (int i = 0; i < 200; i++) {
            UUID id = NameUuid.of(DNS, "record " + i);
            assertThat(id.version()).isEqualTo(5);
            assertThat(id.variant()).isEqualTo(2);
        }
    }
}
