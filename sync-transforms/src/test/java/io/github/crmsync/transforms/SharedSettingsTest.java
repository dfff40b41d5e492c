package io.github.crmsync.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import io.github.crmsync.core.config.FilterFields;
import io.github.crmsync.core.config.TransformChain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the connectors know of the transforms' settings is what the transforms have. */
class SharedSettingsTest {
    @Test
    void theConnectorsKnowAllSettingsOfTheTransforms() {
        Map<String, Set<String>> settings = new HashMap<>();
        for (SyncTransform<?> transform : List.of(
                new SyncFilter<>(),
                new EmailDedup<>(),
                new FieldMapping<>(),
                new LifecycleStage<>(),
                new ConflictMerge<>())) {
            settings.put(transform.getClass().getName(), transform.config().names());
        }
        assertThat(TransformChain.SETTINGS).isEqualTo(settings);
        assertThat(TransformChain.OPTIONS_PREFIX).isEqualTo(FieldMapping.OPTIONS_PREFIX);
    }

    /** The compiler's own view of the expression's fields against that of the connectors. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "record.country == 'NL' && record.email.endsWith('.nl')",
                "record['country'] == \"record.no\" || record [ \"a-b\" ] == 'its'",
                "has(record.rating) && record.rating > 3",
                "'vip' in record && record.vip == true",
                "record.size() > 3 && record.exists(name, name == 'city')",
                "record.address.city == 'Rome' // record.comment\n && record . zip != r'a\\d'",
                "['a', 'b'].exists(record_, record_ == record.tag)",
                "record.note == '''it's record.none''' && !(record.kind in ['x', 'y'])",
                "record.note.startsWith('a\\'b record.hidden') ? record.yes : record.no",
                "record.map(k, record[k]).size() > 0",
                "record.a == null && dyn(record).b == 1 && b'record.c' != b''"
            })
    void fieldsAreTheCompilersOwn(String expression) throws Exception {

        CelAbstractSyntaxTree tree = CelFactory.standardCelBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(CelExtensions.strings())
                .addVar("record", MapType.create(SimpleType.STRING, SimpleType.DYN))
                .build()
                .compile(expression)
                .getAst();
        Set<String> used = new HashSet<>();
        Set<String> asked = new HashSet<>();
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(node -> node.expr())
                .forEach(node -> {
                    if (node.getKind() == Kind.SELECT && isRecord(node.select().operand())) {
                        (node.select().testOnly() ? asked : used)
                                .add(node.select().field());
                    } else if (node.getKind() == Kind.CALL) {
                        List<CelExpr> of = node.call().args();
                        if (node.call().function().equals("_[_]") && isRecord(of.get(0)) && text(of.get(1)) != null) {
                            used.add(text(of.get(1)));
                        } else if (node.call().function().equals("@in")
                                && isRecord(of.get(1))
                                && text(of.get(0)) != null) {
                            asked.add(text(of.get(0)));
                        }
                    }
                });
        assertThat(FilterFields.of(expression)).isEqualTo(new FilterFields(used, asked));
    }

    private static boolean isRecord(CelExpr expression) {
        return expression.getKind() == Kind.IDENT && expression.ident().name().equals("record");
    }

    private static String text(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? expression.constant().stringValue()
                : null;
    }
}
