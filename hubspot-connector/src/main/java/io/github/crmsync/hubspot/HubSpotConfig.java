package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.LoopbackHost;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.core.http.SharedLimiters;
import io.github.crmsync.core.record.Fingerprints;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** The connection to HubSpot: the same settings in source and sink. */
public final class HubSpotConfig {
    public static final String URL = "hubspot.url";
    public static final String API_VERSION = "hubspot.api.version";
    public static final String ACCESS_TOKEN = "hubspot.access.token";
    public static final String OAUTH_CLIENT_ID = "hubspot.oauth.client.id";
    public static final String OAUTH_CLIENT_SECRET = "hubspot.oauth.client.secret";
    public static final String OAUTH_REFRESH_TOKEN = "hubspot.oauth.refresh.token";
    public static final String RATE_BURST = "rate.limit.burst";
    public static final String RATE_SEARCH = "rate.limit.search";
    public static final String DAILY_SHARE = "daily.limit.share";
    public static final String METADATA_INTERVAL_MS = "metadata.refresh.interval.ms";
    public static final String LINK_PROPERTY = "link.property";

    /** Versions of the API that this connector speaks, newest first; HubSpot supports each dated one for 18 months. */
    static final List<String> VERSIONS = List.of("2026-09", "2026-03", "v3");

    private static final String GROUP = "HubSpot";
    private static final ConfigDef.Validator HTTP_URL = ConfigDef.LambdaValidator.with(
            (name, value) -> checkUrl(name, String.valueOf(value)), () -> "http or https URL without path");

    private final AbstractConfig config;

    HubSpotConfig(AbstractConfig config) {
        this.config = config;
    }

    /** Adds the connection's settings to a connector's definition. */
    public static ConfigDef define(ConfigDef def) {
        def.define(
                        URL,
                        Type.STRING,
                        "https://api.hubapi.com",
                        HTTP_URL,
                        Importance.LOW,
                        "Address of HubSpot's API, without a path.",
                        GROUP,
                        1,
                        Width.LONG,
                        "API address")
                .define(
                        API_VERSION,
                        Type.STRING,
                        "2026-03",
                        ValidString.in(VERSIONS.toArray(String[]::new)),
                        Importance.LOW,
                        "Version of HubSpot's API. From 2026-09 on, required properties and other rules of the portal can"
                                + " refuse writes.",
                        GROUP,
                        2,
                        Width.SHORT,
                        "API version")
                .define(
                        ACCESS_TOKEN,
                        Type.PASSWORD,
                        null,
                        null,
                        Importance.HIGH,
                        "Access token of a service key or private app, with the scopes crm.objects.contacts.read and, for the"
                                + " sink, crm.objects.contacts.write. Needed unless the three OAuth settings are given.",
                        GROUP,
                        3,
                        Width.LONG,
                        "Access token")
                .define(
                        OAUTH_CLIENT_ID,
                        Type.STRING,
                        null,
                        null,
                        Importance.MEDIUM,
                        "Client id of an OAuth app, instead of an access token.",
                        GROUP,
                        4,
                        Width.LONG,
                        "OAuth client id")
                .define(
                        OAUTH_CLIENT_SECRET,
                        Type.PASSWORD,
                        null,
                        null,
                        Importance.MEDIUM,
                        "Client secret of the OAuth app.",
                        GROUP,
                        5,
                        Width.LONG,
                        "OAuth client secret")
                .define(
                        OAUTH_REFRESH_TOKEN,
                        Type.PASSWORD,
                        null,
                        null,
                        Importance.MEDIUM,
                        "Refresh token that the portal's user granted to the OAuth app.",
                        GROUP,
                        6,
                        Width.LONG,
                        "OAuth refresh token")
                .define(
                        RATE_BURST,
                        Type.INT,
                        170,
                        Range.between(1, 10_000),
                        Importance.MEDIUM,
                        "Most requests per 10 seconds, shared by all connectors of this plugin in a worker that use the same"
                                + " credentials. HubSpot allows 100 on Free and Starter, 190 on Professional and Enterprise, 110"
                                + " for OAuth apps; stay a tenth below it, and divide it among the workers.",
                        GROUP,
                        7,
                        Width.SHORT,
                        "Requests per 10 s")
                .define(
                        RATE_SEARCH,
                        Type.INT,
                        4,
                        Range.between(1, 100),
                        Importance.LOW,
                        "Most searches per second, shared likewise. HubSpot allows 5 per account.",
                        GROUP,
                        8,
                        Width.SHORT,
                        "Searches per second")
                .define(
                        DAILY_SHARE,
                        Type.DOUBLE,
                        0.9,
                        Range.between(0.01, 1.0),
                        Importance.MEDIUM,
                        "Part of the portal's daily limit that may be used up, by all its apps together, before the connectors"
                                + " wait until midnight in the portal's time zone.",
                        GROUP,
                        9,
                        Width.SHORT,
                        "Share of the daily limit")
                .define(
                        METADATA_INTERVAL_MS,
                        Type.LONG,
                        600_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Time between two readings of the contact properties' definitions, in ms, after which a property that"
                                + " was added, removed or changed is noticed; 0 means only at the start.",
                        GROUP,
                        10,
                        Width.SHORT,
                        "Metadata refresh (ms)");
        return HttpSettings.define(def);
    }

