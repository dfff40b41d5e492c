package io.github.crmsync.dynamics;

import org.apache.kafka.connect.errors.ConnectException;

/** A failure that one setting accounts for; the message says what to do about it. */
final class SettingException extends ConnectException {
    private final String setting;

    SettingException(String setting, String message) {
        super(message);
        this.setting = setting;
    }

    String setting() {
        return setting;
    }
}
