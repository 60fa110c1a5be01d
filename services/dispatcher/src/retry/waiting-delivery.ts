import { type IdSource, keptWhileHeldBackMs } from '@owngateway/domain';
import type { DeliveryRecord, DeliveryRepository, EventRepository } from '@owngateway/store';
import type { Aftermath } from '../delivery/after-settling.ts';
import type { AttemptEnd, AttemptOrder, MakeAttempt } from '../delivery/attempt.ts';
import { nextStep } from '../delivery/next-step.ts';
import type { ResultWriter } from '../delivery/result-writer.ts';
import type { Recipient } from '../directory/recipient.ts';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';
import type { Endpoints, Slot, Wait } from '../endpoints/endpoint.ts';
import type { Lane } from '../endpoints/process-room.ts';
import type { YieldingPace } from '../overflow/yielding-pace.ts';

/** What a lease lasts beyond the attempt's own deadline: the time to write its result. */
const LEASE_MARGIN_MS = 10_000;

/** A claim before the subscription's own deadline is known: longer than the longest. */
const CLAIM_MS = 40_000;

/** A job that comes this much before its time has come early (its delay was lost with Redis). */
const EARLY_MS = 500;

/** A slot that becomes free this soon is waited for; later ones are reserved. */
const WAITS_FOR_SLOT_MS = 100;

/** A delivery says that it is held back when that is for longer than this. */
const NOTED_FROM_MS = 1_000;

/** Later attempts make room to everybody's first ones, their own merchant's included. */
const NOBODY = '';

/** What became of the job, for the queue's edge to tell BullMQ. */
export type WaitingOutcome =
  /** Nothing more to do for this job. */
  | { kind: 'done' }
  /** An attempt failed; the next is due then. */
  | { kind: 'retry'; at: Date }
  /** Held back without an attempt (limit, breaker, too early, stopping). */
  | { kind: 'defer'; at: Date };

export interface WaitingDeliveryTools {
  deliveries: Pick<
    DeliveryRepository,
    'claim' | 'release' | 'giveUp' | 'holdForSubscription' | 'cancelForSubscription' | 'cancel'
  >;
  events: Pick<EventRepository, 'loadForDelivery'>;
  directory: Pick<SubscriptionDirectory, 'refresh' | 'find'>;
  endpoints: Endpoints;
  attempt: MakeAttempt;
  writer: Pick<ResultWriter, 'settle' | 'whenWritable'>;
  aftermath: Aftermath;
  /** How fast later attempts go while first ones are made. */
  laterPace: Pick<YieldingPace, 'turn'>;
  /** Notes with a delivery that it is held back; lazily, and without an answer. */
  noteHeldBack: (wait: Parameters<DeliveryRepository['noteHeldBack']>[0][number]) => void;
  newId: IdSource;
  now: () => Date;
  random: () => number;
}

/** Works on one delivery that had to wait: claim, check, attempt, settle (rules 6, 7, 13). */
export interface WaitingDelivery {
  /** What a job of `deliveries` or `retries` does; `queuedForMs` is how long it has existed. */
  process(
    deliveryId: string,
    round: number,
    subscriptionId: string | null,
    lane: Lane,
    queuedForMs?: number,
  ): Promise<WaitingOutcome>;
  /** The same for one that was claimed out of its subscription's backlog under `token`, and has no job. */
  sendHeld(delivery: DeliveryRecord, token: string): Promise<WaitingOutcome>;
}

