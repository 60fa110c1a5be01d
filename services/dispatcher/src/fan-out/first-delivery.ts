import { deliveryIdOf, type IdSource } from '@owngateway/domain';
import type { QueueProducer } from '@owngateway/queue';
import type { DeliveryRecord, DeliveryRepository, EventForDelivery } from '@owngateway/store';
import type { Aftermath } from '../delivery/after-settling.ts';
import type { AttemptEnd, MakeAttempt } from '../delivery/attempt.ts';
import { nextStep, stateAfter } from '../delivery/next-step.ts';
import type { ResultWriter } from '../delivery/result-writer.ts';
import type { Recipient } from '../directory/recipient.ts';
import type { Endpoints, Slot } from '../endpoints/endpoint.ts';

/** An attempt that has not ended after this leaves its job and goes on by itself. */
const LEAVES_JOB_AFTER_MS = 1_000;

/** How long a match waits in memory for a free slot before it becomes a job of its own (rule 9). */
const WAITS_FOR_SLOT_MS = 1_000;

/** What a lease lasts beyond the attempt's own deadline: the time to write its result. */
const LEASE_MARGIN_MS = 10_000;

export interface FirstDeliveryTools {
  attempt: MakeAttempt;
  writer: ResultWriter;
  aftermath: Aftermath;
  endpoints: Endpoints;
  deliveries: Pick<DeliveryRepository, 'release'>;
  producer: Pick<QueueProducer, 'addDeliveries'>;
  newId: IdSource;
  now: () => Date;
  random: () => number;
  onTrouble: (what: 'enqueue' | 'settle', error: unknown) => void;
}

/** An event that still has its bytes. */
export type SendableEvent = EventForDelivery & { body: string };

/**
 * Brings one event to one recipient for the first time: at once if the endpoint is well and has a free slot, else as a
 * job of its own. Resolves when the delivery's document is written, in whatever state.
 */
export interface FirstDelivery {
  deliver(event: SendableEvent, recipient: Recipient): Promise<void>;
  /** Attempts that have left their job and are still under way. */
  detached(): Promise<void>;
}

