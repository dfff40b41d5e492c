package io.github.crmsync.core.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The fields that a filter's expression names: {@code record.x} and {@code record['x']}. A connector cannot compile the
 * expression, because the language's library belongs to the transforms; it needs the names only.
 *
 * @param used fields that the expression needs
 * @param asked fields that it asks for with {@code has(record.x)} or {@code 'x' in record}: their records may lack them
 */
public record FilterFields(Set<String> used, Set<String> asked) {
    private static final String RECORD = "record";

    private enum Kind {
        NAME,
        TEXT,
        SIGN
    }

    private record Token(Kind kind, String text) {
        boolean is(String sign) {
            return kind != Kind.TEXT && text.equals(sign);
        }
    }

    private static final Token END = new Token(Kind.SIGN, "");

    /** Reads an expression in CEL; one that cannot be read may give any names. */
    public static FilterFields of(String expression) {
        List<Token> tokens = tokens(expression);
        Set<String> used = new LinkedHashSet<>();
        Set<String> asked = new LinkedHashSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (!at(tokens, i).is(RECORD) || at(tokens, i - 1).is(".")) {
                continue;
            }
            if (at(tokens, i - 1).is("in") && at(tokens, i - 2).kind == Kind.TEXT) {
                asked.add(at(tokens, i - 2).text);
            }
            boolean has = at(tokens, i - 1).is("(") && at(tokens, i - 2).is("has");
            if (at(tokens, i + 1).is(".")
                    && at(tokens, i + 2).kind == Kind.NAME
                    && !at(tokens, i + 3).is("(")) {
                (has ? asked : used).add(at(tokens, i + 2).text);
            } else if (at(tokens, i + 1).is("[")
                    && at(tokens, i + 2).kind == Kind.TEXT
                    && at(tokens, i + 3).is("]")) {
                used.add(at(tokens, i + 2).text);
            }
        }
        return new FilterFields(used, asked);
    }

    private static Token at(List<Token> tokens, int index) {
        return index < 0 || index >= tokens.size() ? END : tokens.get(index);
    }

    /** The grammar's literals and identifiers (CEL specification, "Syntax"); all else is a sign of one character. */
    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int quote = quoteAt(text, i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if (text.startsWith("//", i)) {
                int line = text.indexOf('\n', i);
                i = line < 0 ? text.length() : line;
            } else if (quote >= 0) {
                i = string(text, quote, text.substring(i, quote).toLowerCase(java.util.Locale.ROOT), tokens);
            } else if (c == '`') {
                int end = text.indexOf('`', i + 1);
                end = end < 0 ? text.length() : end;
                tokens.add(new Token(Kind.NAME, text.substring(i + 1, end)));
                i = end + 1;
            } else if (Character.isJavaIdentifierStart(c)) {
                int end = i;
                while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
                    end++;
                }
                tokens.add(new Token(Kind.NAME, text.substring(i, end)));
                i = end;
            } else {
                tokens.add(new Token(Kind.SIGN, String.valueOf(c)));
                i++;
            }
        }
        return tokens;
    }

    /** Where the quote of a string stands that begins here, after its prefix of r and b; -1 if none begins. */
    private static int quoteAt(String text, int start) {
        int i = start;
        while (i < text.length() && i < start + 2 && "rRbB".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i < text.length() && (text.charAt(i) == '\'' || text.charAt(i) == '"') ? i : -1;
    }

    /** Adds the string and returns where it ends. */
    private static int string(String text, int quote, String prefix, List<Token> tokens) {
        String mark = text.substring(quote, quote + 1);
        String closing = text.startsWith(mark.repeat(3), quote) ? mark.repeat(3) : mark;
        StringBuilder value = new StringBuilder();
        int i = quote + closing.length();
        while (i < text.length() && !text.startsWith(closing, i)) {
            if (text.charAt(i) == '\\' && !prefix.contains("r") && i + 1 < text.length()) {
                i++;
            }
            value.append(text.charAt(i));
            i++;
        }
        tokens.add(new Token(Kind.TEXT, value.toString()));
        return i + closing.length();
    }
}
