package io.github.crmsync.dynamics;

import io.github.crmsync.core.config.TimeZoneSetting;
import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.LoopbackHost;
import io.github.crmsync.core.http.RateLimiter;
import io.github.crmsync.core.http.SharedLimiters;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** Settings of the connection to a Dataverse environment, the same in source and sink. */
public class DynamicsConfig extends AbstractConfig {
    public static final String URL = "dynamics.url";
    public static final String TENANT_ID = "dynamics.tenant.id";
    public static final String CLIENT_ID = "dynamics.client.id";
    public static final String CLIENT_SECRET = "dynamics.client.secret";
    public static final String CERTIFICATE_PEM = "dynamics.client.certificate.pem";
    public static final String KEYSTORE_LOCATION = "dynamics.client.keystore.location";
    public static final String KEYSTORE_PASSWORD = "dynamics.client.keystore.password";
    public static final String ASSERTION_ALGORITHM = "dynamics.client.assertion.algorithm";
    public static final String ADDITIONAL_CLIENTS = "dynamics.additional.clients";
    public static final String REGION = "dynamics.region";
    public static final String AUTHORITY_URL = "dynamics.authority.url";
    public static final String TABLE = "dynamics.table";
    public static final String RATE_LIMIT = "rate.limit.requests";

    private static final String GROUP = "Dynamics";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*(\\.[A-Za-z0-9][A-Za-z0-9-]*)*");
    /** Path of the Web API, as the developer resources of an environment show it. */
    private static final Pattern API_PATH = Pattern.compile("/?(api/?(data/?(v\\d+\\.\\d+/?)?)?)?");
    /** Hosts of the Web API are named {@code contoso.api.crm4.dynamics.com}, too. */
    private static final String API_HOST = ".api";

