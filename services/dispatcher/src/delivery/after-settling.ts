import type { QueueProducer } from '@owngateway/queue';
import type { Settlement } from '@owngateway/store';
import type { Recipient } from '../directory/recipient.ts';
import type { SwitchOff } from '../switch-off/switch-off.ts';

export interface AftermathTools {
  producer: Pick<QueueProducer, 'addRetries' | 'addDeadLetters'>;
  switchOff: SwitchOff;
  nowMs: () => number;
  /** Something that heals itself went wrong: counted and logged as a warning. */
  onTrouble: (what: 'enqueue' | 'disable', error: unknown) => void;
}

/**
 * What must happen once a result is written: the retry on its queue, the dead letter in the tools' window, the
 * subscription switched off. All of it is repeatable and, if lost, mended by the sweeper, so no failure here is passed on.
 */
export interface Aftermath {
  /** `wasHeld`: a job of the time before the hold may still wait for the time of then; the retry's takes its place. */
  follow(
    delivery: { id: string; round: number; wasHeld?: true },
    recipient: Recipient,
    next: Settlement['next'],
  ): Promise<void>;
  /** The same without a queue job for a retry: the job at hand comes back by itself (BullMQ's backoff). */
  followWithoutRetry(delivery: { id: string }, recipient: Recipient, next: Settlement['next']): Promise<void>;
}

export function createAftermath(tools: AftermathTools): Aftermath {
  async function quietly(what: 'enqueue' | 'disable', work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      tools.onTrouble(what, error);
    }
  }

  async function followWithoutRetry(
    delivery: { id: string },
    recipient: Recipient,
    next: Settlement['next'],
  ): Promise<void> {
    if (next.status === 'failed') await quietly('enqueue', () => tools.producer.addDeadLetters([delivery.id]));
    if (next.status === 'held') await quietly('disable', () => tools.switchOff(recipient, { kind: 'gone' }));
  }

  return {
    followWithoutRetry,
    async follow(delivery, recipient, next) {
      if (next.status === 'retrying') {
        const delayMs = Math.max(0, next.nextAttemptAt.getTime() - tools.nowMs());
        await quietly('enqueue', () =>
          tools.producer.addRetries(
            [{ deliveryId: delivery.id, round: delivery.round, subscriptionId: recipient.subscriptionId, delayMs }],
            { instead: delivery.wasHeld === true },
          ),
        );
      }
      await followWithoutRetry(delivery, recipient, next);
    },
  };
}
