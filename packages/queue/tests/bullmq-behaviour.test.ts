import { eventually } from '@owngateway/local-stack/testing';
import { DelayedError, type Job } from 'bullmq';
import { openTestQueues, type TestQueues } from './test-queues.ts';

/** What the dispatcher takes BullMQ to do. A new version that does otherwise fails here, not in production. */
describe('BullMQ', () => {
  let queues: TestQueues;
  beforeEach(async () => {
    queues = await openTestQueues();
  });
  afterEach(() => queues.close());

  const counters = ({ attemptsStarted, attemptsMade, stalledCounter }: Job) => ({
    attemptsStarted,
    attemptsMade,
    stalledCounter,
  });

  it('counts the first run as 1 started attempt, and every later one', async () => {
    const seen: object[] = [];
    queues.work(
      'events',
      async (job) => {
        seen.push(counters(job));
        if (seen.length < 3) throw new Error('again');
      },
      { settings: { backoffStrategy: () => 1 } },
    );
    await queues.producer.addEvents(['evt_1']);
    await eventually(() => expect(seen).toHaveLength(3));
    expect(seen).toEqual([
      { attemptsStarted: 1, attemptsMade: 0, stalledCounter: 0 },
      { attemptsStarted: 2, attemptsMade: 1, stalledCounter: 0 },
      { attemptsStarted: 3, attemptsMade: 2, stalledCounter: 0 },
    ]);
  });

  it('counts a job whose worker died as started again and stalled once', async () => {
    const seen: object[] = [];
    const dying = queues.work('events', () => new Promise(() => undefined), {
      lockDuration: 300,
      skipStalledCheck: true,
    });
    await queues.producer.addEvents(['evt_1']);
    await eventually(async () => expect(await queues.queue('events').getActiveCount()).toBe(1));
    await dying.close(true);
    queues.work('events', async (job) => void seen.push(counters(job)), { stalledInterval: 200, maxStalledCount: 9 });
    await eventually(() => expect(seen).toEqual([{ attemptsStarted: 2, attemptsMade: 0, stalledCounter: 1 }]));
  });

  it('defers a job without using up an attempt', async () => {
    const seen: object[] = [];
    let at = 0;
    queues.work('deliveries', async (job, token) => {
      seen.push({ ...counters(job), late: Date.now() >= at });
      if (seen.length > 1) return;
      at = Date.now() + 300;
      await job.moveToDelayed(at, token);
      throw new DelayedError();
    });
    await queues.producer.addDeliveries([{ deliveryId: 'dlv_1', round: 0, delayMs: 0 }]);
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen[1]).toEqual({ attemptsStarted: 2, attemptsMade: 0, stalledCounter: 0, late: true });
  });

  it('hands the very error that was thrown to the backoff strategy, and keeps to its delay', async () => {
    const thrown = new Error('retry later');
    const given: unknown[] = [];
    const startedAt: number[] = [];
    queues.work(
      'retries',
      async () => {
        startedAt.push(Date.now());
        if (startedAt.length === 1) throw thrown;
      },
      {
        settings: {
          backoffStrategy: (_attempts, _type, error) => {
            given.push(error);
            return 500;
          },
        },
      },
    );
    await queues.producer.addRetries([{ deliveryId: 'dlv_1', round: 0, delayMs: 0 }]);
    await eventually(() => expect(startedAt).toHaveLength(2));
    expect(given[0]).toBe(thrown);
    const [first = 0, second = 0] = startedAt;
    expect(second - first).toBeGreaterThanOrEqual(500);
    expect(second - first).toBeLessThan(5_000);
  });

  it('takes one job that it was already waiting for after a pause, and no more until it is resumed', async () => {
    const taken: string[] = [];
    const worker = queues.work('events', async (job) => void taken.push(...job.data.e), { concurrency: 50 });
    await queues.producer.addEvents(['evt_0']);
    await eventually(() => expect(taken).toEqual(['evt_0']));
    await worker.pause(true);
    for (let n = 1; n <= 10; n++) await queues.producer.addEvents([`evt_${n}`]);
    const waiting = () => queues.queue('events').getWaitingCount();
    await eventually(async () => expect(await queues.queue('events').getActiveCount()).toBe(0));
    // Rule 8 holds nevertheless: the dispatcher asks its writer before it sends.
    expect(await waiting()).toBeGreaterThanOrEqual(9);
    await worker.resume();
    await eventually(() => expect(taken).toHaveLength(11));
  });

  it('takes the id of a finished job again, once it is removed', async () => {
    let runs = 0;
    queues.work('retries', async () => void runs++, { removeOnComplete: { count: 0 } });
    for (const expected of [1, 2]) {
      await queues.producer.addRetries([{ deliveryId: 'dlv_1', round: 0, delayMs: 0 }]);
      await eventually(() => expect(runs).toBe(expected));
      await eventually(async () => expect(await queues.queue('retries').getJob('dlv_1-0')).toBeUndefined());
    }
  });

  it('swallows the id of a job that failed for good and was kept, so none may be kept', async () => {
    const queue = queues.queue('retries');
    await queue.add('d', {}, { jobId: 'dlv_1-0', attempts: 1 });
    const kept = queues.work('retries', () => Promise.reject(new Error('no')));
    await eventually(async () => expect(await queue.getFailedCount()).toBe(1));
    await kept.close();
    await queues.producer.addRetries([{ deliveryId: 'dlv_1', round: 0, delayMs: 0 }]);
    expect(await queue.getWaitingCount()).toBe(0);
  });
});
