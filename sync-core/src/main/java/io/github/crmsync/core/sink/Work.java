package io.github.crmsync.core.sink;

import io.github.crmsync.core.record.Image;
import org.apache.kafka.common.TopicPartition;

/** An image and where it came from, before any transform renamed the topic. */
public record Work(Image image, TopicPartition partition, long offset) {}
