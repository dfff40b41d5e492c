package io.github.crmsync.dynamics;

import io.github.crmsync.core.http.HttpSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Connection to one Dataverse environment and one of its tables. */
public class DynamicsConfig extends AbstractConfig {
    public static final String URL = "dynamics.url";
    public static final String TENANT = "dynamics.tenant.id";
    public static final String CLIENT_ID = "dynamics.client.id";
    public static final String CLIENT_SECRET = "dynamics.client.secret";
    public static final String AUTHORITY = "dynamics.authority.url";
    public static final String TABLE = "dynamics.table";
    public static final String RATE_LIMIT = "rate.limit.requests";

    private static final String GROUP = "Dynamics 365";

    protected DynamicsConfig(ConfigDef def, Map<String, String> props) {
        super(def, props, false);
    }

    static ConfigDef connection() {
        ConfigDef def = new ConfigDef()
                .define(
                        URL,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        (name, value) -> {
                            if (value != null) {
                                origin(value.toString());
                            }
                        },
                        Importance.HIGH,
                        "URL of the environment, such as https://contoso.crm4.dynamics.com, or just its subdomain, such as"
                                + " contoso or contoso.crm4.",
                        GROUP,
                        1,
                        Width.LONG,
                        "Environment URL")
                .define(
                        TENANT,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new NonEmptyString(),
                        Importance.HIGH,
                        "Microsoft Entra tenant, as an id or a domain name.",
                        GROUP,
                        2,
                        Width.MEDIUM,
                        "Tenant")
                .define(
                        CLIENT_ID,
                        Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new NonEmptyString(),
                        Importance.HIGH,
                        "Client id of the app registration whose application user has access to the environment.",
                        GROUP,
                        3,
                        Width.MEDIUM,
                        "Client id")
                .define(
                        CLIENT_SECRET,
                        Type.PASSWORD,
                        ConfigDef.NO_DEFAULT_VALUE,
                        Importance.HIGH,
                        "Secret of the app registration.",
                        GROUP,
                        4,
                        Width.MEDIUM,
                        "Client secret")
                .define(
                        AUTHORITY,
                        Type.STRING,
                        "https://login.microsoftonline.com",
                        new NonEmptyString(),
                        Importance.LOW,
                        "Authority that issues tokens; another one for sovereign clouds.",
                        GROUP,
                        5,
                        Width.LONG,
                        "Authority")
                .define(
                        TABLE,
                        Type.STRING,
                        "contact",
                        ValidString.in("contact", "lead"),
                        Importance.HIGH,
                        "Table to sync: contact or lead.",
                        GROUP,
                        6,
                        Width.SHORT,
                        "Table")
                .define(
                        RATE_LIMIT,
                        Type.INT,
                        5000,
                        Range.between(1, 6000),
                        Importance.LOW,
                        "Requests per 5 minutes that all tasks of the worker send together; Dataverse allows 6,000 per user"
                                + " and server.",
                        GROUP,
                        7,
                        Width.SHORT,
                        "Requests per 5 minutes");
        return HttpSettings.define(def);
    }

    /** Scheme, host and port of the environment, from a full URL or a bare subdomain. */
    static URI origin(String text) {
        String url = text.strip();
        if (!url.contains("://")) {
            String host = url.contains(".") ? url : url + ".crm";
            url = "https://" + (host.endsWith(".com") || host.endsWith(".cn") ? host : host + ".dynamics.com");
        }
        try {
            URI uri = URI.create(url);
            if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
                throw new ConfigException(URL, text, "Not a URL of an environment and not a subdomain");
            }
            return URI.create(uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(URL, text, "Not a URL of an environment and not a subdomain");
        }
    }

    URI origin() {
        return origin(getString(URL));
    }

    Table table() {
        return Table.of(getString(TABLE));
    }

    /** A table's names in the Web API. */
    record Table(String logicalName, String entitySet, String key) {
        static Table of(String logicalName) {
            return new Table(logicalName, logicalName + "s", logicalName + "id");
        }
    }
}
