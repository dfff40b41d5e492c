package io.github.crmsync.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.crmsync.core.http.AnswerKind;
import io.github.crmsync.core.record.Emails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a batch read says.
 *
 * @param contacts that were found; one that was merged away may come under its survivor's id
 * @param complete whether the other keys are those of contacts that do not exist
 * @param gone keys that HubSpot calls not found, as far as it names them
 */
record BatchReadAnswer(List<Contact> contacts, boolean complete, Set<String> gone) {
    static BatchReadAnswer of(JsonNode body) {
        boolean complete = body.path("status").asText("COMPLETE").equals("COMPLETE");
        Set<String> gone = new HashSet<>();
        for (JsonNode error : body.path("errors")) {
            if (HubSpotAnswers.ofPart(error) == AnswerKind.GONE) {
                error.path("context").path("ids").forEach(id -> gone.add(id.asText()));
            } else {
                complete = false;
            }
        }
        // Only an answer that is not complete yet may come without its results.
        List<Contact> contacts = complete || body.path("results").isArray() ? HubSpotApi.contacts(body) : List.of();
        return new BatchReadAnswer(contacts, complete, gone);
    }

    /** Those of the keys, ids or addresses, that the answer says nothing about. */
    List<String> open(Collection<String> keys) {
        Set<String> said = new HashSet<>(gone);
        contacts.forEach(contact -> {
            said.add(contact.id());
            said.addAll(contact.emails());
        });
        List<String> open = new ArrayList<>(keys);
        open.removeIf(key -> said.contains(key) || said.contains(Emails.canonical(key)));
        return open;
    }
}
