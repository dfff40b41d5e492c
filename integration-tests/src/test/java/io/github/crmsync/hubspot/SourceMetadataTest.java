package io.github.crmsync.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.transforms.FieldMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which properties the source reads, and the schema that it makes of their definitions. */
class SourceMetadataTest {
    private static final String MAPPING = "io.github.crmsync.transforms.FieldMapping";
    private static final List<Map<String, ?>> COLOURS = List.of(
            Map.of("label", "Red", "value", "red", "hidden", false, "displayOrder", 0),
            Map.of("label", "Blue", "value", "blue", "hidden", false, "displayOrder", 1));

    private final Portal portal = Portal.open();

    @AfterEach
    void close() {
        portal.close();
    }

    private void property(String name, String type, String fieldType, Map<String, ?> more) {
        Map<String, Object> definition = new HashMap<>(Map.of("name", name, "type", type, "fieldType", fieldType));
        definition.putAll(more);
        portal.createProperty(definition);
    }

    private static Map<String, String> reading(String properties) {
        return Map.of(HubSpotSourceConfig.PROPERTIES, properties, HubSpotConfig.METADATA_INTERVAL_MS, "100");
    }

    private static Schema field(SourceRecord record, String name) {
        return record.valueSchema().field(name).schema();
    }

    @Test
    void valuesCarryTheTypesOfHubSpot() {
        property("vip", "bool", "booleancheckbox", Map.of("options", List.of()));
        property("size", "number", "number", Map.of());
        property("seen", "datetime", "date", Map.of());
        property("born", "date", "date", Map.of());
        property("colours", "enumeration", "checkbox", Map.of("options", COLOURS));
        String id = portal.create(Map.of(
                "email",
                "a@example.com",
                "vip",
                "true",
                "size",
                "12345678901234567890.10",
                "seen",
                "1735689600000",
                "born",
                "1980-02-03",
                "colours",
                "red;blue"));
        try (SourceRun source =
                new SourceRun(portal, reading("email,vip,size,seen,born,colours,firstname"), null).snapshot()) {
            SourceRecord record = source.last(id);
            Struct value = (Struct) record.value();
            assertThat(value.get("vip")).isEqualTo(true);
            assertThat(value.get("size")).isEqualTo("12345678901234567890.10");
            assertThat(value.get("seen")).isEqualTo("2025-01-01T00:00:00Z");
            assertThat(value.get("born")).isEqualTo("1980-02-03");
            assertThat(value.get("colours")).isEqualTo("red;blue");
            assertThat(value.get("firstname")).isNull();
            assertThat(record.valueSchema().fields())
                    .allSatisfy(field -> assertThat(field.schema().isOptional()).isTrue());
            assertThat(field(record, "colours").parameters())
                    .containsEntry("hubspot.type", "enumeration")
                    .containsEntry("hubspot.fieldType", "checkbox")
                    .containsEntry("hubspot.options", "2");
            assertThat(field(record, "vip").type()).isEqualTo(Schema.Type.BOOLEAN);
            assertThat(field(record, "size").parameters()).containsEntry("hubspot.type", "number");
            assertThat(record.valueSchema().version()).isEqualTo(1);
        }
    }