    /** A tenant's GUID or domain, and a client's GUID: nothing that could change the path of a URL. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*");

    protected DynamicsConfig(ConfigDef def, Map<String, String> props) {
        super(def, props, false);
    }

    /**
     * Adds the settings of the connection and of HTTP to a connector's own.
     *
     * @param table what the name of the table must be
     */
    static ConfigDef define(ConfigDef def, ConfigDef.Validator table, String tableDoc) {
        def.define(
                        URL,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ConfigDef.LambdaValidator.with(
                                (name, value) -> environment(name, value, "crm"),
                                () -> "URL or subdomain of an environment"),
                        Importance.HIGH,
                        "Environment of Dynamics 365: its URL such as https://contoso.crm4.dynamics.com, with or without the path of its Web API, or only its subdomain"
                                + " such as contoso.crm4, or contoso with dynamics.region.",
                        GROUP,
                        1,
                        Width.LONG,
                        "Environment")
                .define(
                        TENANT_ID,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        token("id or domain of a tenant"),
                        Importance.HIGH,
                        "Microsoft Entra tenant of the app registration: its id or its domain name.",
                        GROUP,
                        2,
                        Width.MEDIUM,
                        "Tenant")
                .define(
                        CLIENT_ID,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        token("application (client) id"),
                        Importance.HIGH,
                        "Application (client) id of the app registration, which needs an application user in the"
                                + " environment.",
                        GROUP,
                        3,
                        Width.MEDIUM,
                        "Client id")
                .define(
                        CLIENT_SECRET,
                        Type.PASSWORD,
                        null,
                        Importance.HIGH,
                        "Value (not id) of a client secret of the app registration; or give a certificate.",
                        GROUP,
                        4,
                        Width.MEDIUM,
                        "Client secret")
                .define(
                        AUTHORITY_URL,
                        Type.STRING,
                        "https://login.microsoftonline.com",
                        ConfigDef.LambdaValidator.with((name, value) -> url(name, value), () -> "https URL"),
                        Importance.LOW,
                        "Where access tokens are issued; national clouds have their own.",
                        GROUP,
                        5,
                        Width.LONG,
                        "Authority")
                .define(TABLE, Type.STRING, "contact", table, Importance.HIGH, tableDoc, GROUP, 6, Width.SHORT, "Table")
                .define(
                        RATE_LIMIT,
                        Type.INT,
                        5400,
                        Range.between(10, 1_000_000),
                        Importance.LOW,
                        "Most requests in 5 minutes, shared by all tasks of a worker that use the same application user;"
                                + " Dataverse allows 6,000 per web server.",
                        GROUP,
                        7,
                        Width.SHORT,
                        "Requests per 5 minutes")
                .define(
                        REGION,
                        Type.STRING,
                        "crm",
                        ConfigDef.LambdaValidator.with(
                                DynamicsConfig::checkRegion, () -> "region such as crm4, or a domain"),
                        Importance.MEDIUM,
                        "Region of an environment that is named by its subdomain alone: crm for North America, crm4 for Europe and"
                                + " so on; for national clouds the whole domain, such as crm.dynamics.cn.",
                        GROUP,
                        8,
                        Width.SHORT,
                        "Region")
                .define(
                        CERTIFICATE_PEM,
                        Type.PASSWORD,
                        null,
                        Importance.MEDIUM,
                        "Instead of a client secret: a certificate of the app registration and its unencrypted private key (PKCS#8),"
                                + " both as PEM text.",
                        GROUP,
                        9,
                        Width.LONG,
                        "Client certificate (PEM)")
                .define(
                        KEYSTORE_LOCATION,
                        Type.STRING,
                        null,
                        Importance.MEDIUM,
                        "Instead of a client secret: PKCS12 file with a certificate of the app registration and its private key.",
                        GROUP,
                        10,
                        Width.LONG,
                        "Client certificate (PKCS12)")
                .define(
                        KEYSTORE_PASSWORD,
                        Type.PASSWORD,
                        null,
                        Importance.MEDIUM,
                        "Password of the PKCS12 file.",
                        GROUP,
                        11,
                        Width.MEDIUM,
                        "PKCS12 password")
                .define(
                        ASSERTION_ALGORITHM,
                        Type.STRING,
                        "PS256",
                        ValidString.in("PS256", "RS256"),
                        Importance.LOW,
                        "How a certificate signs: PS256, or RS256 with a SHA-1 thumbprint where an authority knows no other.",
                        GROUP,
                        12,
                        Width.SHORT,
                        "Assertion algorithm")
                .define(
                        ADDITIONAL_CLIENTS,
                        Type.PASSWORD,
                        null,
                        ConfigDef.LambdaValidator.with(
                                (name, value) -> additionalClients((Password) value),
                                () -> "id:secret, separated by commas"),
                        Importance.LOW,
                        "Further app registrations with application users of their own, as id:secret, separated by commas. Requests"
                                + " take turns, so that the limits per user count for each of them.",
                        GROUP,
                        13,
                        Width.LONG,
                        "Additional clients");
        TimeZoneSetting.define(
                def,
                "Time zone of the people who use columns for days that the environment converts to each user's zone (format"
                        + " DateOnly, behaviour UserLocal), and in which a time that goes into a column for days has its day.",
                GROUP,
                14);
        return HttpSettings.define(def);
    }

    /** Zone in which days begin. */
    final ZoneId zone() {
        return TimeZoneSetting.of(this);
    }

    /** Root of the environment, without a path: also the resource that tokens are issued for. */
    public final URI environment() {
        return environment(URL, getString(URL), getString(REGION));
    }

    /** The setting that holds the credential. */
    final String credentialSetting() {
        return getPassword(CLIENT_SECRET) != null
                ? CLIENT_SECRET
                : getPassword(CERTIFICATE_PEM) != null ? CERTIFICATE_PEM : KEYSTORE_LOCATION;
    }

    /** What is wrong with the credentials as a whole; null if nothing is. */
    final String credentialProblem() {
        int given = (getPassword(CLIENT_SECRET) == null ? 0 : 1)
                + (getPassword(CERTIFICATE_PEM) == null ? 0 : 1)
                + (getString(KEYSTORE_LOCATION) == null ? 0 : 1);
        return given == 1
                ? null
                : "Give one of " + CLIENT_SECRET + ", " + CERTIFICATE_PEM + " and " + KEYSTORE_LOCATION;
    }

    /** Null where the credential is a certificate. */
    final String secret() {
        Password secret = getPassword(CLIENT_SECRET);
        return secret == null ? null : secret.value();
    }

    /**
     * Null where the credential is a secret.
     *
     * @throws SettingException if there is no credential, or more than one
     */
    final ClientCertificate certificate() {
        if (credentialProblem() != null) {
            throw new SettingException(CLIENT_SECRET, credentialProblem());
        }
        return switch (credentialSetting()) {
            case CERTIFICATE_PEM ->
                ClientCertificate.ofPem(
                        CERTIFICATE_PEM, getPassword(CERTIFICATE_PEM).value());
            case KEYSTORE_LOCATION ->
                ClientCertificate.ofKeystore(
                        KEYSTORE_LOCATION, Path.of(getString(KEYSTORE_LOCATION)), getPassword(KEYSTORE_PASSWORD));
            default -> null;
        };
    }

