package io.github.crmsync.core.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/** Whether the brokers of the ledger answer: asked first and for a short time, because each client of Kafka waits a minute. */
final class Brokers {
    private static final int ANSWER_MS = 5_000;

    private Brokers() {}

    /**
     * Asks them.
     *
     * @param client Kafka client settings, with bootstrap.servers
     * @throws RetriableException if they do not answer
     * @throws ConnectException if they refuse the credentials
     */
    static void require(Map<String, Object> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS);
        String who = "The brokers of ledger.bootstrap.servers (" + client.get("bootstrap.servers") + ")";
        try (Admin admin = Admin.create(settings)) {
            admin.describeCluster().nodes().get(ANSWER_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthenticationException) {
                throw new ConnectException(
                        who + " refuse the credentials of ledger.client.*: "
                                + e.getCause().getMessage(),
                        e);
            }
            throw new RetriableException(who + " do not answer: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new RetriableException(who + " do not answer within " + ANSWER_MS / 1000 + " s", e);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new RetriableException(who + " cannot be found: " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetriableException("Interrupted while waiting for the ledger's brokers", e);
        }
    }
}
