package io.github.crmsync.core.identity;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.connect.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The brokers' consumer groups. */
public final class ConsumerGroups implements Groups {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerGroups.class);
    private static final long WAIT_S = 5;

    private final Map<String, Object> client;

    /** @param client Kafka client settings, with bootstrap.servers */
    public ConsumerGroups(Map<String, Object> client) {
        this.client = Map.copyOf(client);
    }

    @Override
    public int members(String group) {
        try (Admin admin = Admin.create(client)) {
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get(WAIT_S, TimeUnit.SECONDS)
                    .members()
                    .size();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetriableException("Interrupted while looking at the consumer group " + group, e);
        } catch (TimeoutException e) {
            throw new RetriableException("The brokers do not tell who is in the consumer group " + group, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            if (e.getCause() instanceof AuthorizationException) {
                LOG.warn(
                        "Without the right to describe the consumer group {} nobody can tell whether its connector runs:"
                                + " it counts as running",
                        group);
                return -1;
            }
            throw new RetriableException("The brokers do not tell who is in the consumer group " + group, e.getCause());
        }
    }
}
