import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../measure/clock.ts';

/** Sends request `index` and says when it has ended. */
export type SendOne = (index: number, ended: () => void) => void;

/** `concurrency` at a time, each next one when one has ended. Resolves when all have. */
export function closedLoop(count: number, concurrency: number, send: SendOne): Promise<void> {
  return new Promise((resolve) => {
    let next = 0;
    let left = count;
    const step = (): void => {
      const index = next;
      next += 1;
      if (index < count) send(index, ended);
    };
    const ended = (): void => {
      left -= 1;
      if (left === 0) resolve();
      else step();
    };
    for (let i = 0; i < Math.min(concurrency, count); i += 1) step();
  });
}

/** One after the other, evenly spaced, whatever becomes of them. Resolves with how late each was sent, when all have ended. */
export async function openLoop(count: number, perSecond: number, send: SendOne): Promise<Float64Array> {
  const late = new Float64Array(count);
  const spacingMs = 1_000 / perSecond;
  const startMs = monotonicMs() + spacingMs;
  let left = count;
  const { promise, resolve } = Promise.withResolvers<void>();
  const ended = (): void => {
    left -= 1;
    if (left === 0) resolve();
  };
  for (let index = 0; index < count; ) {
    const dueMs = startMs + index * spacingMs;
    const nowMs = monotonicMs();
    if (nowMs < dueMs) {
      await delay(dueMs - nowMs);
      continue;
    }
    late[index] = nowMs - dueMs;
    send(index, ended);
    index += 1;
  }
  await promise;
  return late;
}
