import { type Fact, factKey, factKeysOf } from '../parties/fact.ts';
import type { Receipt } from '../parties/receiver.ts';
import type { DeliveryBody, EventBody } from '../parties/records.ts';

/** A receiver that was subscribed to every event type for the whole run, and what it got. */
export interface Recipient {
  name: string;
  subscriptionId: string;
  /** Whose events it may get: one merchant, or all below its portfolio or reseller. */
  merchantIds: readonly string[];
  receipts: readonly Receipt[];
}

/** Everything that is known after a run, once the gateway is at rest. */
export interface RunRecord {
  /** Facts that were acknowledged to their connector. */
  acked: readonly Fact[];
  recipients: readonly Recipient[];
  /** What the operator sees. */
  events: readonly EventBody[];
  deliveries: readonly DeliveryBody[];
}

export interface Violation {
  invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I7' | 'P2';
  /** One sentence that names the event and the recipient. */
  detail: string;
}

export interface Verdict {
  /** How many there are. */
  violationCount: number;
  /** The first ones: with thousands of events a run that went wrong would fill the screen. */
  violations: Violation[];
  /** Facts that were acknowledged and did not reach a recipient, nor are a visible dead letter (I1). */
  lost: number;
  /** Requests that were answered with a 2xx although the same event had been before. */
  duplicates: number;
  /** Pairs of fact and recipient that were received. */
  delivered: number;
  /** Pairs of fact and recipient that are visible dead letters instead. */
  deadLettered: number;
}

const VIOLATIONS_SHOWN = 10;

/**
 * Checks a run (I1 every acknowledged fact reached every recipient or is a visible dead letter; I2 nobody got another
 * tenant's event; I3 duplicates stay within the bound; I4 every delivery verifies with libraries that are not ours; I7 the
 * same id and the same bytes on every attempt), and that one fact never became two events (P2).
 *
 * @param maxDuplicates how many requests can have been in flight at the faults of this run; 0 after graceful stops
 */
export function checkInvariants(run: RunRecord, { maxDuplicates }: { maxDuplicates: number }): Verdict {
  const everyFact = checkEveryFact(run);
  const duplicates = run.recipients.reduce((sum, { receipts }) => sum + duplicatesIn(receipts), 0);
  const tooMany: Violation[] =
    duplicates > maxDuplicates
      ? [{ invariant: 'I3', detail: `${duplicates} duplicates, where at most ${maxDuplicates} were in flight` }]
      : [];
  const violations = [
    ...everyFact.violations,
    ...run.recipients.flatMap(checkTenancy),
    ...tooMany,
    ...run.recipients.flatMap(checkSignatures),
    ...checkSameBytes(run.recipients),
    ...checkOneEventPerFact(run),
  ];
  return {
    violationCount: violations.length,
    lost: everyFact.violations.length,
    violations: violations.slice(0, VIOLATIONS_SHOWN),
    duplicates,
    delivered: everyFact.delivered,
    deadLettered: everyFact.deadLettered,
  };
}

type Received = Pick<Verdict, 'violations' | 'delivered' | 'deadLettered'>;

function checkEveryFact({ acked, recipients, events, deliveries }: RunRecord): Received {
  const eventIds = new Map(events.flatMap((event) => factKeysOf(event).map((key) => [key, event.id] as const)));
  const dead = new Set(
    deliveries
      .filter(({ status, dead_letter }) => status === 'failed' && dead_letter !== null)
      .map(({ event_id, subscription_id }) => `${event_id} ${subscription_id}`),
  );
  const facts = new Map(acked.map((fact) => [factKey(fact), fact]));
  const result: Received = { violations: [], delivered: 0, deadLettered: 0 };
  for (const { name, subscriptionId, merchantIds, receipts } of recipients) {
    const accepted = new Set(receipts.filter(wasAccepted).map(({ eventId }) => eventId));
    for (const [key, fact] of facts) {
      if (!merchantIds.includes(fact.merchantId)) continue;
      const eventId = eventIds.get(key);
      if (eventId !== undefined && accepted.has(eventId)) result.delivered += 1;
      else if (dead.has(`${eventId} ${subscriptionId}`)) result.deadLettered += 1;
      else
        result.violations.push({ invariant: 'I1', detail: `${key} (${eventId ?? 'no event'}) never reached ${name}` });
    }
  }
  return result;
}

function wasAccepted({ answered }: Receipt): boolean {
  return answered !== null && answered >= 200 && answered < 300;
}

function duplicatesIn(receipts: readonly Receipt[]): number {
  const accepted = receipts.filter(wasAccepted);
  return accepted.length - new Set(accepted.map(({ eventId }) => eventId)).size;
}

function checkTenancy({ name, merchantIds, receipts }: Recipient): Violation[] {
  return receipts.flatMap(({ eventId, body }): Violation[] => {
    const { id, merchant_id: merchantId } = JSON.parse(body) as { id: string; merchant_id: string };
    const named: Violation[] =
      id === eventId ? [] : [{ invariant: 'I7', detail: `${name} got ${id} under the id ${eventId}` }];
    if (merchantIds.includes(merchantId)) return named;
    return [...named, { invariant: 'I2', detail: `${name} got ${eventId}, which belongs to ${merchantId}` }];
  });
}

function checkSignatures({ name, receipts }: Recipient): Violation[] {
  return receipts
    .filter(({ signatures }) => !(signatures.standardWebhooks && signatures.stripe))
    .map(({ eventId, attempt, signatures }) => ({
      invariant: 'I4',
      detail: `${name}: attempt ${attempt} of ${eventId} does not verify (${JSON.stringify(signatures)})`,
    }));
}

/** All recipients here take the same event style, so the bytes of an event are the same for all of them. */
function checkSameBytes(recipients: readonly Recipient[]): Violation[] {
  const bodies = new Map<string, string>();
  const violations: Violation[] = [];
  for (const { name, receipts } of recipients) {
    for (const { eventId, attempt, body } of receipts) {
      const first = bodies.get(eventId) ?? body;
      bodies.set(eventId, first);
      if (first !== body) {
        violations.push({ invariant: 'I7', detail: `${name}: attempt ${attempt} of ${eventId} has other bytes` });
      }
    }
  }
  return violations;
}

function checkOneEventPerFact({ acked, events }: RunRecord): Violation[] {
  const counts = new Map<string, number>();
  for (const key of events.flatMap(factKeysOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...new Set(acked.map(factKey))]
    .filter((key) => (counts.get(key) ?? 0) > 1)
    .map((key) => ({ invariant: 'P2', detail: `${key} became ${counts.get(key)} events` }));
}
