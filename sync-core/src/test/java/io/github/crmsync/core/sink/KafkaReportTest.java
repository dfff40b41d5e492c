package io.github.crmsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaReportTest {
    @Test
    void aTopicThatIsAwayHoldsUpNoDecisionAndLossesAreCounted() {
        AtomicInteger sends = new AtomicInteger();
        KafkaReport report = new KafkaReport("report", new ReportJson("contacts", false, false), away(sends));

        for (int i = 0; i < 100; i++) {
            report.plan("hubspot", Map.of(), 0);
        }

        assertThat(sends).as("only the first one waits").hasValue(1);
        assertThat(report.lost()).isEqualTo(100);
    }

    /** A producer that waits for a topic in vain, as Kafka's own does once it has been deleted. */
    @SuppressWarnings("unchecked")
    private static Producer<String, byte[]> away(AtomicInteger sends) {
        return (Producer<String, byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("send")) {
                        sends.incrementAndGet();
                        throw new TimeoutException("Topic report not present in metadata");
                    }
                    return null;
                });
    }
}
