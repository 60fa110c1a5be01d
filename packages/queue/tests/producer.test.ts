import { eventually } from '@owngateway/local-stack/testing';
import { createQueueProducer } from '../src/index.ts';
import { openTestQueues, type TestQueues } from './test-queues.ts';

describe('the queue producer', () => {
  let queues: TestQueues;
  beforeEach(async () => {
    queues = await openTestQueues();
  });
  afterEach(() => queues.close());

  it('puts up to 25 event ids into a job, and their ids only', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `evt_${n}`);
    await queues.producer.addEvents(ids);
    const jobs = await queues.queue('events').getJobs(['wait'], 0, -1, true);
    expect(jobs.map((job) => job.data.e.length)).toEqual([25, 25, 10]);
    expect(jobs.flatMap((job) => job.data.e)).toEqual(ids);
    expect(jobs.map((job) => Object.keys(job.data))).toEqual([['e'], ['e'], ['e']]);
  });

  it('gives each swept event a job of its own, marked, and adds it once', async () => {
    await queues.producer.addEvents(['evt_1', 'evt_2'], { swept: true });
    await queues.producer.addEvents(['evt_1'], { swept: true });
    const jobs = await queues.queue('events').getJobs(['wait'], 0, -1, true);
    expect(jobs.map((job) => job.data)).toEqual([
      { e: ['evt_1'], s: 1 },
      { e: ['evt_2'], s: 1 },
    ]);
  });

  it('lets merchants take turns in the overflow lane, whoever came first', async () => {
    const flood = (merchantId: string, count: number) =>
      Array.from({ length: count }, (_, n) => ({ eventId: `evt_${merchantId}_${n}`, merchantId, behind: n }));
    await queues.producer.addOverflow(flood('a', 100));
    await queues.producer.addOverflow(flood('b', 60));
    const order: string[] = [];
    queues.work('events-overflow', async (job) => void order.push(`${job.data.m} ${job.data.e.length}`));
    await eventually(() => expect(order).toHaveLength(7));
    expect(order).toEqual(['a 25', 'b 25', 'a 25', 'b 25', 'a 25', 'b 10', 'a 25']);
  });

  it('gives each swept event of the overflow lane a job of its own, once', async () => {
    const swept = { eventId: 'evt_1', merchantId: 'm_1', behind: 0 };
    await queues.producer.addOverflow([swept, { ...swept, eventId: 'evt_2' }], { swept: true });
    await queues.producer.addOverflow([swept], { swept: true });
    const jobs = await queues.queue('events-overflow').getJobs(['prioritized'], 0, -1, true);
    expect(jobs.map((job) => job.data)).toEqual([
      { m: 'm_1', e: ['evt_1'], s: 1 },
      { m: 'm_1', e: ['evt_2'], s: 1 },
    ]);
  });

  it('swallows a second add of the same round, whatever state the first is in, and takes another round', async () => {
    const queue = queues.queue('retries');
    await queues.producer.addRetries([{ deliveryId: 'dlv_1', round: 0, delayMs: 60_000 }]);
    await queues.producer.addRetries([{ deliveryId: 'dlv_1', round: 0, delayMs: 0 }]);
    expect(await queue.getJobCounts('wait', 'delayed')).toEqual({ wait: 0, delayed: 1 });
    await queues.producer.addRetries([{ deliveryId: 'dlv_1', round: 1, delayMs: 0 }]);
    expect(await queue.getJobCounts('wait', 'delayed')).toEqual({ wait: 1, delayed: 1 });
  });

  it('puts a retry in place of the one that waits for another time, where that is asked for', async () => {
    const queue = queues.queue('retries');
    const retry = { deliveryId: 'dlv_1', round: 0 };
    await queues.producer.addRetries([{ ...retry, delayMs: 60_000 }]);
    await queues.producer.addRetries([{ ...retry, delayMs: 1_000 }], { instead: true });
    expect((await queue.getJobs(['delayed'])).map(({ delay }) => delay)).toEqual([1_000]);
    await queues.producer.addRetries([{ deliveryId: 'dlv_2', round: 0, delayMs: 0 }], { instead: true });
    expect(await queue.getJobCounts('wait', 'delayed')).toEqual({ wait: 1, delayed: 1 });
  });

  it('adds a notification once a round, with nothing but ids and the round', async () => {
    const notification = { notificationId: 'ntf_1', accountId: 'acct_1' };
    await queues.producer.addNotifications([{ ...notification, round: 0 }]);
    await queues.producer.addNotifications([0, 1].map((round) => ({ ...notification, round })));
    const jobs = await queues.queue('notifications').getJobs(['wait'], 0, -1, true);
    expect(jobs.map(({ id, data }) => ({ id, data }))).toEqual([
      { id: 'ntf_1-0', data: { n: 'ntf_1', r: 0, a: 'acct_1' } },
      { id: 'ntf_1-1', data: { n: 'ntf_1', r: 1, a: 'acct_1' } },
    ]);
  });

  it('keeps jobs in the compact encoding of Redis', async () => {
    const id = `dlv_${'0'.repeat(32)}`;
    await queues.producer.addRetries([{ deliveryId: id, round: 0, delayMs: 5 }]);
    expect(await queues.redis.object('ENCODING', `${queues.settings.prefix}:{retries}:${id}-0`)).toBe('listpack');
  });

  it('rejects at once while Redis is away', async () => {
    const producer = createQueueProducer({ ...queues.settings, redisUrl: 'redis://127.0.0.1:1' });
    await expect(producer.addEvents(['evt_1'])).rejects.toThrow();
    await expect(producer.addDeadLetters(['dlv_1'])).rejects.toThrow();
    await expect(producer.ping()).rejects.toThrow();
    await producer.close();
  });
});

describe('shards', () => {
  it('hold every id once, and the same id always in the same one', async () => {
    const queues = await openTestQueues(3);
    const list = Array.from({ length: 30 }, (_, n) => ({ deliveryId: `dlv_${n}`, round: 0, delayMs: 0 }));
    await queues.producer.addDeliveries(list);
    await queues.producer.addDeliveries(list);
    const counts = await Promise.all([0, 1, 2].map((shard) => queues.queue('deliveries', shard).getWaitingCount()));
    expect(counts.reduce((sum, count) => sum + count)).toBe(30);
    expect(counts.every((count) => count > 0)).toBe(true);
    expect((await queues.inspector.depths()).deliveries).toEqual({ waiting: 30, delayed: 0, active: 0 });
    await queues.close();
  });
});
