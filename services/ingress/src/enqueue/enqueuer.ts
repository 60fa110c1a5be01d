import type { QueueProducer } from '@owngateway/queue';
import { createGroupCommit } from '@owngateway/store';

/**
 * Puts the ids of stored events on their queue, after the fact: nobody waits for it, and what it loses the sweeper finds
 * in MongoDB (decision 1).
 */
export interface Enqueuer {
  /** Never throws. */
  offer(eventIds: readonly string[]): void;
  /** Waits until everything offered so far is on its queue or given up. */
  drain(): Promise<void>;
  readonly waiting: number;
}

export interface EnqueuerOptions {
  producer: Pick<QueueProducer, 'addEvents'>;
  /** Hears of ids that were given up: Redis refused them, or too many were waiting (then without a fault). */
  onLost: (count: number, fault: unknown) => void;
}

/** Ids of 36 characters: some megabytes at most. Beyond it Redis is so far behind that the sweeper is as quick. */
const MAX_WAITING = 20_000;
/** A job carries up to 25 ids, and costs the same with one: worth a moment of waiting while there is much to do. */
const GROUP = { maxGroup: 500, gather: { ms: 15, from: 8 } };

export function createEnqueuer({ producer, onLost }: EnqueuerOptions): Enqueuer {
  const commit = createGroupCommit<string, void>({
    ...GROUP,
    async write(ids) {
      try {
        await producer.addEvents(ids);
      } catch (fault) {
        onLost(ids.length, fault);
      }
      return ids.map(() => undefined);
    },
  });
  return {
    offer(eventIds) {
      if (eventIds.length === 0) {
        return;
      }
      if (commit.waiting + eventIds.length > MAX_WAITING) {
        onLost(eventIds.length, undefined);
        return;
      }
      // Cannot reject: the write above gives up instead.
      commit.addAll(eventIds).catch(() => undefined);
    },
    drain: () => commit.drain(),
    get waiting() {
      return commit.waiting;
    },
  };
}
