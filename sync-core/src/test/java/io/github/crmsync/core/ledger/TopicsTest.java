package io.github.crmsync.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private static final NewTopic WANTED = new NewTopic("report", Optional.of(1), Optional.of((short) 1));

    /** The controller knows a new topic before the broker that is asked for it does. */
    @Test
    void aTopicThatAnotherTaskHasJustCreatedIsWaitedFor() throws Exception {
        Deque<KafkaFuture<TopicDescription>> descriptions = new ArrayDeque<>(List.of(
                failed(new UnknownTopicOrPartitionException("not yet")),
                failed(new UnknownTopicOrPartitionException("not yet")),
                failed(new UnknownTopicOrPartitionException("not yet")),
                KafkaFuture.completedFuture(new TopicDescription(
                        "report", false, List.of(new TopicPartitionInfo(0, Node.noNode(), List.of(), List.of()))))));
        Admin admin = (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "describeTopics" -> described(descriptions.remove());
                    case "createTopics" -> refused(new TopicExistsException("exists"));
                    default -> throw new UnsupportedOperationException(method.getName());
                });

        assertThat(Topics.ensure(admin, WANTED)).isEqualTo(1);
        assertThat(descriptions).isEmpty();
    }

    private static <T> KafkaFuture<T> failed(RuntimeException cause) {
        KafkaFutureImpl<T> future = new KafkaFutureImpl<>();
        future.completeExceptionally(cause);
        return future;
    }

    private static DescribeTopicsResult described(KafkaFuture<TopicDescription> description) {
        return new DescribeTopicsResult(null, Map.of("report", description)) {};
    }

    private static CreateTopicsResult refused(RuntimeException cause) {
        return new CreateTopicsResult(Map.of("report", failed(cause))) {};
    }
}
