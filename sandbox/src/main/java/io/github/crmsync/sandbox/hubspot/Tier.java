package io.github.crmsync.sandbox.hubspot;

/**
 * Subscription of the portal, which decides the limits of a private app or service key.
 *
 * @see <a href="https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines">Usage guidelines</a>
 */
public enum Tier {
    FREE(100, 250_000),
    STARTER(100, 250_000),
    PROFESSIONAL(190, 625_000),
    ENTERPRISE(190, 1_000_000);

    private static final int RAISED_BURST = 250;
    private static final int RAISE = 1_000_000;

    private final int burst;
    private final int daily;

    Tier(int burst, int daily) {
        this.burst = burst;
        this.daily = daily;
    }

    /** Requests in 10 seconds of one app, with so many limit increases bought. */
    int burst(int increases) {
        return increases > 0 ? RAISED_BURST : burst;
    }

    /** Requests in a day of all apps of the account. */
    int daily(int increases) {
        return daily + increases * RAISE;
    }
}
