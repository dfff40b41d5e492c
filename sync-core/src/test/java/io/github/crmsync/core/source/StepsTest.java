package io.github.crmsync.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StepsTest {
    private static final List<SourceRecord> RECORDS = List.of(new SourceRecord(null, null, "topic", null, "value"));

    private final CountDownLatch answer = new CountDownLatch(1);
    private final Steps steps = Steps.thread("steps");

    @AfterEach
    void end() {
        answer.countDown();
    }

    private List<SourceRecord> slowly() {
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new ConnectException(e);
        }
        return RECORDS;
    }

    @Test
    void aPollEndsWhileTheAppHasYetToAnswerAndItsRecordsComeWithALaterOne() throws Exception {
        assertThat(steps.poll(this::slowly)).isNull();
        assertThat(steps.underWay()).isTrue();

        answer.countDown();

        assertThat(steps.poll(() -> List.of())).isEqualTo(RECORDS);
        assertThat(steps.underWay()).isFalse();
    }

    @Test
    void whatAStepThrowsThePollThrows() {
        assertThatThrownBy(() -> steps.poll(() -> {
                    throw new ConnectException("refused");
                }))
                .hasMessage("refused");
        assertThat(steps.underWay()).isFalse();
    }

    @Test
    void aPollAfterTheEndBeginsNothing() throws Exception {
        steps.end(() -> {});

        assertThat(steps.poll(() -> RECORDS)).isNull();
    }

    @Test
    void theEndWaitsForNothingAndTheLastJobComesAfterTheStepUnderWay() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        assertThat(steps.poll(this::slowly)).isNull();

        steps.end(closed::countDown);

        assertThat(closed.getCount()).isEqualTo(1);
        answer.countDown();
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
