package io.github.crmsync.dynamics;

import io.github.crmsync.core.config.Findings;
import io.github.crmsync.core.config.LiveChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.RetriableException;

/** The part of a configuration's validation that asks the service, side by side. */
final class LiveCheck implements AutoCloseable {
    private final Findings findings;
    private final DynamicsConfig settings;
    private final LiveChecks checks;
    private final List<DataverseApi> apis = new ArrayList<>();
    /** Whether the connector's own application user could sign in: else every other failure follows from that. */
    private final CompletableFuture<Boolean> signedIn = new CompletableFuture<>();

    LiveCheck(Findings findings, DynamicsConfig settings) {
        this.findings = findings;
        this.settings = settings;
        this.checks = new LiveChecks(findings);
    }

    /**
     * Asks the service, if the credentials are complete, and waits for the answers.
     *
     * @param users checks what each application user may do, by its id
     * @param others starts further checks
     */
    void run(BiConsumer<DataverseApi, String> users, Consumer<LiveCheck> others) {
        String problem = settings.credentialProblem();
        if (problem != null) {
            findings.error(DynamicsConfig.CLIENT_SECRET, problem);
            return;
        }
        try {
            DataverseApi own = open(List.of(), true);
            checks.start(DynamicsConfig.URL, "The environment", () -> {
                try {
                    blame(() -> own.users().forEach(user -> {
                        signedIn.complete(true);
                        users.accept(own, user);
                    }));
                } finally {
                    signedIn.complete(false);
                }
            });
            for (DynamicsConfig.AdditionalClient client : settings.additionalClients()) {
                DataverseApi other = open(List.of(client), false);
                checks.start(
                        DynamicsConfig.ADDITIONAL_CLIENTS,
                        "Client " + client.id(),
                        () -> additional(client, () -> other.users().forEach(user -> users.accept(other, user))));
            }
            others.accept(this);
        } catch (ConfigException e) {
            // A certificate or a truststore that cannot be read.
            findings.firstError(settings.credentialSetting(), e.getMessage());
        } catch (SettingException e) {
            findings.firstError(e.setting(), e.getMessage());
        }
        checks.await();
    }

    private DataverseApi open(List<DynamicsConfig.AdditionalClient> others, boolean own) {
        DataverseApi api = DataverseApi.forValidation(settings, own, others);
        apis.add(api);
        return api;
    }

    /** Starts a check of the service by the connector's own application user, for when it has signed in. */
    void start(String what, Consumer<DataverseApi> check) {
        DataverseApi own = apis.get(0);
        checks.start(DynamicsConfig.URL, what, () -> {
            if (signedIn.join()) {
                blame(() -> check.accept(own));
            }
        });
    }

    /** Checks that ask others than the service. */
    LiveChecks others() {
        return checks;
    }

    private void blame(Runnable check) {
        try {
            check.run();
        } catch (SettingException e) {
            findings.firstError(e.setting(), e.getMessage());
        } catch (ConfigException e) {
            findings.firstError(settings.credentialSetting(), e.getMessage());
        } catch (RetriableException e) {
            // Calls without an answer are named by their path.
            boolean signingIn = e.getMessage().contains("/oauth2/v2.0/token");
            findings.firstError(
                    signingIn ? DynamicsConfig.AUTHORITY_URL : DynamicsConfig.URL,
                    "The environment cannot be reached, and what depends on it was not checked: " + e.getMessage());
        } catch (KafkaException e) {
            findings.firstError(DynamicsConfig.URL, "The environment cannot be used: " + e.getMessage());
        }
    }

    private void additional(DynamicsConfig.AdditionalClient client, Runnable check) {
        try {
            check.run();
        } catch (KafkaException e) {
            if (signedIn.join()) {
                findings.firstError(DynamicsConfig.ADDITIONAL_CLIENTS, "Client " + client.id() + ": " + e.getMessage());
            }
        }
    }

    /** Gives up calls that are still under way. */
    @Override
    public void close() {
        apis.forEach(DataverseApi::close);
    }
}
