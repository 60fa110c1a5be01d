import { deliveryIdOf } from '@owngateway/domain';
import type { QueueProducer } from '@owngateway/queue';
import type { DeliveryRepository, EventForDelivery, EventRepository } from '@owngateway/store';
import type { ResultWriter } from '../delivery/result-writer.ts';
import type { Recipient } from '../directory/recipient.ts';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';
import type { YieldingPace } from '../overflow/yielding-pace.ts';
import { type FirstDelivery, newDelivery, type SendableEvent } from './first-delivery.ts';

/**
 * With more matches than this, an event's deliveries are written pending, so many at a time, and go out as jobs (rule 9). So
 * the memory for an event does not grow with its subscriptions.
 */
const MANY_MATCHES = 100;

export interface FanOutTools {
  events: Pick<EventRepository, 'loadForDelivery'>;
  deliveries: Pick<DeliveryRepository, 'loadExisting'>;
  directory: Pick<SubscriptionDirectory, 'refresh' | 'matching' | 'ownedBy'>;
  firstDelivery: FirstDelivery;
  writer: Pick<ResultWriter, 'insert'>;
  producer: Pick<QueueProducer, 'addDeliveries'>;
  /** Notes that events are fanned out: lazily, in groups; the sweeper mends lost marks. Resolves in any case. */
  mark: (eventIds: readonly string[]) => Promise<void>;
  /** Events that a job of this process has in hand, from its beginning until their marks are written. */
  inHand: Set<string>;
  now: () => Date;
  /** How fast the chunks of an event with many matches follow each other: they must leave room to other merchants' events. */
  pace: Pick<YieldingPace, 'turn'>;
  /** Hears whose events go through, before they do. */
  saw?: (merchantId: string) => void;
  onTrouble: (what: 'enqueue', error: unknown) => void;
}

/** One event and one subscription that wants it. */
interface Match {
  event: SendableEvent;
  recipient: Recipient;
}

/**
 * What an `events` job does: finds who wants these events, brings each to each, and resolves when every delivery is
 * written. `again` says that the job may have run before: then what exists is left alone (rule 4).
 */
export type FanOutEvents = (eventIds: readonly string[], again: boolean) => Promise<void>;

export function createFanOutEvents(tools: FanOutTools): FanOutEvents {
  return async (eventIds, again) => {
    // A second job for an event that is in hand (an add whose answer was lost) would send what is sent already.
    const taken = eventIds.filter((id) => !tools.inHand.has(id));
    if (taken.length === 0) return;
    for (const id of taken) tools.inHand.add(id);
    const release = () => {
      for (const id of taken) tools.inHand.delete(id);
    };
    try {
      await fanOut(taken, again);
    } catch (error) {
      release();
      throw error;
    }
    void tools.mark(taken).finally(release);
  };

  async function fanOut(eventIds: readonly string[], again: boolean): Promise<void> {
    const [events] = await Promise.all([tools.events.loadForDelivery(eventIds), tools.directory.refresh()]);
    const perEvent = events.filter(isSendable).map(matchesOf);
    const known = await existingDeliveries(perEvent.flat().filter(({ event }) => again || isMarked(event)));
    const missing = perEvent.map((matches) => matches.filter((match) => !known.has(deliveryIdOfMatch(match))));
    await allEnded(missing.map((matches) => (matches.length > MANY_MATCHES ? writePending(matches) : send(matches))));
  }

  function matchesOf(event: SendableEvent): Match[] {
    return recipientsOf(event)
      .filter((recipient) => !isAbout(event, recipient))
      .map((recipient) => ({ event, recipient }));
  }

  function recipientsOf({ merchant_id: merchantId, owner_key: ownerKey, type }: SendableEvent): Recipient[] {
    if (merchantId === null) return ownerKey === undefined ? [] : tools.directory.ownedBy(ownerKey, type);
    tools.saw?.(merchantId);
    return tools.directory.matching(merchantId, type);
  }

  async function existingDeliveries(matches: Match[]): Promise<Set<string>> {
    if (matches.length === 0) return new Set();
    const existing = await tools.deliveries.loadExisting(matches.map(deliveryIdOfMatch));
    return new Set(existing.keys());
  }

  async function send(matches: Match[]): Promise<void> {
    await allEnded(matches.map(({ event, recipient }) => tools.firstDelivery.deliver(event, recipient)));
  }

  async function writePending(matches: Match[]): Promise<void> {
    for (let start = 0; start < matches.length; start += MANY_MATCHES) {
      const chunk = matches.slice(start, start + MANY_MATCHES);
      await tools.pace.turn(chunk[0]?.event.merchant_id ?? '', chunk.length);
      await writeChunk(chunk);
    }
  }

  async function writeChunk(matches: Match[]): Promise<void> {
    const now = tools.now();
    const records = matches.map(({ event, recipient }) => ({
      ...newDelivery(event, recipient, now),
      ...(recipient.enabled ? { next_attempt_at: now, due_at: now } : { status: 'held' as const }),
    }));
    await Promise.all(records.map((record) => tools.writer.insert(record)));
    const waiting = records.filter((record) => record.status === 'pending');
    try {
      await tools.producer.addDeliveries(
        waiting.map(({ _id, subscription_id }) => ({
          deliveryId: _id,
          round: 0,
          subscriptionId: subscription_id,
          delayMs: 0,
        })),
      );
    } catch (error) {
      tools.onTrouble('enqueue', error);
    }
  }
}

function deliveryIdOfMatch({ event, recipient }: Match): string {
  return deliveryIdOf(event._id, recipient.id);
}

/**
 * An event that was fanned out before: its job came a second time as if it were the first (an add that Redis had carried
 * out, but whose answer was lost, is sent again). What exists must be looked up then too.
 */
function isMarked(event: SendableEvent): boolean {
  return event.awaiting_fan_out_since === undefined && event.awaiting_overflow_since === undefined;
}

/**
 * Waits for all, whatever becomes of one of them, and then throws the first fault. The job comes back when this throws; an
 * attempt that were still under way then would go out a second time (P2).
 */
async function allEnded(parts: Promise<void>[]): Promise<void> {
  const fault = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected');
  if (fault !== undefined) throw fault.reason;
}

/** That a subscription was switched off is told to the others: to itself it could be told only once it is on again. */
function isAbout({ type, references }: SendableEvent, { subscriptionId }: Recipient): boolean {
  return type === 'endpoint_disabled' && Array.isArray(references) && references.includes(subscriptionId);
}

/** Retention takes bodies away; such an event has nothing left to send. */
function isSendable(event: EventForDelivery): event is SendableEvent {
  return event.body !== null;
}
