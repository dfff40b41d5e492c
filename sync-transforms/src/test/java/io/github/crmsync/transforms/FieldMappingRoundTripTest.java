package io.github.crmsync.transforms;

import static io.github.crmsync.transforms.Records.configured;
import static io.github.crmsync.transforms.Records.fields;
import static io.github.crmsync.transforms.Records.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.crmsync.transforms.Records.Shape;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.connect.sink.SinkRecord;

class FieldMappingRoundTripTest {
    private final FieldMapping<SinkRecord> mapping = configured(
            new FieldMapping<>(),
            "mapping",
            "any<->x_any,text<->x_text:text,integer<->x_integer:integer,decimal<->x_decimal:decimal,"
                    + "bool<->x_bool:boolean,date<->x_date:date,time<->x_time:datetime,option<->x_option",
            "options.option",
            "low=1;middle=2;high=100000003");

    @Property
    void whatGoesToTheOtherAppAndBackIsUnchanged(@ForAll Shape shape, @ForAll("values") List<Object> values) {
        SinkRecord message = shape.record(
                "any", values.get(0),
                "text", values.get(1),
                "integer", values.get(2),
                "decimal", values.get(3),
                "bool", values.get(4),
                "date", values.get(5),
                "time", values.get(6),
                "option", values.get(7));
        SinkRecord there = mapping.apply(from("hubspot", message));
        SinkRecord back = mapping.apply(from("dynamics", there));
        assertThat(fields(back)).isEqualTo(fields(message));
    }

    @Provide
    Arbitrary<List<Object>> values() {
        Arbitrary<String> text = Arbitraries.strings().filter(s -> !s.isBlank());
        List<Arbitrary<Object>> all = List.of(
                Arbitraries.oneOf(Arbitraries.strings(), Arbitraries.longs()).asGeneric(),
                text.asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.bigDecimals().map(BigDecimal::toPlainString).asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.longs()
                        .between(-100_000, 100_000)
                        .map(day -> LocalDate.ofEpochDay(day).toString())
                        .asGeneric(),
                Arbitraries.longs()
                        .between(-4_000_000_000_000L, 4_000_000_000_000L)
                        .map(ms -> Instant.ofEpochMilli(ms).toString())
                        .asGeneric(),
                Arbitraries.of("low", "middle", "high").asGeneric());
        return Combinators.combine(all.stream().map(a -> a.injectNull(0.1)).toList())
                .as(list -> list);
    }
}
