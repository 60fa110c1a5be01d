import { setTimeout as pause } from 'node:timers/promises';
import type { Fact } from './fact.ts';
import type { Notification } from './notifications.ts';

/** Where a merchant's notifications go. */
export interface WebhookAddress {
  merchantId: string;
  url: string;
}

/** What a connector knows of its notifications, and what it did to have them taken. */
export interface Sender {
  /** Facts that were answered with a 2xx: from then on they are the gateway's to deliver (P1). */
  readonly acked: readonly Fact[];
  /** How often each answer came; `none` stands for no answer at all. */
  readonly answers: ReadonlyMap<number | 'none', number>;
  /** How long each answer took, or the waiting for one that never came; milliseconds. */
  readonly durationsMs: readonly number[];
  /** Posts once, and tells the status; null when there was none. */
  post(to: WebhookAddress, notification: Notification): Promise<number | null>;
  /** Posts until it is answered with a 2xx, as connectors do; throws at the deadline. */
  postUntilTaken(to: WebhookAddress, notification: Notification, deadlineMs?: number): Promise<void>;
}

const ANSWER_WITHIN_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export function openSender(): Sender {
  const acked: Fact[] = [];
  const answers = new Map<number | 'none', number>();
  const durationsMs: number[] = [];

  async function post(to: WebhookAddress, { body, headers, says }: Notification): Promise<number | null> {
    let status: number | null = null;
    const startedAt = performance.now();
    try {
      const response = await fetch(to.url, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await response.arrayBuffer();
      status = response.status;
    } catch {
      // Refused, reset or too slow: no answer, so nothing was promised.
    }
    durationsMs.push(performance.now() - startedAt);
    answers.set(status ?? 'none', (answers.get(status ?? 'none') ?? 0) + 1);
    if (status !== null && status >= 200 && status < 300) {
      acked.push(...says.map((fact) => ({ ...fact, merchantId: to.merchantId })));
    }
    return status;
  }

  return {
    acked,
    answers,
    durationsMs,
    post,
    async postUntilTaken(to, notification, deadlineMs = 60_000) {
      const end = performance.now() + deadlineMs;
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        const status = await post(to, notification);
        if (status !== null && status >= 200 && status < 300) return;
        if (performance.now() > end)
          throw new Error(`not taken within ${deadlineMs} ms; the last answer was ${status}`);
        await pause(pauseMs);
      }
    },
  };
}

/** Runs `work` for 0 to `count` - 1, so many at a time; throws the first fault. */
export async function inLanes(count: number, lanes: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Begins `work` for 0 to `count` - 1 so many times a second, whatever becomes of each; throws the first fault. */
export async function atRate(count: number, perSecond: number, work: (index: number) => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  const begun: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const aheadMs = startedAt + (index * 1_000) / perSecond - performance.now();
    if (aheadMs > 0) await pause(aheadMs);
    begun.push(work(index));
    // Reported at the end, not as nobody's.
    begun.at(-1)?.catch(() => undefined);
  }
  await Promise.all(begun);
}
