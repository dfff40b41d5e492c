package io.github.crmsync.core.ledger;

/**
 * What both sides last agreed on for one field.
 *
 * @param hubspot native fingerprint in HubSpot
 * @param dynamics native fingerprint in Dynamics
 * @param seq Lamport number over both owners: the highest one counts
 * @param hubspotVersion version of the HubSpot record at the agreement
 * @param dynamicsVersion version of the Dynamics record at the agreement
 */
public record Agreement(long hubspot, long dynamics, long seq, long hubspotVersion, long dynamicsVersion) {}
