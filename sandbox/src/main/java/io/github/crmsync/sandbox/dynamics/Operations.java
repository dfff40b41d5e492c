package io.github.crmsync.sandbox.dynamics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.olingo.commons.api.edm.EdmPrimitiveTypeKind;
import org.apache.olingo.commons.api.edm.FullQualifiedName;
import org.apache.olingo.commons.api.edm.provider.CsdlAction;
import org.apache.olingo.commons.api.edm.provider.CsdlFunction;
import org.apache.olingo.commons.api.edm.provider.CsdlParameter;
import org.apache.olingo.commons.api.edm.provider.CsdlReturnType;

/** Functions and actions in the entity data model. */
final class Operations {
    /** Actions on the rows of a table at once. */
    static final Set<String> BULK_ACTIONS =
            Set.of("CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple");

    /** Tables of the actions on one row. */
    static final Map<String, String> ROW_ACTIONS = Map.of(
            "QualifyLead", "lead",
            "AddMemberList", "list",
            "RemoveMemberList", "list",
            "PublishDuplicateRule", "duplicaterule",
            "UnpublishDuplicateRule", "duplicaterule");

    /** Tables of the functions on one row. */
    static final Map<String, String> ROW_FUNCTIONS = Map.of(Privileges.FUNCTION, "systemuser");

    static final Set<String> UNBOUND_ACTIONS = Set.of("AddListMembersList");

    private static final FullQualifiedName TEXT = EdmPrimitiveTypeKind.String.getFullQualifiedName();
    private static final FullQualifiedName GUID = EdmPrimitiveTypeKind.Guid.getFullQualifiedName();

    private Operations() {}

    static CsdlFunction queryFunction(String name, FilterFunctions.Argument argument) {
        return new CsdlFunction()
                .setName(name)
                .setParameters(queryParameters(argument))
                .setReturnType(new CsdlReturnType()
                        .setType(EdmPrimitiveTypeKind.Boolean.getFullQualifiedName())
                        .setNullable(false));
    }

    static List<CsdlParameter> queryParameters(FilterFunctions.Argument argument) {
        List<CsdlParameter> parameters = new ArrayList<>();
        parameters.add(text("PropertyName", false));
        switch (argument) {
            case ONE -> parameters.add(text("PropertyValue", false));
            case MANY -> parameters.add(text("PropertyValues", true));
            default -> {}
        }
        return parameters;
    }

    private static CsdlParameter text(String name, boolean many) {
        return new CsdlParameter()
                .setName(name)
                .setType(TEXT)
                .setCollection(many)
                .setNullable(false);
    }

    static List<CsdlParameter> bound(FullQualifiedName type, boolean many, List<CsdlParameter> others) {
        List<CsdlParameter> all = new ArrayList<>();
        all.add(new CsdlParameter()
                .setName("entity")
                .setType(type)
                .setCollection(many)
                .setNullable(false));
        all.addAll(others);
        return all;
    }

    /** A function of the service root, or null. */
    static CsdlFunction function(String name) {
        return switch (name) {
            case "WhoAmI" -> new CsdlFunction().setName(name).setReturnType(new CsdlReturnType().setType(TEXT));
            case "RetrieveTotalRecordCount" ->
                new CsdlFunction()
                        .setName(name)
                        .setParameters(List.of(text("EntityNames", true)))
                        .setReturnType(new CsdlReturnType().setType(TEXT));
            default -> null;
        };
    }

    /** A function on one row, or null. */
    static CsdlFunction rowFunction(String name) {
        String table = ROW_FUNCTIONS.get(name);
        return table == null
                ? null
                : new CsdlFunction()
                        .setName(name)
                        .setBound(true)
                        .setParameters(bound(
                                new FullQualifiedName("Microsoft.Dynamics.CRM", table),
                                false,
                                List.of(text("PrivilegeName", false))))
                        .setReturnType(new CsdlReturnType().setType(TEXT));
    }

    static List<CsdlAction> actions(String name, Collection<String> types) {
        List<CsdlAction> actions = new ArrayList<>();
        if (BULK_ACTIONS.contains(name)) {
            types.forEach(type -> actions.add(action(name, type, true)));
        } else if (ROW_ACTIONS.containsKey(name)) {
            actions.add(action(name, ROW_ACTIONS.get(name), false));
        } else if (UNBOUND_ACTIONS.contains(name)) {
            actions.add(new CsdlAction().setName(name));
        }
        return actions;
    }

    private static CsdlAction action(String name, String type, boolean many) {
        FullQualifiedName bound = new FullQualifiedName("Microsoft.Dynamics.CRM", type);
        return new CsdlAction()
                .setName(name)
                .setBound(true)
                .setParameters(bound(bound, many, List.of()))
                .setReturnType(new CsdlReturnType().setType(GUID));
    }
}
