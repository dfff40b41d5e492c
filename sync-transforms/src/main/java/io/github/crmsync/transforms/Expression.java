package io.github.crmsync.transforms;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * A condition in CEL over the map {@code record}.
 *
 * @see <a href="https://cel.dev">Common Expression Language</a>
 */
final class Expression {
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .addVar("record", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .setResultType(SimpleType.BOOL)
            .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().build();

    private final CelRuntime.Program program;

    private Expression(CelRuntime.Program program) {
        this.program = program;
    }

    /** @throws IllegalArgumentException with CEL's own message */
    static Expression compile(String text) {
        try {
            return new Expression(RUNTIME.createProgram(COMPILER.compile(text).getAst()));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Whether the record meets the condition; a field that it asks for and that is missing or empty means no. */
    boolean holds(Map<String, Object> record) {
        Map<String, Object> filled = new HashMap<>();
        record.forEach((name, value) -> {
            if (value != null) {
                filled.put(name, value instanceof Integer number ? Long.valueOf(number) : value);
            }
        });
        try {
            return Boolean.TRUE.equals(program.eval(Map.of("record", filled)));
        } catch (CelEvaluationException e) {
            return false;
        }
    }
}
