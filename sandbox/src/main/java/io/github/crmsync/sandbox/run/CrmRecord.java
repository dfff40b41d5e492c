package io.github.crmsync.sandbox.run;

import java.time.Instant;
import java.util.Map;

/** One record as its CRM shows it; empty fields are absent. */
record CrmRecord(String id, Instant created, Map<String, String> fields) {}