    @Test
    void aPropertyThatIsAddedOrRemovedChangesTheSchemaWithoutARestart() {
        portal.call(
                "POST",
                "/crm/properties/2026-03/contacts/groups",
                Map.of("name", "ours", "label", "Ours", "displayOrder", -1));
        property("first_one", "string", "text", Map.of("groupName", "ours"));
        String id = portal.create(Map.of("email", "a@example.com", "first_one", "1"));
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal, reading("email,group:ours"), null).snapshot()) {
            assertThat(source.last(id).valueSchema().fields())
                    .extracting("name")
                    .containsExactly("email", "first_one");
            property("second_one", "string", "text", Map.of("groupName", "ours"));
            untilVersion(source, id, 2);
            assertThat(SourceRun.value(source.last(id), "second_one")).isEqualTo("2");
            portal.call("DELETE", "/crm/properties/2026-03/contacts/second_one", null);
            untilVersion(source, id, 3);
            assertThat(source.last(id).valueSchema().field("second_one")).isNull();
            offset = source.offset();
        }
        try (SourceRun source = new SourceRun(portal, reading("email,group:ours"), offset)) {
            portal.update(id, Map.of("first_one", "after the restart"));
            source.until(() -> source.ids().contains(id));
            assertThat(source.last(id).valueSchema().version()).isEqualTo(3);
        }
    }

    /** Edits the contact until an image comes with that version of the schema. */
    private void untilVersion(SourceRun source, String id, int version) {
        source.forget();
        List<Integer> edits = new ArrayList<>();
        source.until(() -> {
            boolean there = !source.delivered().isEmpty()
                    && source.last(id).valueSchema().version() == version;
            if (!there) {
                edits.add(edits.size());
                portal.update(id, edit(version, edits.size()));
            }
            return there;
        });
    }

    private static Map<String, String> edit(int version, int edit) {
        return version == 2
                ? Map.of("first_one", "v" + edit, "second_one", "2")
                : Map.of("first_one", "w" + version + edit);
    }

    @Test
    void optionsThatChangeMakeANewSchema() {
        property("colours", "enumeration", "checkbox", Map.of("options", COLOURS));
        String id = portal.create(Map.of("email", "a@example.com", "colours", "red"));
        try (SourceRun source = new SourceRun(portal, reading("email,colours,firstname"), null).snapshot()) {
            portal.call("PATCH", "/crm/properties/2026-03/contacts/colours", Map.of("options", COLOURS.subList(0, 1)));
            source.forget();
            List<Integer> edits = new ArrayList<>();
            source.until(() -> {
                edits.add(edits.size());
                portal.update(id, Map.of("firstname", "Ann" + edits.size()));
                return !source.delivered().isEmpty()
                        && source.last(id).valueSchema().version() == 2;
            });
            assertThat(field(source.last(id), "colours").parameters()).containsEntry("hubspot.options", "1");
        }
    }

    @Test
    void aNamedPropertyThatIsRemovedStopsNothingNotEvenAfterARestart() {
        property("mine", "string", "text", Map.of());
        String id = portal.create(Map.of("email", "a@example.com", "mine", "1"));
        Map<String, ?> offset;
        try (SourceRun source = new SourceRun(portal, reading("email,mine"), null).snapshot()) {
            offset = source.offset();
        }
        portal.call("DELETE", "/crm/properties/2026-03/contacts/mine", null);
        portal.update(id, Map.of("email", "b@example.com"));
        try (SourceRun source = new SourceRun(portal, reading("email,mine"), offset)) {
            source.until(() -> !source.delivered().isEmpty());
            assertThat(source.last(id).valueSchema().fields())
                    .extracting("name")
                    .containsExactly("email");
        }
    }

    @Test
    void allPropertiesAndThoseOfTheMappingCanBeAskedFor() {
        portal.create(Map.of("email", "a@example.com", "city", "Rome"));
        try (SourceRun source = new SourceRun(portal, reading("*"), null).snapshot()) {
            assertThat(source.delivered().get(0).valueSchema().fields())
                    .extracting("name")
                    .contains("email", "city", "hs_object_id", "lifecyclestage");
        }
        Map<String, String> mapped = new HashMap<>(reading("mapped,lifecyclestage"));
        mapped.put("transforms", "other, map");
        mapped.put("transforms.other.type", "org.example.Other");
        mapped.put("transforms.map.type", MAPPING);
        mapped.put("transforms.map.mapping", "email<->emailaddress1, city -> address1_city:text,state<-address1_state");
        mapped.put("transforms.map.mapping.add", "zip<->address1_postalcode");
        try (SourceRun source = new SourceRun(portal, mapped, null).snapshot()) {
            assertThat(source.delivered().get(0).valueSchema().fields())
                    .extracting("name")
                    .containsExactly("email", "city", "zip", "lifecyclestage");
        }
    }

    @Test
    void theDefaultSelectionHoldsWhatTheShippedMappingsNeed() {
        for (String mapping : List.of("default-contact", "default-lead")) {
            assertThat(FieldMapping.fields(Map.of("mapping", mapping), "hubspot"))
                    .extracting(MappedField::source)
                    .isNotEmpty()
                    .isSubsetOf(PropertySelection.DEFAULT);
        }
    }

    @Test
    void whatCannotBeSelectedIsFoundByValidation() {
        assertThat(errors("email,firstnam"))
                .containsExactly("properties: HubSpot has no contact property named firstnam. Did you mean firstname?");
        assertThat(errors("group:nowhere"))
                .containsExactly("properties: HubSpot has no group of contact properties named nowhere");
        assertThat(errors("mapped")).singleElement().asString().contains("transforms.<name>.mapping");
        // Sensitive properties are not among the definitions that HubSpot gives.
        property("secret", "string", "text", Map.of("dataSensitivity", "sensitive"));
        assertThat(errors("email,secret")).containsExactly("properties: HubSpot has no contact property named secret");
        assertThat(errors("*")).isEmpty();
        assertThat(errors("email,group:contactinformation")).isEmpty();
    }

    private List<String> errors(String properties) {
        Map<String, String> props = new HashMap<>(portal.connection());
        props.put(HubSpotSourceConfig.PROPERTIES, properties);
        return new HubSpotSourceConnector()
                .validate(props).configValues().stream()
                        .filter(value -> value.name().equals(HubSpotSourceConfig.PROPERTIES))
                        .map(ConfigValue::errorMessages)
                        .findFirst()
                        .orElseThrow();
    }
}
