package io.github.crmsync.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowWritesTest {
    private static final String ID = "00000000-0000-0000-0000-000000000001";

    private static Map<String, String> headers(Map<String, String> settings, RowWrites.Write write) {
        Map<String, String> props = new HashMap<>(Map.of(
                "dynamics.url", "contoso",
                "dynamics.tenant.id", "t",
                "dynamics.client.id", "c",
                "dynamics.client.secret", "s",
                "ledger.bootstrap.servers", "none:9092"));
        props.putAll(settings);
        ColumnTypes types = new ColumnTypes(
                Map.of("firstname", new ColumnTypes.Attribute("String", true, true)),
                Set.of(),
                new Lookups(Map::of),
                Map::of);
        RowReader rows = new RowReader(Table.CONTACT, types);
        return new RowWrites(Table.CONTACT, types, rows, new DynamicsSinkConfig(props).writeHeaders())
                .part(write, Accounts.named(null, List.of()))
                .headers();
    }

    @Test
    void aCreateNeverUpdatesAndAnUpdateNeverCreates() {
        Map<String, Object> values = Map.of("firstname", "Ann");
        assertThat(headers(Map.of(), RowWrites.Write.create(ID, values)))
                .containsEntry("If-None-Match", "*")
                .doesNotContainKey("If-Match");
        assertThat(headers(Map.of(), RowWrites.Write.update(ID, "W/\"7\"", values)))
                .containsEntry("If-Match", "W/\"7\"")
                .containsEntry("Prefer", "return=representation");
        assertThat(headers(Map.of(), RowWrites.Write.update(ID, null, values))).containsEntry("If-Match", "*");
    }

    @Test
    void duplicateDetectionAndBypassAreAskedForOnRequestOnly() {
        RowWrites.Write write = RowWrites.Write.create(ID, Map.of("firstname", "Ann"));
        assertThat(headers(Map.of(), write).keySet()).noneMatch(name -> name.startsWith("MSCRM."));
        assertThat(headers(
                        Map.of(
                                DynamicsSinkConfig.DUPLICATE_DETECTION, "true",
                                DynamicsSinkConfig.BYPASS_LOGIC, "CustomSync,CustomAsync"),
                        write))
                .containsEntry("MSCRM.SuppressDuplicateDetection", "false")
                .containsEntry("MSCRM.BypassBusinessLogicExecution", "CustomSync,CustomAsync");
    }
}
