package io.github.crmsync.sandbox.dynamics;

/** Which annotations the caller wants ({@code Prefer: odata.include-annotations}). */
record Annotations(boolean formatted, boolean lookups, boolean counts) {
    static final String FORMATTED = "OData.Community.Display.V1.FormattedValue";
    private static final String CRM = Table.NAMESPACE;

    static Annotations of(ApiRequest request) {
        String wanted = request.preference("odata.include-annotations");
        if (wanted == null) {
            return new Annotations(false, false, false);
        }
        return new Annotations(
                has(wanted, FORMATTED), has(wanted, CRM + "lookuplogicalname"), has(wanted, CRM + "totalrecordcount"));
    }

    private static boolean has(String wanted, String name) {
        for (String pattern : wanted.split(",")) {
            String text = pattern.trim();
            boolean start = text.endsWith("*") && name.startsWith(text.substring(0, text.length() - 1));
            if (start || text.equals(name)) {
                return true;
            }
        }
        return false;
    }
}
