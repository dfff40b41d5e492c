package io.github.crmsync.sandbox.hubspot;

import io.github.crmsync.sandbox.hubspot.PropertyDefinition.Option;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The contact properties of the portal, starting with the usual ones. */
final class PropertyCatalog {
    private static final String BORN = "2020-06-30T15:57:38.000Z";
    private final Map<String, PropertyDefinition> byName = new ConcurrentSkipListMap<>();

    PropertyCatalog() {
        for (String name : new String[] {
            "firstname",
            "lastname",
            "jobtitle",
            "company",
            "address",
            "city",
            "state",
            "zip",
            "country",
            "website",
            "salutation",
            "fax",
            "date_of_birth",
            "industry",
            "gender",
            "message",
            "school",
            "degree",
            "company_size",
            "twitterhandle",
            "work_email"
        }) {
            standard(name, "string", "text", false);
        }
        standard("email", "string", "text", false);
        standard("phone", "string", "phonenumber", false);
        standard("mobilephone", "string", "phonenumber", false);
        standard("annualrevenue", "number", "number", false);
        standard("closedate", "datetime", "date", false);
        standard("hs_email_optout", "bool", "booleancheckbox", true);
        choice("numemployees", "numberofemployees-ranges", "1-5", "5-25", "25-50", "50-100", "100-500", "500-1000");
        standard("numberofemployees", "number", "number", false);
        choice(
                "lifecyclestage",
                "contactinformation",
                "subscriber",
                "lead",
                "marketingqualifiedlead",
                "salesqualifiedlead",
                "opportunity",
                "customer",
                "evangelist",
                "other");
        choice(
                "hs_lead_status",
                "sales_properties",
                "NEW",
                "OPEN",
                "IN_PROGRESS",
                "OPEN_DEAL",
                "UNQUALIFIED",
                "ATTEMPTED_TO_CONTACT",
                "CONNECTED",
                "BAD_TIMING");
        choice(
                "hs_language",
                "contactinformation",
                "ar",
                "de",
                "en",
                "en-gb",
                "en-us",
                "es",
                "fr",
                "he",
                "it",
                "ja",
                "pl");
        for (String name : new String[] {
            "hs_additional_emails", "hs_merged_object_ids", "hs_calculated_merged_vids", "hs_object_source",
            "hs_object_source_id", "hs_object_source_label", "hs_object_source_detail_1", "hs_object_source_detail_2",
            "hs_object_source_detail_3", "hs_object_source_user_id", "hs_email_domain", "hs_full_name_or_email",
            "hs_all_contact_vids", "hs_pipeline"
        }) {
            standard(name, "string", "text", true);
        }
        standard("createdate", "datetime", "date", true);
        standard("lastmodifieddate", "datetime", "date", true);
        standard("hs_lastmodifieddate", "datetime", "date", true);
        standard("hs_lifecyclestage_lead_date", "datetime", "date", true);
        standard("hs_object_id", "number", "number", true);
        standard("hs_is_contact", "bool", "booleancheckbox", true);
        standard("hs_is_unworked", "bool", "booleancheckbox", true);
    }

    private void standard(String name, String type, String fieldType, boolean readOnly) {
        boolean calculated = readOnly && (name.startsWith("hs_email_domain") || name.startsWith("hs_full_name"));
        put(new PropertyDefinition(
                name,
                label(name),
                "",
                "contactinformation",
                type,
                fieldType,
                List.of(),
                false,
                readOnly,
                calculated,
                true,
                false,
                "non_sensitive",
                BORN,
                BORN));
    }

    private void choice(String name, String group, String... values) {
        List<Option> options = new ArrayList<>();
        for (String value : values) {
            options.add(new Option(label(value), value, options.size(), false));
        }
        String fieldType = name.equals("lifecyclestage") || name.equals("hs_lead_status") ? "radio" : "select";
        String groupName = group.contains("ranges") ? "contactinformation" : group;
        put(new PropertyDefinition(
                name,
                label(name),
                "",
                groupName,
                "enumeration",
                fieldType,
                List.copyOf(options),
                false,
                false,
                false,
                true,
                false,
                "non_sensitive",
                BORN,
                BORN));
    }

    private static String label(String name) {
        String plain = name.replaceFirst("^hs_", "").replace('_', ' ').toLowerCase(Locale.ROOT);
        return plain.isEmpty() ? name : Character.toUpperCase(plain.charAt(0)) + plain.substring(1);
    }

    void put(PropertyDefinition definition) {
        byName.put(definition.name(), definition);
    }

    /** The live or archived definition, or null. */
    PropertyDefinition find(String name) {
        return byName.get(name);
    }

    /** The live definition, or null. */
    PropertyDefinition live(String name) {
        PropertyDefinition found = byName.get(name);
        return found == null || found.archived() ? null : found;
    }

    Collection<PropertyDefinition> all() {
        return byName.values();
    }

    List<String> uniqueNames() {
        return byName.values().stream()
                .filter(definition -> definition.unique() && !definition.archived())
                .map(PropertyDefinition::name)
                .toList();
    }
}