export function createFirstDelivery(tools: FirstDeliveryTools): FirstDelivery {
  const underWay = new Set<Promise<void>>();

  async function deliver(event: SendableEvent, recipient: Recipient): Promise<void> {
    if (!recipient.enabled) {
      await tools.writer.insert({ ...newDelivery(event, recipient, tools.now()), status: 'held' });
      return;
    }
    await tools.writer.whenWritable();
    const slot = tools.endpoints.isHealthy(recipient) ? await tools.endpoints.take(recipient, WAITS_FOR_SLOT_MS) : null;
    if (slot === null) await handOver(event, recipient);
    else await sendNow(event, recipient, slot);
  }

  async function sendNow(event: SendableEvent, recipient: Recipient, slot: Slot): Promise<void> {
    const delivery = newDelivery(event, recipient, tools.now());
    const attempt = tools
      .attempt({
        deliveryId: delivery._id,
        event: { id: event._id, type: event.type, body: event.body },
        recipient,
        eventStyle: delivery.event_style,
        number: 1,
        round: 0,
        trigger: 'first',
      })
      .finally(() => slot.ended());
    const end = await endsWithin(attempt, LEAVES_JOB_AFTER_MS);
    if (end === null) return detach(delivery, recipient, attempt, slot);
    try {
      if (end.kind === 'interrupted') await handOver(event, recipient);
      else await writeEnded(delivery, recipient, end, slot);
    } finally {
      slot.release();
    }
  }

  async function writeEnded(
    delivery: DeliveryRecord,
    recipient: Recipient,
    end: Extract<AttemptEnd, { kind: 'ended' }>,
    slot: Slot,
  ): Promise<void> {
    const next = stepAfter(delivery, recipient, end);
    const attempt = { ...end.record, next_attempt_at: next.status === 'retrying' ? next.nextAttemptAt : null };
    const inserted = await tools.writer.insert({
      ...delivery,
      ...stateAfter(next),
      attempts_made: 1,
      attempts_total: 1,
      last_outcome: attempt.outcome,
      attempts: [attempt],
    });
    // Somebody wrote this delivery meanwhile (a job that ran twice): keep the attempt, `delivered` wins (rule 7).
    const decides =
      inserted === 'inserted' ||
      (await tools.writer.settle({ deliveryId: delivery._id, round: 0, leaseToken: null, attempt, next })) ===
        'settled';
    // Written: what follows may wait for Redis, and nobody else's delivery for that.
    slot.release();
    if (decides && next.status !== 'delivered')
      await tools.aftermath.follow({ id: delivery._id, round: 0 }, recipient, next);
  }

  /** Writes the delivery as in flight with a lease, and lets the attempt go on without its job. */
  async function detach(
    delivery: DeliveryRecord,
    recipient: Recipient,
    attempt: Promise<AttemptEnd>,
    slot: Slot,
  ): Promise<void> {
    tools.endpoints.stillWaiting(recipient, LEAVES_JOB_AFTER_MS);
    const token = tools.newId('att');
    const until = new Date(tools.now().getTime() + recipient.timeoutMs + LEASE_MARGIN_MS);
    const written = await tools.writer
      .insert({ ...delivery, lease: { token, until }, due_at: until })
      .catch((error: unknown) => {
        slot.release();
        throw error;
      });
    const leaseToken = written === 'inserted' ? token : null;
    const rest = settleDetached(delivery, recipient, attempt, leaseToken)
      .catch((error: unknown) => tools.onTrouble('settle', error))
      .finally(() => {
        slot.release();
        underWay.delete(rest);
      });
    underWay.add(rest);
  }

  async function settleDetached(
    delivery: DeliveryRecord,
    recipient: Recipient,
    attempt: Promise<AttemptEnd>,
    leaseToken: string | null,
  ): Promise<void> {
    const end = await attempt;
    if (end.kind === 'interrupted') {
      if (leaseToken !== null) await giveBack(delivery._id, leaseToken, recipient);
      return;
    }
    const next = stepAfter(delivery, recipient, end);
    const record = { ...end.record, next_attempt_at: next.status === 'retrying' ? next.nextAttemptAt : null };
    const outcome = await tools.writer.settle({
      deliveryId: delivery._id,
      round: 0,
      leaseToken,
      attempt: record,
      next,
    });
    if (outcome === 'settled') await tools.aftermath.follow({ id: delivery._id, round: 0 }, recipient, next);
  }

  function stepAfter(delivery: DeliveryRecord, recipient: Recipient, end: Extract<AttemptEnd, { kind: 'ended' }>) {
    return nextStep(end.classification, {
      policy: recipient.retryPolicy,
      attemptsMade: 1,
      roundStartedAt: delivery.round_started_at,
      now: tools.now(),
      random: tools.random,
    });
  }

  /** No slot, or not well: pending, and a job of its own for the time at which its turn comes. */
  async function handOver(event: SendableEvent, recipient: Recipient): Promise<void> {
    const now = tools.now();
    const wait = tools.endpoints.comeBack(recipient);
    const at = new Date(Math.max(wait.untilMs, now.getTime()));
    const delivery = newDelivery(event, recipient, now);
    await tools.writer.insert({ ...delivery, next_attempt_at: at, due_at: at, held_back_by: wait.reason });
    await enqueue(delivery._id, recipient, at.getTime() - now.getTime());
  }

  /** Cut off by a stop: whoever takes its job may send it at once, and need not wait until the lease has run out. */
  async function giveBack(deliveryId: string, token: string, recipient: Recipient): Promise<void> {
    await tools.deliveries.release({ deliveryId, token, nextAttemptAt: tools.now(), heldBackBy: null });
    await enqueue(deliveryId, recipient, 0);
  }

  async function enqueue(deliveryId: string, { subscriptionId }: Recipient, delayMs: number): Promise<void> {
    try {
      await tools.producer.addDeliveries([{ deliveryId, round: 0, subscriptionId, delayMs }]);
    } catch (error) {
      tools.onTrouble('enqueue', error);
    }
  }

  return {
    deliver,
    async detached() {
      await Promise.all(underWay);
    },
  };
}

/** A delivery before anything has happened to it. */
export function newDelivery(event: EventForDelivery, recipient: Recipient, now: Date): DeliveryRecord {
  return {
    _id: deliveryIdOf(event._id, recipient.id),
    event_id: event._id,
    event_type: event.type,
    merchant_id: event.merchant_id,
    owner_key: recipient.ownerKey,
    subscription_id: recipient.subscriptionId,
    transaction_id: null,
    url: recipient.url,
    event_style: recipient.eventStyle,
    status: 'pending',
    round: 0,
    round_started_at: now,
    attempts_made: 0,
    attempts_total: 0,
    next_attempt_at: null,
    held_back_by: null,
    last_outcome: null,
    dead_letter: null,
    created_at: now,
    completed_at: null,
    attempts: [],
  };
}

/** The end of the attempt, or null when it takes longer than `ms`. */
async function endsWithin(attempt: Promise<AttemptEnd>, ms: number): Promise<AttemptEnd | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, ms, null);
  try {
    return await Promise.race([attempt, late]);
  } finally {
    clearTimeout(timer);
  }
}
