package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.ApiClient;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Gives the Authorization header: a fixed token, or that of an OAuth grant. */
final class HubSpotAuth implements Supplier<String> {
    private final String fixed;
    private final OauthGrant grant;
    private final ApiClient tokenClient;
    private final LongSupplier clock;
    /** What this thread sent last: the header that a 401 is about. */
    private final ThreadLocal<String> sent = new ThreadLocal<>();

    /**
     * @param tokenClient for renewals; null with a fixed token
     * @param clock time in ms
     */
    HubSpotAuth(HubSpotConfig config, HubSpotPaths paths, ApiClient tokenClient, LongSupplier clock) {
        this.tokenClient = tokenClient;
        this.clock = clock;
        fixed = tokenClient == null ? "Bearer " + config.accessToken().strip() : null;
        grant = tokenClient == null ? null : OauthGrant.of(config, paths.token());
    }

    @Override
    public String get() {
        if (grant == null) {
            return fixed;
        }
        String header = grant.header(tokenClient, clock.getAsLong());
        sent.set(header);
        return header;
    }

    /** Called by the thread whose request was refused. */
    void forget() {
        grant.forget(sent.get());
    }
}