export function createWaitingDelivery(tools: WaitingDeliveryTools): WaitingDelivery {
  async function process(
    deliveryId: string,
    round: number,
    subscriptionId: string | null,
    lane: Lane,
    queuedForMs = 0,
  ): Promise<WaitingOutcome> {
    await tools.writer.whenWritable();
    const wait = knownWait(subscriptionId, queuedForMs);
    if (wait !== null) {
      const until = new Date(wait.untilMs);
      if (wait.untilMs - tools.now().getTime() >= NOTED_FROM_MS)
        tools.noteHeldBack({ deliveryId, round, until, reason: wait.reason });
      return { kind: 'defer', at: until };
    }
    if (lane === 'later') await tools.laterPace.turn(NOBODY, 1);
    const token = tools.newId('att');
    const [claimed, looked] = await Promise.allSettled([
      tools.deliveries.claim({ deliveryId, round, token, now: tools.now(), leaseMs: CLAIM_MS + LEASE_MARGIN_MS }),
      tools.directory.refresh(),
    ]);
    if (claimed.status === 'rejected') throw claimed.reason;
    const delivery = claimed.value;
    // Somebody else has it, or it has moved on: either way it is not this job's any more.
    if (delivery === null) return { kind: 'done' };
    if (looked.status === 'rejected') return await giveBack(delivery, token, looked.reason);
    return await goOn(delivery, token);
  }

  async function sendHeld(delivery: DeliveryRecord, token: string): Promise<WaitingOutcome> {
    return await goOn(delivery, token);
  }

  async function goOn(delivery: DeliveryRecord, token: string): Promise<WaitingOutcome> {
    const recipient = delivery.subscription_id === null ? undefined : tools.directory.find(delivery.subscription_id);
    if (recipient === undefined || !recipient.enabled) return await leave(delivery, token, recipient);
    const early = tooEarly(delivery);
    if (early !== null) return await defer(delivery, token, early, delivery.held_back_by);

    const isFirst = delivery.attempts_total === 0 && delivery.round === 0 && delivery.status !== 'held';
    const slot = await roomFor(recipient, isFirst ? 'first' : 'later');
    if ('untilMs' in slot && slot.reason === 'breaker' && isOver(delivery, recipient))
      return await giveUp(delivery, recipient, token);
    if ('untilMs' in slot) return await defer(delivery, token, new Date(slot.untilMs), slot.reason);
    return await attemptWith(slot, delivery, recipient, token);
  }

  /**
   * Full or broken, by what this process knows: comes back later without waiting for MongoDB. A thousand deliveries of one
   * dead endpoint that each claim and give back, every time its breaker lets a probe through, would slow everybody (P5).
   */
  function knownWait(subscriptionId: string | null, queuedForMs: number): Wait | null {
    const recipient = subscriptionId === null ? undefined : tools.directory.find(subscriptionId);
    if (!recipient?.enabled) return null;
    const wait = tools.endpoints.waitBefore(recipient);
    // It may be over: its document knows.
    if (wait?.reason === 'breaker' && queuedForMs >= keptWhileHeldBackMs(recipient.retryPolicy)) return null;
    return wait;
  }

  /** The retry policy would have been used up by now, had the breaker let its attempts through. They are not made up. */
  function isOver({ round_started_at }: DeliveryRecord, { retryPolicy }: Recipient): boolean {
    return tools.now().getTime() - round_started_at.getTime() >= keptWhileHeldBackMs(retryPolicy);
  }

  async function giveUp(delivery: DeliveryRecord, recipient: Recipient, token: string): Promise<WaitingOutcome> {
    const dead = { reason: 'endpoint_unreachable', at: tools.now() };
    if (await tools.deliveries.giveUp({ deliveryId: delivery._id, token, ...dead }))
      await tools.aftermath.followWithoutRetry({ id: delivery._id }, recipient, { status: 'failed', ...dead });
    return { kind: 'done' };
  }

  function tooEarly(delivery: DeliveryRecord): Date | null {
    const at = delivery.next_attempt_at;
    return at !== null && at.getTime() > tools.now().getTime() + EARLY_MS ? at : null;
  }

  /** A slot, or how long to wait. A slot is taken first, because asking the breaker may begin its probe. */
  async function roomFor(recipient: Recipient, lane: Lane): Promise<Slot | Wait> {
    const slot = await tools.endpoints.take(recipient, WAITS_FOR_SLOT_MS, lane);
    if (slot === null) return tools.endpoints.reserve(recipient);
    const wait = tools.endpoints.breakerWait(recipient);
    if (wait === null) return slot;
    slot.release();
    return wait;
  }

  async function attemptWith(
    slot: Slot,
    delivery: DeliveryRecord,
    recipient: Recipient,
    token: string,
  ): Promise<WaitingOutcome> {
    try {
      const order = await orderFor(delivery, recipient).catch((fault: unknown) => giveBack(delivery, token, fault));
      if (order === null) {
        await tools.deliveries.cancel({ level: 'operator' }, delivery._id, tools.now());
        return { kind: 'done' };
      }
      const end = await tools.attempt(order).finally(() => slot.ended());
      if (end.kind === 'interrupted') return await defer(delivery, token, tools.now(), null);
      return await settle(delivery, recipient, token, end, slot);
    } finally {
      slot.release();
    }
  }

  /** Null when retention has taken the event's bytes. */
  async function orderFor(delivery: DeliveryRecord, recipient: Recipient): Promise<AttemptOrder | null> {
    const [event] = await tools.events.loadForDelivery([delivery.event_id]);
    if (event === undefined || event.body === null) return null;
    const firstOfRound = delivery.attempts_made === 0;
    return {
      deliveryId: delivery._id,
      event: { id: event._id, type: event.type, body: event.body },
      recipient,
      eventStyle: delivery.event_style,
      number: delivery.attempts_total + 1,
      round: delivery.round,
      trigger: firstOfRound ? (delivery.round === 0 ? 'first' : 'replay') : 'retry',
    };
  }

  async function settle(
    delivery: DeliveryRecord,
    recipient: Recipient,
    token: string,
    end: Extract<AttemptEnd, { kind: 'ended' }>,
    slot: Slot,
  ): Promise<WaitingOutcome> {
    const next = nextStep(end.classification, {
      policy: recipient.retryPolicy,
      attemptsMade: delivery.attempts_made + 1,
      roundStartedAt: delivery.round_started_at,
      now: tools.now(),
      random: tools.random,
    });
    const nextAttemptAt = next.status === 'retrying' ? next.nextAttemptAt : null;
    const isHeld = delivery.status === 'held';
    const outcome = await tools.writer.settle({
      deliveryId: delivery._id,
      round: delivery.round,
      leaseToken: token,
      attempt: { ...end.record, next_attempt_at: nextAttemptAt },
      next: next.status === 'retrying' && isHeld ? { ...next, endsHold: true } : next,
    });
    slot.release();
    // Only appended: a replay or somebody else's result decides now.
    if (outcome !== 'settled') return { kind: 'done' };
    if (isHeld)
      await tools.aftermath.follow({ id: delivery._id, round: delivery.round, wasHeld: true }, recipient, next);
    else await tools.aftermath.followWithoutRetry({ id: delivery._id }, recipient, next);
    return nextAttemptAt === null ? { kind: 'done' } : { kind: 'retry', at: nextAttemptAt };
  }

  /** Its subscription is gone or disabled: cancelled (rule 13), or held until it is enabled. */
  async function leave(
    delivery: DeliveryRecord,
    token: string,
    recipient: Recipient | undefined,
  ): Promise<WaitingOutcome> {
    const now = tools.now();
    await tools.deliveries.release({ deliveryId: delivery._id, token, nextAttemptAt: now, heldBackBy: null });
    if (recipient !== undefined) await tools.deliveries.holdForSubscription(recipient.subscriptionId);
    else if (delivery.subscription_id !== null)
      await tools.deliveries.cancelForSubscription(delivery.subscription_id, now);
    return { kind: 'done' };
  }

  /**
   * A fault before anything was sent: gives the claim back, then throws on. So the job that BullMQ brings back in a moment
   * can claim it again instead of ending, and the delivery need not wait until the claim has run out and the sweeper comes.
   * When not even this can be written, it does wait.
   */
  async function giveBack(delivery: DeliveryRecord, token: string, fault: unknown): Promise<never> {
    const nextAttemptAt = delivery.next_attempt_at ?? tools.now();
    const heldBackBy = delivery.held_back_by;
    await tools.deliveries
      .release({ deliveryId: delivery._id, token, nextAttemptAt, heldBackBy })
      .catch(() => undefined);
    throw fault;
  }

  async function defer(
    delivery: DeliveryRecord,
    token: string,
    at: Date,
    heldBackBy: DeliveryRecord['held_back_by'],
  ): Promise<WaitingOutcome> {
    await tools.deliveries.release({ deliveryId: delivery._id, token, nextAttemptAt: at, heldBackBy });
    return { kind: 'defer', at };
  }

  return { process, sendHeld };
}
