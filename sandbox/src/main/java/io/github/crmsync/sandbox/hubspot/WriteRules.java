package io.github.crmsync.sandbox.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.sandbox.http.Faults;
import io.github.crmsync.sandbox.http.Json;
import io.github.crmsync.sandbox.http.Request;
import java.net.IDN;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Decides which property values may be written and brings accepted ones into their stored form. */
final class WriteRules {
    private static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\\.)+([A-Za-z]{2,}|xn--[A-Za-z0-9-]+)");
    /** Longest text of a property; which code the service gives for a longer one is not documented. */
    private static final int MAX_VALUE = 65_536;

    private static final List<String> NAMES = List.of("email", "firstname", "lastname");
    /** What follows is a JSON array as text. */
    private static final String INVALID = "Property values were not valid: ";

    private record Problem(String name, String code, String message, String value) {}

    private final PropertyCatalog catalog;
    private final ContactStore store;
    private final Faults faults;
    private final HubSpotOptions options;

    WriteRules(PropertyCatalog catalog, ContactStore store, Faults faults, HubSpotOptions options) {
        this.catalog = catalog;
        this.store = store;
        this.faults = faults;
        this.options = options;
    }

    /** The accepted changes; {@code existing} is null for a new contact. */
    Map<String, String> check(JsonNode properties, Contact existing, Request request) {
        boolean enforcing = PortalRules.enforcedBy(Bodies.version(request));
        if (!properties.isObject()) {
            throw ApiException.validation("Invalid input JSON: properties must be an object");
        }
        Map<String, String> accepted = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        properties.properties().forEach(field -> {
            JsonNode node = field.getValue();
            if (node.isNull() && !options.has(Quirk.NULL_CLEARS) && catalog.live(field.getKey()) != null) {
                return;
            }
            if (node.isContainerNode()) {
                throw ApiException.validation("Invalid input JSON: cannot read the value of " + field.getKey());
            }
            String value = node.isNull() ? "" : node.asText();
            try {
                refuseSeconds(field.getKey(), value, enforcing);
                String stored = accept(field.getKey(), value, existing);
                if (stored != null) {
                    accepted.put(field.getKey(), stored);
                }
            } catch (PropertyValues.Refused refused) {
                problems.add(new Problem(field.getKey(), refused.code(), refused.getMessage(), value));
            }
        });
        if (enforcing) {
            problems.addAll(missing(accepted, existing));
        }
        if (!problems.isEmpty()) {
            throw invalid(problems);
        }
        if (existing == null
                && !options.has(Quirk.NAMELESS_CONTACTS)
                && NAMES.stream()
                        .allMatch(name -> accepted.getOrDefault(name, "").isEmpty())) {
            throw ApiException.validation("One of email, firstname or lastname is required");
        }
        return accepted;
    }

    /** What an administrator's rules require and the contact would not have. */
    private List<Problem> missing(Map<String, String> changes, Contact existing) {
        List<Problem> missing = new ArrayList<>();
        if (existing == null) {
            for (String name : options.rules().requiredOnCreate()) {
                if (changes.getOrDefault(name, "").isEmpty()) {
                    missing.add(new Problem(
                            name, "MISSING_REQUIRED_PROPERTY", "A value for " + name + " must be provided", ""));
                }
            }
        }
        for (PortalRules.Conditional rule : options.rules().conditional()) {
            boolean touched = changes.containsKey(rule.property()) || changes.containsKey(rule.required());
            if (touched
                    && after(changes, existing, rule.property()).equals(rule.value())
                    && after(changes, existing, rule.required()).isEmpty()) {
                missing.add(new Problem(
                        rule.required(),
                        "MISSING_CONDITIONAL_REQUIRED_PROPERTY",
                        rule.required() + " is required because of a conditional property rule based on ["
                                + rule.property() + "]",
                        ""));
            }
        }
        return missing;
    }

    private static String after(Map<String, String> changes, Contact existing, String name) {
        String before = existing == null ? null : existing.get(name);
        return changes.getOrDefault(name, before == null ? "" : before);
    }

    private void refuseSeconds(String name, String value, boolean enforcing) throws PropertyValues.Refused {
        PropertyDefinition definition = catalog.live(name);
        if (enforcing
                && options.has(Quirk.REJECT_EPOCH_SECONDS)
                && definition != null
                && definition.type().startsWith("date")
                && value.matches("\\d{9,10}")) {
            throw new PropertyValues.Refused(
                    "INVALID_DATE", value + " was not a valid date: milliseconds are expected");
        }
    }

    /** Whether the refusal is about property values. */
    static boolean isInvalid(ApiException refusal) {
        return refusal.getMessage().startsWith(INVALID);
    }

    /** One refusal with the problems of all, which does not say what belongs to which input. */
    static ApiException together(List<ApiException> refusals) {
        List<String> entries = new ArrayList<>();
        List<Object> errors = new ArrayList<>();
        for (ApiException refusal : refusals) {
            String array = refusal.getMessage().substring(INVALID.length());
            entries.add(array.substring(1, array.length() - 1));
            errors.addAll(refusal.errors());
        }
        return ApiException.validation(INVALID + "[" + String.join(",", entries) + "]")
                .with("errors", errors);
    }

    /** The refusal of a value of a unique property that another input of the same call has as well. */
    ApiException takenInSameCall(String name, String value) {
        return invalid(List.of(new Problem(
                name, "CONFLICTING_UNIQUE_VALUE", "Another input of the request has the value " + value + ".", value)));
    }

    private static ApiException invalid(List<Problem> problems) {
        List<Object> inMessage = new ArrayList<>();
        List<Object> errors = new ArrayList<>();
        for (Problem problem : problems) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("isValid", false);
            entry.put("message", problem.message());
            entry.put("error", problem.code());
            entry.put("name", problem.name());
            entry.put("propertyValue", problem.value());
            entry.put("localizedErrorMessage", problem.message());
            inMessage.add(entry);
            errors.add(Map.of(
                    "message", problem.message(),
                    "code", problem.code(),
                    "context", Map.of("propertyName", List.of(problem.name()))));
        }
        return ApiException.validation(INVALID + Json.text(inMessage)).with("errors", errors);
    }

    /** The stored form, or null when the write is silently ignored. */
    private String accept(String name, String value, Contact existing) throws PropertyValues.Refused {
        PropertyDefinition definition = catalog.live(name);
        if (definition == null) {
            throw new PropertyValues.Refused("PROPERTY_DOESNT_EXIST", "Property \"" + name + "\" does not exist");
        }
        if (definition.readOnly() || definition.calculated()) {
            throw new PropertyValues.Refused(
                    "READ_ONLY_VALUE", "\"" + name + "\" is a calculated property; its value cannot be set.");
        }
        if (value.length() > MAX_VALUE) {
            throw new PropertyValues.Refused("VALUE_TOO_LONG", "The value is longer than " + MAX_VALUE + " characters");
        }
        if (faults.rejects(name, value)) {
            throw new PropertyValues.Refused("INVALID_VALUE", value + " was not accepted for " + name);
        }
        if (value.isEmpty()) {
            return "";
        }
        if (definition.unique()) {
            Contact owner = store.byUnique(name, value);
            if (owner != null && (existing == null || owner.id() != existing.id())) {
                throw new PropertyValues.Refused("CONFLICTING_UNIQUE_VALUE", owner.id() + " already has that value.");
            }
        }
        if (name.equals("email")) {
            return email(value);
        }
        if (name.equals("lifecyclestage")) {
            return stage(definition, value, existing);
        }
        return PropertyValues.stored(definition, value, existing);
    }

    private String email(String value) throws PropertyValues.Refused {
        String typed = value.strip();
        String address = ascii(typed);
        boolean foreign = options.has(Quirk.ASCII_ADDRESSES) && !typed.equals(address);
        if (foreign || !EMAIL.matcher(address).matches() || blocked(typed)) {
            throw new PropertyValues.Refused("INVALID_EMAIL", "Email address " + value + " is invalid");
        }
        return (options.has(Quirk.PUNYCODE_ADDRESSES) ? address : typed).toLowerCase(Locale.ROOT);
    }

    /** The domain may be an international one; the part before it may not (HubSpot's rules for addresses, RFC 2822). */
    private static String ascii(String address) {
        int at = address.lastIndexOf('@');
        try {
            return at < 0 ? address : address.substring(0, at + 1) + IDN.toASCII(address.substring(at + 1));
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    private boolean blocked(String address) {
        return !options.has(Quirk.BLOCKED_ADDRESSES_RETURN) && store.blocked(address.toLowerCase(Locale.ROOT));
    }

    private String stage(PropertyDefinition definition, String value, Contact existing) throws PropertyValues.Refused {
        String wanted = PropertyValues.option(definition, value);
        String current = existing == null ? null : existing.get("lifecyclestage");
        List<String> funnel = definition.funnel();
        if (current == null || funnel.indexOf(wanted) >= funnel.indexOf(current)) {
            return wanted;
        }
        if (options.has(Quirk.REJECT_LIFECYCLE_BACKWARDS)) {
            throw new PropertyValues.Refused(
                    "INVALID_OPTION", "lifecyclestage cannot move from " + current + " to " + wanted);
        }
        return null;
    }

    /** Refuses an address that another contact has. */
    void checkEmailFree(Map<String, String> changes, Contact existing) {
        String email = changes.get("email");
        Contact owner = email == null || email.isEmpty() ? null : store.byEmail(email);
        if (owner != null && (existing == null || owner.id() != existing.id())) {
            throw options.has(Quirk.HIDE_CONFLICT_OWNER)
                    ? new ApiException(409, "CONFLICT", "Contact already exists")
                    : new ApiException(409, "CONFLICT", "Contact already exists. Existing ID: " + owner.id());
        }
    }
}
