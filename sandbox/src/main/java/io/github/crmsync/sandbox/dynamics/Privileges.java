package io.github.crmsync.sandbox.dynamics;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Asks whether the application user may do something. */
final class Privileges {
    /** Tells whether a user has a privilege. */
    static final String FUNCTION = "RetrieveUserPrivilegeByPrivilegeName";

    private final Organization organization;

    Privileges(Organization organization) {
        this.organization = organization;
    }

    /** Refuses a user who is not known to the organization at all. */
    void requireMember() {
        if (!organization.behaviour().memberOfOrganization()) {
            throw new ServiceException(403, "0x80072560", "The user is not a member of the organization.");
        }
    }

    /**
     * Refuses an operation on a table.
     *
     * @param action {@code Create}, {@code Read}, {@code Write}, {@code Delete}, and to set a lookup {@code Append} on the row's
     *     table and {@code AppendTo} on the table that it leads to
     */
    void require(String action, Table table) {
        String privilege = "prv" + action + table.schemaName();
        if (organization.behaviour().lacks(privilege)) {
            throw missing(privilege, " on OTC=" + table.objectTypeCode() + " for entity '" + table.logicalName() + "'");
        }
    }

    void require(String privilege) {
        if (organization.behaviour().lacks(privilege)) {
            throw missing(privilege, "");
        }
    }

    /** Change tracking wants the privilege to read for the whole organization. */
    void requireGlobalRead(Table table) {
        if (organization.behaviour().lacks("prvRead" + table.schemaName() + ":Global")) {
            throw missing(
                    "prvRead" + table.schemaName(),
                    " with global depth on OTC=" + table.objectTypeCode() + " for entity '" + table.logicalName()
                            + "'");
        }
    }

    static UUID id(String privilege) {
        return UUID.nameUUIDFromBytes(privilege.getBytes(StandardCharsets.UTF_8));
    }

    private ServiceException missing(String privilege, String where) {
        return new ServiceException(
                403,
                "0x80040220",
                "Principal user (Id=" + organization.userId() + ", type=8) is missing " + privilege + " privilege (Id="
                        + id(privilege) + ")" + where + ".");
    }
}