    public final URI authority() {
        return url(AUTHORITY_URL, getString(AUTHORITY_URL));
    }

    public Table table() {
        return Table.of(getString(TABLE));
    }

    public final HttpSettings http() {
        return HttpSettings.from(this);
    }

    /** Budget that all tasks of an application user share within the worker. */
    final RateLimiter limiter(String clientId) {
        return SharedLimiters.of(
                "dynamics " + OData.origin(environment()) + " " + clientId, getInt(RATE_LIMIT), Duration.ofMinutes(5));
    }

    /** A further app registration. */
    record AdditionalClient(String id, String secret) {
        /** Without the secret. */
        @Override
        public String toString() {
            return id;
        }
    }

    final List<AdditionalClient> additionalClients() {
        return additionalClients(getPassword(ADDITIONAL_CLIENTS));
    }

    private static List<AdditionalClient> additionalClients(Password text) {
        List<AdditionalClient> clients = new ArrayList<>();
        for (String pair : text == null ? new String[0] : text.value().strip().split("\\s*,\\s*")) {
            int colon = pair.indexOf(':');
            if (colon < 1
                    || colon == pair.length() - 1
                    || !TOKEN.matcher(pair.substring(0, colon)).matches()) {
                throw new ConfigException(ADDITIONAL_CLIENTS, null, "Give pairs id:secret, separated by commas");
            }
            clients.add(new AdditionalClient(pair.substring(0, colon), pair.substring(colon + 1)));
        }
        return clients;
    }

    /** Host (and port) of the environment, as source partitions name it. */
    final String environmentName() {
        return environment().getRawAuthority().toLowerCase(java.util.Locale.ROOT);
    }

    private static ConfigDef.Validator token(String what) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !TOKEN.matcher(value.toString()).matches()) {
                        throw new ConfigException(name, value, "This is no " + what);
                    }
                },
                () -> what);
    }

    private static void checkRegion(String name, Object value) {
        if (value == null || !NAME.matcher(value.toString()).matches()) {
            throw new ConfigException(name, value, "Give a region such as crm4");
        }
    }

    private static URI environment(String name, Object value, String region) {
        if (value == null) {
            return null;
        }
        String text = value.toString().strip();
        if (text.contains("://")) {
            checkPath(name, text);
            return url(name, text);
        }
        text = text.replaceFirst(API_PATH.pattern() + "$", "");
        if (!NAME.matcher(text).matches()) {
            throw new ConfigException(name, value, "Give the environment's URL or its subdomain");
        }
        return URI.create("https://"
                + switch (text.split("\\.").length) {
                    case 1 -> text + "." + region + domain(region);
                    case 2 -> text + (text.endsWith(API_HOST) ? "." + region + domain(region) : ".dynamics.com");
                    default -> text + (text.matches("[^.]+\\.api\\.[^.]+") ? ".dynamics.com" : "");
                });
    }

    private static String domain(String region) {
        return region.contains(".") ? "" : ".dynamics.com";
    }

    /** The Web API's own address is taken for the environment's; any other path would silently be left out. */
    private static void checkPath(String name, String url) {
        String path;
        try {
            path = URI.create(url).getRawPath();
        } catch (IllegalArgumentException e) {
            return;
        }
        if (path != null && !path.isEmpty() && !API_PATH.matcher(path).matches()) {
            throw new ConfigException(
                    name,
                    url,
                    "Give the environment's URL without the path " + path
                            + ", such as https://contoso.crm4.dynamics.com; environments below a path, as on premises, are"
                            + " not supported");
        }
    }

    private static URI url(String name, Object value) {
        if (value == null) {
            return null;
        }
        URI uri;
        try {
            uri = URI.create(value.toString().strip());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, "This is no URL");
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null) {
            throw new ConfigException(name, value, "Give a URL such as https://contoso.crm.dynamics.com");
        }
        boolean plain = "http".equals(uri.getScheme()) && LoopbackHost.is(uri.getHost());
        if (!plain && !"https".equals(uri.getScheme())) {
            throw new ConfigException(
                    name,
                    value,
                    "Only https is accepted, or http to this machine: credentials travel with each request");
        }
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }
}