    /** Adds the setting for the property that holds the other app's id. */
    static ConfigDef defineLink(ConfigDef def) {
        return def.define(
                LINK_PROPERTY,
                Type.STRING,
                "dynamics_contact_id",
                Importance.MEDIUM,
                "Contact property with unique values that holds the id of the linked Dynamics record. The sink creates it"
                        + " where the scope crm.schemas.contacts.write allows; empty means none.",
                GROUP,
                11,
                Width.MEDIUM,
                "Link property");
    }

    private static void checkUrl(String name, String value) {
        try {
            URI uri = URI.create(value);
            boolean good = ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
            if (good && "http".equals(uri.getScheme()) && !LoopbackHost.is(uri.getHost())) {
                throw new ConfigException(
                        name,
                        value,
                        "The token would go over the network in clear: use https, or http to this machine");
            }
            if (good) {
                return;
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, "This is not a URL: " + e.getMessage());
        }
        throw new ConfigException(name, value, "Must be like https://api.hubapi.com, without a path");
    }

    String url() {
        String url = config.getString(URL);
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    String apiVersion() {
        return config.getString(API_VERSION);
    }

    String accessToken() {
        return secret(ACCESS_TOKEN);
    }

    String clientId() {
        return config.getString(OAUTH_CLIENT_ID);
    }

    String clientSecret() {
        return secret(OAUTH_CLIENT_SECRET);
    }

    String refreshToken() {
        return secret(OAUTH_REFRESH_TOKEN);
    }

    boolean usesOauth() {
        return blank(accessToken());
    }

    HttpSettings http() {
        return HttpSettings.from(config);
    }

    /** What is wrong with the credentials as they are written, or null. */
    String credentialsProblem() {
        boolean token = !blank(accessToken());
        boolean anyOauth = !blank(clientId()) || !blank(clientSecret()) || !blank(refreshToken());
        boolean allOauth = !blank(clientId()) && !blank(clientSecret()) && !blank(refreshToken());
        if (token && anyOauth) {
            return "Give either " + ACCESS_TOKEN + " or the three hubspot.oauth.* settings, not both";
        }
        if (!token && anyOauth && !allOauth) {
            return OAUTH_CLIENT_ID + ", " + OAUTH_CLIENT_SECRET + " and " + OAUTH_REFRESH_TOKEN
                    + " must be given together";
        }
        return token || allOauth
                ? null
                : "Give the access token of a service key or private app (in HubSpot: Development > Keys > Service keys)";
    }

    /** The quota of the credentials, shared by all that use them in this worker. */
    PortalQuota quota() {
        return PortalQuota.of(account(), config.getInt(RATE_BURST), config.getDouble(DAILY_SHARE));
    }

    RateLimiter searchLimiter() {
        return SharedLimiters.of("hubspot-search:" + account(), config.getInt(RATE_SEARCH), Duration.ofSeconds(1));
    }

    private String account() {
        String credential = blank(accessToken()) ? clientId() + refreshToken() : accessToken();
        return url() + "#" + Long.toHexString(Fingerprints.of(credential));
    }

    private String secret(String name) {
        Password password = config.getPassword(name);
        return password == null ? null : password.value();
    }

    private static boolean blank(String text) {
        return text == null || text.isBlank();
    }
}
