import type { SubscriptionRepository } from '@owngateway/store';
import type { Recipient } from '../directory/recipient.ts';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';
import type { SwitchOff } from './switch-off.ts';

/** An endpoint that fails and succeeds in turns is written down as failing at most this often: health costs no write per attempt. */
const NOTED_EVERY_MS = 10_000;

export interface FailingStreakTools {
  subscriptions: Pick<SubscriptionRepository, 'noteFailing' | 'noteWell'>;
  directory: Pick<SubscriptionDirectory, 'find'>;
  switchOff: SwitchOff;
  now: () => Date;
  onTrouble: (what: 'failing_since' | 'disable', error: unknown) => void;
}

/**
 * Since when subscriptions fail. Kept in the subscription itself (`failing_since`), so that it survives restarts and is
 * shared by all replicas: written at the first failure after a success and cleared at the first success after that; an
 * endpoint that is well costs nothing. One that has failed for as long as its `auto_disable` says is switched off.
 */
export interface FailingStreaks {
  /** An attempt at this recipient has ended. What is to be written is written in the background. */
  ended(recipient: Recipient, delivered: boolean): void;
  /** Resolves when nothing is being written. */
  drain(): Promise<void>;
}

/** What this process has written of a subscription and its directory may not have read yet. */
interface Written {
  /** The version that the writing was based on; the directory knows better once it has a later one. */
  version: number;
  failing: boolean;
}

export function createFailingStreaks(tools: FailingStreakTools): FailingStreaks {
  const written = new Map<string, Written>();
  const notedAtMs = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();
  /** Recipients that answered well while something was being written of them. */
  const wellMeanwhile = new Map<string, Recipient>();

  function ended(sentTo: Recipient, delivered: boolean): void {
    const { subscriptionId: id } = sentTo;
    const recipient = tools.directory.find(id);
    // Its address has changed, or it was switched, while the attempt was under way: that says nothing of what is there now.
    if (!recipient?.enabled || recipient.endpointKey !== sentTo.endpointKey) return;
    if (underWay.has(id)) {
      if (delivered) wellMeanwhile.set(id, sentTo);
    } else if (delivered) wasWell(recipient);
    else failed(recipient);
  }

  function wasWell(recipient: Recipient): void {
    if (isFailing(recipient)) write(recipient, false, () => tools.subscriptions.noteWell(recipient.subscriptionId));
  }

  function failed(recipient: Recipient): void {
    const { subscriptionId: id, failingSince: since, autoDisableAfterS: afterFailingForS } = recipient;
    const now = tools.now();
    if (!isFailing(recipient)) {
      if (now.getTime() - (notedAtMs.get(id) ?? 0) < NOTED_EVERY_MS) return;
      notedAtMs.set(id, now.getTime());
      write(recipient, true, () => tools.subscriptions.noteFailing(id, now));
    } else if (
      since !== null &&
      afterFailingForS !== null &&
      now.getTime() - since.getTime() >= afterFailingForS * 1_000
    )
      inBackground(id, 'disable', () => tools.switchOff(recipient, { kind: 'failing', since, afterFailingForS }));
  }

  function isFailing({ subscriptionId: id, version, failingSince }: Recipient): boolean {
    const mine = written.get(id);
    if (mine !== undefined && mine.version >= version) return mine.failing;
    written.delete(id);
    return failingSince !== null;
  }

  function write({ subscriptionId: id, version }: Recipient, failing: boolean, note: () => Promise<boolean>): void {
    inBackground(id, 'failing_since', async () => {
      await note();
      written.set(id, { version, failing });
    });
  }

  function inBackground(id: string, what: 'failing_since' | 'disable', work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => tools.onTrouble(what, error))
      .then(() => {
        underWay.delete(id);
        const well = wellMeanwhile.get(id);
        if (wellMeanwhile.delete(id) && well !== undefined) ended(well, true);
      });
    underWay.set(id, done);
  }

  return {
    ended,
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}
