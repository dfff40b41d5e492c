package io.github.crmsync.hubspot;

import io.github.crmsync.core.http.HttpSettings;
import io.github.crmsync.core.http.RetryLaterException;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;

/** Checks a configuration against the portal while it is validated, and puts what is wrong on the very setting. */
final class LiveCheck {
    private final List<ConfigValue> values;

    LiveCheck(List<ConfigValue> values) {
        this.values = values;
    }

    /**
     * Calls HubSpot if everything is well-formed.
     *
     * @param config the connector's settings, parsed on demand: that fails when a value is malformed
     * @param further checks that need the portal, whose contact properties come by name
     */
    void run(Supplier<AbstractConfig> config, BiConsumer<HubSpotApi, Map<String, PropertyInfo>> further) {
        if (values.stream().anyMatch(value -> !value.errorMessages().isEmpty())) {
            return;
        }
        HubSpotConfig connection = new HubSpotConfig(config.get());
        String problem = connection.credentialsProblem();
        if (problem != null) {
            error(HubSpotConfig.ACCESS_TOKEN, problem);
            return;
        }
        String credential = connection.usesOauth() ? HubSpotConfig.OAUTH_REFRESH_TOKEN : HubSpotConfig.ACCESS_TOKEN;
        try (HubSpotApi api = HubSpotApi.forValidation(connection)) {
            api.accountInfo();
            further.accept(api, api.properties());
        } catch (RetryLaterException e) {
            error(HubSpotConfig.URL, "HubSpot cannot be reached: " + e.getMessage());
        } catch (HubSpotErrors.Unauthorized | HubSpotErrors.Forbidden e) {
            error(credential, e.getMessage());
        } catch (ConfigException e) {
            error(HttpSettings.TRUSTSTORE_LOCATION, e.getMessage());
        } catch (ConnectException e) {
            error(e.getMessage().contains("OAuth") ? credential : HubSpotConfig.URL, e.getMessage());
        }
    }

    /** Each must exist; a wrong name would come back without a value and without an error. */
    void properties(PropertySelection selection, Map<String, PropertyInfo> known) {
        try {
            selection.missing(known).forEach(problem -> error(HubSpotSourceConfig.PROPERTIES, problem));
        } catch (ConfigException e) {
            error(HubSpotSourceConfig.PROPERTIES, e.getMessage());
        }
    }

    void lists(List<String> ids, HubSpotApi api) {
        try {
            for (String id : ids) {
                String problem = api.list(id).problem(id);
                if (problem != null) {
                    error(HubSpotSourceConfig.LIST_IDS, problem);
                }
            }
        } catch (HubSpotErrors.Forbidden e) {
            error(HubSpotSourceConfig.LIST_IDS, e.getMessage());
        }
    }

    /** The link property may be missing, the sink creates it; if it exists its values must be unique. */
    void linkProperty(String name, Map<String, PropertyInfo> known) {
        PropertyInfo property = known.get(name);
        if (property != null && !property.unique()) {
            error(
                    HubSpotConfig.LINK_PROPERTY,
                    "The property " + name + " does not have unique values, and HubSpot cannot change that later: name"
                            + " another one, which the sink then creates, or leave the setting empty");
        }
    }

    /** Only the link property tells a contact without an address again: a repeated creation would make a second one. */
    void recordsWithoutEmail(Map<String, String> props) {
        boolean created = HubSpotSinkConfig.ofTransform(props, HubSpotSinkConfig.EMAIL_TRANSFORM, "on.invalid")
                .filter("pass"::equals)
                .isPresent();
        boolean unlinked = values.stream()
                .anyMatch(value -> value.name().equals(HubSpotConfig.LINK_PROPERTY)
                        && String.valueOf(value.value()).isBlank());
        if (created && unlinked) {
            error(
                    HubSpotConfig.LINK_PROPERTY,
                    "Records without an e-mail address (on.invalid=pass) need a link property: name one, or set"
                            + " on.invalid to exclude");
        }
    }

    private void error(String setting, String message) {
        values.stream().filter(value -> value.name().equals(setting)).forEach(value -> value.addErrorMessage(message));
    }
}
