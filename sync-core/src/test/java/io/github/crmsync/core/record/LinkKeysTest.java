package io.github.crmsync.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkKeysTest {
    private static final String ID = "0f8fad5b-d9cb-469f-a165-70867728950e";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0f8fad5b-d9cb-469f-a165-70867728950e",
                "0F8FAD5B-D9CB-469F-A165-70867728950E",
                "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
                " { 0f8fad5b-d9cb-469f-a165-70867728950e } \u00a0"
            })
    void anIdIsTheSameHoweverSomebodyHasTypedIt(String typed) {
        assertThat(LinkKeys.canonical(typed)).isEqualTo(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"501", "Ask Ann", "{x}"})
    void anythingElseStaysAsItIs(String text) {
        assertThat(LinkKeys.canonical(text + " ")).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u200b"})
    void blanksAreNoId(String blank) {
        assertThat(LinkKeys.canonical(blank)).isNull();
    }
}
