package io.github.crmsync.sandbox.hubspot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The definition of one contact property. */
record PropertyDefinition(
        String name,
        String label,
        String description,
        String groupName,
        String type,
        String fieldType,
        List<Option> options,
        boolean unique,
        boolean readOnly,
        boolean calculated,
        boolean hubspotDefined,
        boolean archived,
        String sensitivity,
        String createdAt,
        String updatedAt) {

    /** One allowed value of an enumeration. */
    record Option(String label, String value, int displayOrder, boolean hidden) {
        Map<String, Object> view() {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("label", label);
            view.put("value", value);
            view.put("displayOrder", displayOrder);
            view.put("hidden", hidden);
            return view;
        }
    }

    List<String> values() {
        return options.stream().map(Option::value).toList();
    }

    /** The values in their display order, which is the order of lifecycle stages. */
    List<String> funnel() {
        return options.stream()
                .sorted(Comparator.comparingInt(Option::displayOrder))
                .map(Option::value)
                .toList();
    }

    PropertyDefinition withArchived(boolean nowArchived) {
        return new PropertyDefinition(
                name,
                label,
                description,
                groupName,
                type,
                fieldType,
                options,
                unique,
                readOnly,
                calculated,
                hubspotDefined,
                nowArchived,
                sensitivity,
                createdAt,
                updatedAt);
    }

    Map<String, Object> view() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("updatedAt", updatedAt);
        view.put("createdAt", createdAt);
        view.put("name", name);
        view.put("label", label);
        view.put("type", type);
        view.put("fieldType", fieldType);
        view.put("description", description);
        view.put("groupName", groupName);
        List<Object> optionViews = new ArrayList<>();
        options.forEach(option -> optionViews.add(option.view()));
        view.put("options", optionViews);
        view.put("displayOrder", -1);
        view.put("calculated", calculated);
        view.put("externalOptions", false);
        view.put("archived", archived);
        view.put("hasUniqueValue", unique);
        view.put("hidden", false);
        view.put("hubspotDefined", hubspotDefined);
        view.put("formField", !readOnly);
        view.put("dataSensitivity", sensitivity);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("archivable", !hubspotDefined);
        metadata.put("readOnlyDefinition", hubspotDefined);
        metadata.put("readOnlyValue", readOnly);
        if (type.equals("enumeration")) {
            metadata.put("readOnlyOptions", false);
        }
        view.put("modificationMetadata", metadata);
        return view;
    }
}
