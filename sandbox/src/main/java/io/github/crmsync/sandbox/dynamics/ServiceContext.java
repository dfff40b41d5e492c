package io.github.crmsync.sandbox.dynamics;

import java.util.UUID;

/**
 * What the operations of the service share.
 *
 * @param root absolute address of the service root, with a slash at the end
 */
record ServiceContext(
        Organization organization,
        String root,
        UriReader uris,
        References references,
        RowReader reader,
        RowWriter writer,
        Privileges privileges) {

    Model model() {
        return organization.model();
    }

    /** In whose name a request acts. */
    UUID caller(ApiRequest request) {
        String text = request.header("CallerObjectId");
        if (text == null) {
            text = request.header("MSCRMCallerID");
        }
        if (text == null) {
            return organization.userId();
        }
        UUID caller = Values.guid(text);
        if (caller == null) {
            throw ServiceException.badRequest("0x80040203", "The caller id '" + text + "' is not valid.");
        }
        privileges.require("prvActOnBehalfOfAnotherUser");
        return caller;
    }

    WriteOptions writeOptions(ApiRequest request) {
        boolean bypass = "true".equalsIgnoreCase(request.header("MSCRM.BypassCustomPluginExecution"));
        String logic = request.header("MSCRM.BypassBusinessLogicExecution");
        if (bypass) {
            privileges.require("prvBypassCustomPlugins");
        }
        if (logic != null) {
            privileges.require("prvBypassCustomBusinessLogic");
            bypass |= logic.contains("CustomSync");
        }
        boolean detect = "false".equalsIgnoreCase(request.header("MSCRM.SuppressDuplicateDetection"));
        return new WriteOptions(caller(request), detect, bypass);
    }

    Query.Context queries(ApiRequest request) {
        return new Query.Context(request, organization, caller(request));
    }

    static void require(ApiRequest request, String method) {
        if (!request.method().equals(method)) {
            throw new ServiceException(
                    405,
                    "0x80060888",
                    "The requested resource does not support http method '" + request.method() + "'.");
        }
    }

    static ServiceException notAllowed(ApiRequest request) {
        return new ServiceException(
                405, "0x80060888", "The requested resource does not support http method '" + request.method() + "'.");
    }
}
