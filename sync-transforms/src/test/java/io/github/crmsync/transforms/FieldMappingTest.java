package io.github.crmsync.transforms;

import static io.github.crmsync.transforms.Records.configured;
import static io.github.crmsync.transforms.Records.fields;
import static io.github.crmsync.transforms.Records.from;
import static io.github.crmsync.transforms.Records.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.crmsync.core.record.MappedField;
import io.github.crmsync.core.record.Meaning.Kind;
import io.github.crmsync.core.record.RefusedField;
import io.github.crmsync.core.record.SyncHeaders;
import io.github.crmsync.transforms.Records.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldMappingTest {
    private static final Set<String> CONTACT = Set.of(
            "firstname~firstname",
            "lastname~lastname",
            "email~emailaddress1",
            "phone~telephone1",
            "mobilephone~mobilephone",
            "jobtitle~jobtitle",
            "address~address1_line1",
            "city~address1_city",
            "state~address1_stateorprovince",
            "zip~address1_postalcode",
            "country~address1_country",
            "website~websiteurl",
            "salutation~salutation",
            "fax~fax");

    private static FieldMapping<SinkRecord> mapping(String... settings) {
        return configured(new FieldMapping<>(), settings);
    }

    private static Set<String> canonical(String app, String... settings) {
        Map<String, String> config = new java.util.LinkedHashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            config.put(settings[i], settings[i + 1]);
        }
        return FieldMapping.fields(config, app).stream()
                .map(field -> field.canonical(app))
                .collect(Collectors.toSet());
    }

    @Test
    void theShippedMappingsAreTheSameInBothDirections() {
        assertThat(canonical("hubspot")).isEqualTo(CONTACT);
        assertThat(canonical("dynamics")).isEqualTo(CONTACT);
        assertThat(canonical("hubspot", "mapping", "default-lead"))
                .containsAll(CONTACT)
                .contains("company~companyname")
                .hasSize(CONTACT.size() + 1)
                .isEqualTo(canonical("dynamics", "mapping", "default-lead"));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void oneTextMapsBothDirections(Shape shape) {
        FieldMapping<SinkRecord> mapping = mapping("mapping", "phone<->telephone1, email<->emailaddress1");
        SinkRecord forth =
                mapping.apply(from("hubspot", shape.record("email", "a@b.nl", "phone", null, "other", "gone")));
        assertThat(fields(forth)).isEqualTo(fields("telephone1", null, "emailaddress1", "a@b.nl"));
        assertThat(header(forth, SyncHeaders.MAPPING)).isEqualTo("phone>telephone1,email>emailaddress1");
        SinkRecord back = mapping.apply(from("dynamics", shape.record("emailaddress1", "a@b.nl", "telephone1", "1")));
        assertThat(fields(back)).isEqualTo(fields("phone", "1", "email", "a@b.nl"));
        assertThat(MappedField.parse(header(back, SyncHeaders.MAPPING)))
                .containsExactly(new MappedField("telephone1", "phone"), new MappedField("emailaddress1", "email"));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void oneWayItemsFlowOneWay(Shape shape) {
        FieldMapping<SinkRecord> mapping = mapping("mapping", "a->x, b<-y");
        SinkRecord forth = mapping.apply(from("hubspot", shape.record("a", "1", "b", "2")));
        assertThat(fields(forth)).isEqualTo(fields("x", "1"));
        assertThat(header(forth, SyncHeaders.MAPPING)).isEqualTo("a>x:one-way");
        assertThat(fields(mapping.apply(from("dynamics", shape.record("x", "1", "y", "2")))))
                .isEqualTo(fields("b", "2"));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aFieldThatWasNotReadIsNotTakenForEmpty(Shape shape) {
        SinkRecord result = mapping("mapping", "a<->x,b<->y").apply(from("hubspot", shape.record("b", null)));
        assertThat(fields(result)).isEqualTo(fields("y", null));
        assertThat(header(result, SyncHeaders.MAPPING)).isEqualTo("b>y");
    }

    @Test
    void aTombstoneCarriesTheWholeMapping() {
        SinkRecord result = mapping("mapping", "a<->x,b<->y").apply(from("dynamics", Records.tombstone()));
        assertThat(result.value()).isNull();
        assertThat(header(result, SyncHeaders.MAPPING)).isEqualTo("x>a,y>b");
    }

    @Test
    void fieldsAreAddedReplacedAndRemoved() {
        assertThat(canonical(
                        "hubspot", "mapping.add", "nickname<->nickname", "mapping.remove", "fax, website<->websiteurl"))
                .contains("nickname~nickname", "phone~telephone1")
                .doesNotContain("fax~fax", "website~websiteurl");
        assertThat(canonical("dynamics", "mapping.add", "fax->fax")).doesNotContain("fax~fax");
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void optionSetsAreTranslatedBothWays(Shape shape) {
        FieldMapping<SinkRecord> mapping = mapping(
                "mapping",
                "gender<->gendercode,optin<->donotemail,kind<->kind",
                "options.gender",
                "male=1; female=2",
                "options.optin",
                "yes=false;no=true",
                "options.kind",
                "A b=x;c=y z");
        assertThat(fields(
                        mapping.apply(from("hubspot", shape.record("gender", "female", "optin", "no", "kind", "A b")))))
                .isEqualTo(fields("gendercode", 2L, "donotemail", true, "kind", "x"));
        assertThat(fields(mapping.apply(
                        from("dynamics", shape.record("gendercode", 1, "donotemail", false, "kind", "y z")))))
                .isEqualTo(fields("gender", "male", "optin", "yes", "kind", "c"));
        assertThat(fields(mapping.apply(from("dynamics", shape.record("gendercode", null)))))
                .isEqualTo(fields("gender", null));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void anUnknownOptionIsARefusedFieldOrLeftOutInSilence(Shape shape) {
        String[] settings = {"mapping", "gender<->gendercode,a<->b", "options.gender", "male=1"};
        SinkRecord message = from("dynamics", shape.record("gendercode", 9, "b", "c"));
        SinkRecord refused = mapping(settings).apply(message);
        assertThat(fields(refused)).isEqualTo(fields("a", "c"));
        assertThat(header(refused, SyncHeaders.MAPPING)).isEqualTo("b>a");
        assertThat(RefusedField.parse(header(refused, SyncHeaders.REFUSED)))
                .containsExactly(new RefusedField(
                        "gendercode",
                        "gender",
                        "Field gendercode holds a value that options.gender does not name: known are 1"));
        SinkRecord omitted = mapping(settings[0], settings[1], settings[2], settings[3], "unknown.option", "omit")
                .apply(message);
        assertThat(header(omitted, SyncHeaders.MAPPING)).isEqualTo("b>a");
        assertThat(header(omitted, SyncHeaders.REFUSED)).isNull();
        assertThat(fields(omitted)).isEqualTo(fields("a", "c"));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void severalOptionsAtOnceAreTranslatedBothWays(Shape shape) {
        FieldMapping<SinkRecord> mapping =
                mapping("mapping", "interests<->interests", "options.interests", "art=1;music=2");
        assertThat(fields(mapping.apply(from("hubspot", shape.record("interests", "art;music")))))
                .isEqualTo(fields("interests", "1,2"));
        assertThat(fields(mapping.apply(from("hubspot", shape.record("interests", "art")))))
                .isEqualTo(fields("interests", 1L));
        assertThat(fields(mapping.apply(from("hubspot", shape.record("interests", null)))))
                .isEqualTo(fields("interests", null));
        assertThat(fields(mapping.apply(from("dynamics", shape.record("interests", "2,1")))))
                .isEqualTo(fields("interests", "music;art"));
        SinkRecord refused = mapping.apply(from("hubspot", shape.record("interests", "art;chess")));
        assertThat(fields(refused)).isEmpty();
        assertThat(header(refused, SyncHeaders.REFUSED)).contains("options.interests");
    }

    @Test
    void aTimeHasItsDayInTheZoneThatIsSet() {
        String[] west = {"mapping", "a<->b:date,c<->d:datetime", "time.zone", "America/Los_Angeles"};
        SinkRecord result =
                mapping(west).apply(from("hubspot", Shape.MAP.record("a", "2023-04-01T01:09:44Z", "c", "2023-04-01")));
        assertThat(fields(result)).isEqualTo(fields("b", "2023-03-31", "d", "2023-04-01T07:00:00Z"));
        // Midnight in UTC as a number is how HubSpot writes a day.
        assertThat(fields(mapping(west).apply(from("hubspot", Shape.MAP.record("a", "1680307200000")))))
                .isEqualTo(fields("b", "2023-04-01"));
        assertThat(fields(mapping("mapping", "a<->b:date")
                        .apply(from("hubspot", Shape.MAP.record("a", "2023-04-01T01:09:44Z")))))
                .isEqualTo(fields("b", "2023-04-01"));
    }

    @Test
    void optionsThatDoNotSurviveTheRoundTripAreRefused() {
        assertThatThrownBy(() -> mapping("mapping", "g<->c", "options.g", "a=1;b=1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("options.g")
                .hasMessageContaining("round trip");
        assertThatThrownBy(() -> mapping("mapping", "g<->c", "options.g", "a=1;a=2"))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> mapping("mapping", "g->c", "options.g", "a=1;a=2"))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> mapping("mapping", "g<->c", "options.g", "a=1;b=01"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("round trip");
        assertThatThrownBy(() -> mapping("mapping", "g<->c", "options.g", "a=0;b=-0"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("round trip");
        mapping("mapping", "g<->c", "options.g", "a=01;b=1;c=x");
        mapping("mapping", "g->c", "options.g", "a=1;b=1");
        mapping("mapping", "g<-c", "options.g", "a=1;a=2");
    }

    @ParameterizedTest
    @CsvSource({
        "options.x, a=1,  no HubSpot property 'x'",
        "options.n, a=1,  already give the type",
        "options.g, a,    is not hubspotValue=dynamicsValue",
        "mapping.remove, x, no field 'x' to remove",
        "mapping.add, g<->d, filled from both",
        "mapping.add, h<->c, filled from both",
        "default.region, Germany, two letters"
    })
    void whatContradictsTheMappingIsRefused(String setting, String value, String message) {
        assertThatThrownBy(() -> mapping("mapping", "g<->c,n<->m:integer", setting, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a<->", "a=b", "a<->b:money", "default-account", "a<->b,a->b", "a<->b c"})
    void aMappingThatCannotBeReadIsFoundWhenTheConfigurationIsValidated(String text) {
        for (String setting : List.of("mapping", "mapping.add")) {
            assertThat(FieldMapping.CONFIG
                            .validateAll(Map.of(setting, text))
                            .get(setting)
                            .errorMessages())
                    .singleElement()
                    .asString()
                    .contains(setting);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "integer,  42,                        42",
        "integer,  42.0,                      42",
        "decimal,  1E+3,                      1000",
        "decimal,  12.50,                     12.50",
        "boolean,  TRUE,                      true",
        "date,     2024-02-29,                2024-02-29",
        "date,     2024-02-29T23:30:00-02:00, 2024-03-01",
        "datetime, 2024-02-29T10:00:00+02:00, 2024-02-29T08:00:00Z",
        "datetime, 1709164800000,             2024-02-29T00:00:00Z",
        "text,     ' a ',                     ' a '"
    })
    void typesConvertText(String type, String value, String converted) {
        for (Shape shape : Shape.values()) {
            SinkRecord result = mapping("mapping", "a<->b:" + type).apply(from("hubspot", shape.record("a", value)));
            assertThat(fields(result).get("b")).asString().isEqualTo(converted);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"integer", "decimal", "boolean", "date", "datetime", "text"})
    void emptyIsEmptyInEveryType(String type) {
        for (Object empty : new String[] {null, "", "  "}) {
            assertThat(fields(mapping("mapping", "a<->b:" + type)
                            .apply(from("hubspot", Shape.STRUCT.record("a", empty)))))
                    .isEqualTo(fields("b", null));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"integer", "decimal", "boolean", "date", "datetime"})
    void aValueOfAnotherTypeIsARefusedFieldAndTheRestFlows(String type) {
        for (Shape shape : Shape.values()) {
            for (String value : List.of("secret", "1234;5678", "1E999999999", "9".repeat(40) + "-01-01")) {
                SinkRecord result = mapping("mapping", "a<->b:" + type + ",c<->d")
                        .apply(from("hubspot", shape.record("a", value, "c", "Ann")));
                assertThat(fields(result)).isEqualTo(fields("d", "Ann"));
                assertThat(header(result, SyncHeaders.MAPPING)).isEqualTo("c>d");
                assertThat(RefusedField.parse(header(result, SyncHeaders.REFUSED)))
                        .containsExactly(new RefusedField("a", "b", "Field a does not hold a value of type " + type));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void whatAFieldMeansTravelsInTheDirectiveAndItsValuesPassAsTheyAre(Shape shape) {
        FieldMapping<SinkRecord> mapping =
                mapping("mapping", "a<->x:phone,b<->y:country,c<->z:email,d<->w:integer", "default.region", "de");
        SinkRecord result =
                mapping.apply(from("dynamics", shape.record("x", " 030 1", "y", "", "z", "A@b.org", "w", "1")));
        assertThat(header(result, SyncHeaders.MAPPING)).isEqualTo("x>a:phone/DE,y>b:country,z>c:email,w>d");
        assertThat(fields(result)).isEqualTo(fields("a", " 030 1", "b", "", "c", "A@b.org", "d", 1L));
    }

    @Test
    void theShippedMappingsKnowPhonesCountriesAndAddresses() {
        for (String shipped : List.of("default-contact", "default-lead")) {
            Map<Kind, List<String>> byMeaning = FieldMapping.fields(Map.of("mapping", shipped), "hubspot").stream()
                    .collect(Collectors.groupingBy(
                            field -> field.meaning().kind(),
                            Collectors.mapping(MappedField::source, Collectors.toList())));
            assertThat(byMeaning.get(Kind.PHONE)).containsExactly("phone", "mobilephone", "fax");
            assertThat(byMeaning.get(Kind.COUNTRY)).containsExactly("country");
            assertThat(byMeaning.get(Kind.EMAIL)).containsExactly("email");
        }
    }

    @Test
    void optionsTakeThePlaceOfAMeaning() {
        SinkRecord result = mapping("options.country", "Germany=100;France=101")
                .apply(from("hubspot", Shape.MAP.record("country", "France")));
        assertThat(fields(result)).isEqualTo(fields("address1_country", 101L));
        assertThat(header(result, SyncHeaders.MAPPING)).isEqualTo("country>address1_country");
    }

    @Test
    void schemasAreMadeOnce() {
        FieldMapping<SinkRecord> mapping = mapping("mapping", "a<->b");
        assertThat(mapping.apply(from("hubspot", Shape.STRUCT.record("a", "1"))).valueSchema())
                .isSameAs(mapping.apply(from("hubspot", Shape.STRUCT.record("a", "2")))
                        .valueSchema());
    }

    @Test
    void aRecordOfUnknownOriginAsksForTheSetting() {
        assertThatThrownBy(() -> mapping().apply(Shape.MAP.record("a", "b")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("source.app");
        assertThatThrownBy(() -> mapping().apply(from("salesforce", Shape.MAP.record("a", "b"))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("salesforce");
    }
}
