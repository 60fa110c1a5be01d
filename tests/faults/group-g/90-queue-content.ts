import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { atRate, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { dumpRedis, redisFiles } from './dumps.ts';

/** An id of ours with what job ids add to it, or a small number: all that a job may carry. */
const ID = /^(evt|dlv|sub|m)_[A-Za-z0-9_]{1,64}$/;
const ALLOWED = (value: unknown): boolean =>
  (typeof value === 'string' && ID.test(value)) ||
  (typeof value === 'number' && Number.isSafeInteger(value) && value < 1_000_000) ||
  (Array.isArray(value) && value.every(ALLOWED));

/** Looks into Redis while events flow, wait, are retried and given up. */
export const queueContent: FaultRow = {
  number: 90,
  group: 'G',
  fault: 'Redis dumped during load (first attempts, waiting, retries, dead letters), memory and files',
  bar: 'ids only, payload bytes 0',
  short: true,
  async run({ short, openWorld }) {
    const world = await openWorld();
    // In the reference of the payment, in its metadata and in the URL: whatever of an event a job could carry.
    const marker = `marker${randomBytes(8).toString('hex')}`;
    const busy = await openShops(world, 'm_busy', ['busy'], { max_in_flight: 1 }, { kind: 'slow', ms: 300 });
    const policy = { retry_policy: { delays_s: [1, 60] } };
    const failing = await openShops(world, 'm_failing', [`failing-${marker}`], policy, { kind: 'status', status: 500 });
    const hopeless = { retry_policy: { delays_s: [1] } };
    const dead = await openShops(world, 'm_dead', ['dead'], hopeless, { kind: 'status', status: 500 });
    const shops = [busy, failing, dead];
    const sender = openSender();
    let isOver = false;
    const sending = atRate(short ? 300 : 1_500, short ? 60 : 150, async (index) => {
      const { account } = shops[index % shops.length] ?? busy;
      await sender.postUntilTaken(account, stripePayment(`${marker}${index}`, account.secret));
    }).finally(() => {
      isOver = true;
    });
    sending.catch(() => undefined);

    const jobs = new Set<string>();
    const strange = new Set<string>();
    let [dumps, payloadHits] = [0, 0];
    const look = async (): Promise<void> => {
      dumps += 1;
      for (const [key, text] of await dumpRedis(world)) {
        if (`${key}${text}`.includes(marker)) payloadHits += 1;
        const data = (JSON.parse(text) as { data?: unknown } | null)?.data;
        if (typeof data !== 'string') continue;
        jobs.add(key);
        for (const value of Object.values(JSON.parse(data) as object))
          if (!ALLOWED(value)) strange.add(data.slice(0, 80));
      }
    };
    while (!isOver) {
      await look();
      await pause(100);
    }
    await sending;
    const kinds = () => new Set([...jobs].map((key) => key.split(':').at(-2) ?? ''));
    const hasDeadLetters = async () => {
      await look();
      return [...kinds()].some((kind) => kind.includes('dead-letters'));
    };
    await eventually(hasDeadLetters, { what: 'dead letters in Redis', deadlineMs: 60_000, intervalMs: 250 });
    const files = await redisFiles(world);
    const fileHits = files.filter(({ text }) => text.includes(marker)).length;
    return {
      met: payloadHits + fileHits + strange.size === 0 && jobs.size > 50 && kinds().size >= 4 && files.length > 0,
      figure: [
        `${dumps} dumps, ${jobs.size} jobs in ${[...kinds()].sort().join(', ')}`,
        `with anything but ids ${strange.size}`,
        `payload in keys or values ${payloadHits}, in ${files.length} files ${fileHits}`,
        ...[...strange].slice(0, 2),
      ].join(', '),
      figures: { dumps, jobs: jobs.size, strange: strange.size, payload_hits: payloadHits, file_hits: fileHits },
    };
  },
};
