import { eventually } from '@owngateway/local-stack/testing';
import { assertNoEviction, createQueueInspector, createRedisConnection, RedisPolicyError } from '../src/index.ts';
import { openTestQueues, type TestQueues } from './test-queues.ts';

describe('the queue inspector', () => {
  let queues: TestQueues;
  beforeEach(async () => {
    queues = await openTestQueues();
  });
  afterEach(() => queues.close());

  it('knows no oldest job where there is none', async () => {
    expect(await queues.inspector.oldestEventsJobAt()).toBeNull();
  });

  it.each([
    ['waits', { timestamp: 1_000 }],
    ['is put back', { timestamp: 1_000, delay: 3_600_000 }],
  ])('tells when the oldest job that %s was added', async (_state, options) => {
    const queue = queues.queue('events');
    await queue.add('e', { e: ['evt_1'] }, options);
    await queue.add('e', { e: ['evt_2'] }, { timestamp: 5_000_000 });
    expect(await queues.inspector.oldestEventsJobAt()).toEqual(new Date(1_000));
  });

  it('tells when the oldest job that runs was added', async () => {
    const gate = Promise.withResolvers<void>();
    await queues.queue('events').add('e', { e: ['evt_1'] }, { timestamp: 1_000 });
    queues.work('events', () => gate.promise);
    await eventually(async () => expect(await queues.queue('events').getActiveCount()).toBe(1));
    expect(await queues.inspector.oldestEventsJobAt()).toEqual(new Date(1_000));
    gate.resolve();
  });

  it('tells when the oldest job was added also once that waits again, behind younger ones', async () => {
    const queue = queues.queue('events');
    const [older, younger] = ['evt_00000000000a', 'evt_00000000000b'];
    await queue.add('e', { e: [older] }, { jobId: older, timestamp: 1_000, delay: 1 });
    await queue.add('e', { e: [younger] }, { jobId: younger, timestamp: 5_000_000 });
    const gate = Promise.withResolvers<void>();
    // Whoever takes a job puts those whose delay is over behind the ones that wait.
    await queue.add('e', { e: ['evt_00000000000c'] }, { jobId: 'evt_00000000000c', timestamp: 6_000_000, lifo: true });
    queues.work('events', () => gate.promise);
    await eventually(async () => expect(await queue.getWaiting()).toMatchObject([{ id: younger }, { id: older }]));
    expect(await queues.inspector.oldestEventsJobAt()).toEqual(new Date(1_000));
    gate.resolve();
  });

  it('tells the oldest event of the overflow lane, whatever its turn', async () => {
    expect(await queues.inspector.oldestOverflowEvent()).toBe('none');
    await queues.producer.addOverflow([
      { eventId: 'evt_00000000000c', merchantId: 'm_1', behind: 0 },
      { eventId: 'evt_00000000000b', merchantId: 'm_2', behind: 500 },
    ]);
    await queues.producer.addOverflow([{ eventId: 'evt_00000000000a', merchantId: 'm_1', behind: 9_000 }], {
      swept: true,
    });
    expect(await queues.inspector.oldestOverflowEvent()).toEqual({ eventId: 'evt_00000000000a' });
    expect((await queues.inspector.depths())['events-overflow']).toEqual({ waiting: 3, delayed: 0, active: 0 });
  });

  it('tells how many jobs wait in each queue, those that are delayed or run not among them', async () => {
    const gate = Promise.withResolvers<void>();
    await queues.producer.addEvents(['evt_1']);
    queues.work('events', () => gate.promise);
    await eventually(async () => expect(await queues.queue('events').getActiveCount()).toBe(1));
    await queues.producer.addRetries([
      { deliveryId: 'dlv_1', round: 0, delayMs: 0 },
      { deliveryId: 'dlv_2', round: 0, delayMs: 60_000 },
    ]);
    expect(Object.fromEntries(await queues.inspector.waitingByQueue())).toEqual({
      '{events}': 0,
      '{events-overflow}': 0,
      '{deliveries}': 0,
      '{retries}': 1,
      '{notifications}': 0,
    });
    gate.resolve();
  });

  it('keeps the newest 10,000 dead letters', async () => {
    const ids = Array.from({ length: 10_003 }, (_, n) => `dlv_${n}`);
    await queues.producer.addDeadLetters(ids);
    await queues.inspector.trimDeadLetters();
    const queue = queues.queue('dead-letters');
    expect(await queue.getWaitingCount()).toBe(10_000);
    const gone = await Promise.all(['dead-dlv_0', 'dead-dlv_1', 'dead-dlv_2'].map((id) => queue.getJob(id)));
    expect(gone).toEqual([undefined, undefined, undefined]);
    expect(await queue.getJob('dead-dlv_10002')).toBeDefined();
  });

  it('rejects while Redis is away', async () => {
    const inspector = createQueueInspector({ ...queues.settings, redisUrl: 'redis://127.0.0.1:1' });
    await expect(inspector.oldestEventsJobAt()).rejects.toThrow();
    await inspector.close();
  });
});

describe('assertNoEviction', () => {
  it('lets the Redis of the tests pass', async () => {
    const queues = await openTestQueues();
    await expect(assertNoEviction(queues.redis)).resolves.toBeUndefined();
    await queues.close();
  });

  it('refuses any other policy, and names it', async () => {
    const connection = createRedisConnection('redis://127.0.0.1:1', 'producer');
    connection.on('error', () => undefined);
    connection.info = async () => 'maxmemory:1\r\nmaxmemory_policy:allkeys-lru\r\n';
    await expect(assertNoEviction(connection)).rejects.toThrow(RedisPolicyError);
    await expect(assertNoEviction(connection)).rejects.toThrow('allkeys-lru');
    connection.disconnect();
  });
});
