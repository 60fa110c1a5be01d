import type { NotificationToEnqueue, OverflowToEnqueue, QueueProducer } from '@owngateway/queue';
import { createGroupCommit } from '@owngateway/store';

/**
 * Puts the ids of stored events, and of notifications to be read again, on their queues, after the fact: nobody waits for it, and what it loses the sweeper finds
 * in MongoDB (decision 1).
 */
export interface Enqueuer {
  /** Never throws. */
  offer(eventIds: readonly string[]): void;
  /** The same for what exceeds its merchant's share (rule 10). Never throws. */
  offerOverflow(events: readonly OverflowToEnqueue[]): void;
  /** Notifications that only name a thing. Never throws. */
  offerNotifications(notifications: readonly NotificationToEnqueue[]): void;
  /** Waits until everything offered so far is on its queue or given up. */
  drain(): Promise<void>;
  readonly waiting: number;
}

export interface EnqueuerOptions {
  producer: Pick<QueueProducer, 'addEvents' | 'addOverflow' | 'addNotifications'>;
  /** Hears of ids that were given up: Redis refused them, or too many were waiting (then without a fault). */
  onLost: (count: number, fault: unknown) => void;
}

/** Ids of 36 characters: some megabytes at most. Beyond it Redis is so far behind that the sweeper is as quick. */
const MAX_WAITING = 20_000;
/** A job carries up to 25 ids, and costs the same with one: worth a moment of waiting while there is much to do. */
const GROUP = { maxGroup: 500, gather: { ms: 15, from: 8 } };

export function createEnqueuer({ producer, onLost }: EnqueuerOptions): Enqueuer {
  const events = createLane<string>((ids) => producer.addEvents(ids));
  const overflow = createLane<OverflowToEnqueue>((list) => producer.addOverflow(list));
  const notifications = createLane<NotificationToEnqueue>((list) => producer.addNotifications(list));

  function createLane<Item>(add: (items: readonly Item[]) => Promise<void>) {
    const commit = createGroupCommit<Item, void>({
      ...GROUP,
      async write(items) {
        try {
          await add(items);
        } catch (fault) {
          onLost(items.length, fault);
        }
        return items.map(() => undefined);
      },
    });
    return {
      commit,
      offer(items: readonly Item[]) {
        if (items.length === 0) {
          return;
        }
        if (commit.waiting + items.length > MAX_WAITING) {
          onLost(items.length, undefined);
          return;
        }
        // Cannot reject: the write above gives up instead.
        commit.addAll(items).catch(() => undefined);
      },
    };
  }

  return {
    offer: events.offer,
    offerOverflow: overflow.offer,
    offerNotifications: notifications.offer,
    async drain() {
      await Promise.all([events, overflow, notifications].map(({ commit }) => commit.drain()));
    },
    get waiting() {
      return events.commit.waiting + overflow.commit.waiting + notifications.commit.waiting;
    },
  };
}
