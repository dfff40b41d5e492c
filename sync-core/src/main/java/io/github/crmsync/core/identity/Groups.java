package io.github.crmsync.core.identity;

/** Looks at consumer groups. */
public interface Groups {
    /**
     * Number of a group's members; negative if the brokers refuse to tell.
     *
     * @throws org.apache.kafka.connect.errors.RetriableException if they do not answer now
     */
    int members(String group);
}
