import type {
  DeliveryRecord,
  DeliveryRepository,
  EventRecord,
  EventRepository,
  MerchantRepository,
  SubscriptionRecord,
  SubscriptionRepository,
} from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import { tokenOwnerKey } from '../access/token-owner-key.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { EnqueueReplays } from './enqueue-replays.ts';
import { patientReplay } from './patient-replay.ts';
import { readAllPages } from './read-all-pages.ts';
import { recipientsOf } from './recipients.ts';
import { replayBornDelivery } from './replay-born-delivery.ts';

type DeliverySummary = Omit<DeliveryRecord, 'attempts'>;

export type ReplayEventOutcome =
  | { kind: 'replayed'; deliveries: DeliverySummary[] }
  | { kind: 'not_found' }
  /** Retention took the body: there is nothing left to send. */
  | { kind: 'payload_gone' }
  /** The named subscription is not there, not the caller's, or receives no such event. */
  | { kind: 'not_a_recipient' };

/**
 * Sends an event again to the caller's own recipients (rule 12): deliveries that exist begin a new round, recipients that
 * never had one get theirs.
 */
export function replayEvent(sources: {
  events: Pick<EventRepository, 'get'>;
  deliveries: Pick<DeliveryRepository, 'list' | 'replay' | 'insertMany'>;
  subscriptions: Pick<SubscriptionRepository, 'list'>;
  merchants: Pick<MerchantRepository, 'get'>;
  enqueue: EnqueueReplays;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { events, deliveries, enqueue, trail, now } = sources;
  const replay = patientReplay(sources);

  /** Recipients of the present; a transaction's delivery has no subscription that could be switched off. */
  async function plan(caller: Caller, event: EventRecord, only: string | undefined) {
    const [recipients, existing] = await Promise.all([
      recipientsOf(event, caller.scope, sources),
      readAllPages((page) => deliveries.list(caller.scope, { eventId: event._id }, page)),
    ]);
    const wanted = recipients.filter(({ _id }) => only === undefined || only === _id);
    const withDelivery = new Set(existing.map(({ subscription_id }) => subscription_id));
    const ids = new Set(wanted.map(({ _id }) => _id));
    return {
      again: existing.filter(({ subscription_id }) =>
        subscription_id === null ? only === undefined : ids.has(subscription_id),
      ),
      anew: wanted.filter(({ _id }) => !withDelivery.has(_id)),
      wanted,
    };
  }

  /** One whose last replay is held back and has not been sent is on its way already: that one stands for this. */
  async function replayUnlessWaiting(
    caller: Caller,
    delivery: DeliverySummary,
  ): Promise<DeliverySummary | 'not_found'> {
    const outcome = await replay(caller.scope, delivery._id);
    return outcome === 'unsent' ? delivery : outcome;
  }

  async function createAnew(caller: Caller, event: EventRecord, recipients: readonly SubscriptionRecord[], at: Date) {
    const records = recipients.map((recipient) => replayBornDelivery(event, recipient, at));
    const written = records.length === 0 ? [] : await deliveries.insertMany(records);
    // The fan-out may have written one in the meantime: then it is replayed like those that were there.
    return Promise.all(
      records.map((record, index) => (written[index] === 'inserted' ? record : replayUnlessWaiting(caller, record))),
    );
  }

  return async (caller: Caller, eventId: string, subscriptionId: string | undefined): Promise<ReplayEventOutcome> => {
    const event = await events.get(caller.scope, eventId);
    if (event === null) return { kind: 'not_found' };
    if (event.body === null) return { kind: 'payload_gone' };
    const { again, anew, wanted } = await plan(caller, event, subscriptionId);
    if (subscriptionId !== undefined && wanted.length === 0) return { kind: 'not_a_recipient' };

    const at = now();
    const outcomes = [
      ...(await Promise.all(again.map((delivery) => replayUnlessWaiting(caller, delivery)))),
      ...(await createAnew(caller, event, anew, at)),
    ];
    const replayed = outcomes.filter((outcome) => outcome !== 'not_found');
    await trail.record(caller, {
      action: 'event.replay',
      ownerKey: event.merchant_id === null ? tokenOwnerKey(caller.actor.owner) : `merchant:${event.merchant_id}`,
      resourceId: event._id,
      fields: subscriptionId === undefined ? [] : ['subscription_id'],
    });
    await enqueue(replayed);
    return { kind: 'replayed', deliveries: replayed };
  };
}
