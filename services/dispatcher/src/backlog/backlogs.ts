import { setTimeout as sleep } from 'node:timers/promises';
import type { IdSource } from '@owngateway/domain';
import type { DeliveryRepository, LeaseRepository } from '@owngateway/store';
import type { ResultWriter } from '../delivery/result-writer.ts';
import type { Recipient } from '../directory/recipient.ts';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';
import type { Endpoints } from '../endpoints/endpoint.ts';
import type { WaitingDelivery } from '../retry/waiting-delivery.ts';

/** A backlog is sent at most this fast, however quickly the endpoint answers. */
const HIGHEST_RATE_PER_S = 50;
const PACE_MS = 1_000 / HIGHEST_RATE_PER_S;

/** After this, the backlog of another subscription gets the place. */
const TURN_MS = 5_000;

/** Held deliveries that are looked up at once. */
const PAGE = 100;

/** A subscription that is disabled again gets no more of its backlog after this. */
const LOOK_EVERY_MS = 1_000;

/** What a lease lasts beyond the attempt's own deadline: the time to write its result. */
const LEASE_MARGIN_MS = 10_000;

export interface BacklogTools {
  deliveries: Pick<DeliveryRepository, 'findHeld' | 'claimHeld'>;
  leases: LeaseRepository;
  directory: Pick<SubscriptionDirectory, 'refresh' | 'find'>;
  endpoints: Pick<Endpoints, 'waitBefore'>;
  waiting: Pick<WaitingDelivery, 'sendHeld'>;
  writer: Pick<ResultWriter, 'whenWritable'>;
  newId: IdSource;
  now: () => Date;
  /** Names this process. */
  holder: string;
  /** Backlogs that are sent at the same time. */
  atOnce: number;
  onTrouble: (what: 'backlog', error: unknown) => void;
}

/**
 * Sends what was held for a subscription once it is enabled: in the order of its events, one after the other, each when the
 * one before has ended. One that fails goes on by its retry policy and does not stop the ones behind it. Needs no queue, so a
 * wiped Redis changes nothing, and one process at a time does it for a subscription. What happens from the moment of
 * enabling does not join the backlog: it is sent at once beside it, so that no backlog, however long, delays it.
 */
export interface Backlogs {
  /** Goes on with the backlogs of these enabled subscriptions, unless it is at them. Returns at once. */
  send(subscriptionIds: readonly string[]): void;
  /** Begins no more attempts; resolves when those under way have been written. */
  stop(): Promise<void>;
}

/** Why a turn ended: its time was up, or there is nothing to do before the next sweep. */
type TurnEnd = 'more' | 'later';

export function createBacklogs(tools: BacklogTools): Backlogs {
  const queue = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  function serve(): void {
    for (const id of queue) {
      if (stopping.signal.aborted || running.size >= tools.atOnce) return;
      queue.delete(id);
      const turn = turnOf(id)
        .catch((error: unknown): TurnEnd => {
          if (!stopping.signal.aborted) tools.onTrouble('backlog', error);
          return 'later';
        })
        .then((end) => {
          running.delete(id);
          if (end === 'more') queue.add(id);
          serve();
        });
      running.set(id, turn);
    }
  }

  async function turnOf(subscriptionId: string): Promise<TurnEnd> {
    const recipient = tools.directory.find(subscriptionId);
    if (recipient === undefined) return 'later';
    const lease = `backlog-${subscriptionId}`;
    const leaseMs = TURN_MS + recipient.timeoutMs + LEASE_MARGIN_MS;
    if (!(await tools.leases.acquire(lease, tools.holder, leaseMs))) return 'later';
    try {
      return await sendSome(subscriptionId, performance.now() + TURN_MS);
    } finally {
      await tools.leases.release(lease, tools.holder);
    }
  }

  async function sendSome(subscriptionId: string, turnEndsMs: number): Promise<TurnEnd> {
    const inOrder = orderOf(subscriptionId);
    while (!stopping.signal.aborted && performance.now() < turnEndsMs) {
      await tools.writer.whenWritable();
      const next = await inOrder.next();
      if (next === null) return 'later';
      const pace = sleep(PACE_MS, undefined, { ref: false });
      const wait = await sendFirst(next.deliveryId, next.recipient);
      if (wait === null) {
        inOrder.sent();
        await pace;
        continue;
      }
      // Beyond this turn: another subscription gets the place, and the next sweep looks again.
      const waitMs = wait.getTime() - tools.now().getTime();
      if (performance.now() + waitMs >= turnEndsMs) return 'later';
      await sleep(Math.max(waitMs, PACE_MS), undefined, { signal: stopping.signal });
    }
    return 'more';
  }

  /** The backlog from its beginning; `next` is null once there is none, or the subscription is not enabled any more. */
  function orderOf(subscriptionId: string) {
    let ids: string[] = [];
    let lookedAtMs = Number.NEGATIVE_INFINITY;
    return {
      async next(): Promise<{ deliveryId: string; recipient: Recipient } | null> {
        if (performance.now() - lookedAtMs >= LOOK_EVERY_MS) {
          await tools.directory.refresh();
          lookedAtMs = performance.now();
        }
        const recipient = tools.directory.find(subscriptionId);
        if (!recipient?.enabled) return null;
        if (ids.length === 0) ids = await tools.deliveries.findHeld(subscriptionId, PAGE);
        const [deliveryId] = ids;
        return deliveryId === undefined ? null : { deliveryId, recipient };
      },
      sent: () => void ids.shift(),
    };
  }

  /** Null when the delivery is out of the backlog; else when to try again, because order demands that it goes first. */
  async function sendFirst(deliveryId: string, recipient: Recipient): Promise<Date | null> {
    const wait = tools.endpoints.waitBefore(recipient);
    if (wait !== null) return new Date(wait.untilMs);
    const token = tools.newId('att');
    const leaseMs = recipient.timeoutMs + LEASE_MARGIN_MS;
    const claim = await tools.deliveries.claimHeld({ deliveryId, token, now: tools.now(), leaseMs });
    if (claim.kind === 'gone') return null;
    if (claim.kind === 'busy') return claim.until;
    const outcome = await tools.waiting.sendHeld(claim.delivery, token);
    return outcome.kind === 'defer' ? outcome.at : null;
  }

  return {
    send(subscriptionIds) {
      for (const id of subscriptionIds) if (!running.has(id)) queue.add(id);
      serve();
    },
    async stop() {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}
