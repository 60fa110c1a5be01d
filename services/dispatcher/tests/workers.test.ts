import { eventually, startProxy } from '@owngateway/local-stack/testing';
import { type QueueWorkers, watchForStandstill } from '@owngateway/queue';
import type { WaitingOutcome } from '../src/retry/waiting-delivery.ts';
import { openDeliveriesWorkers, openRetriesWorkers } from '../src/workers/delivery-workers.ts';
import { openEventsWorkers } from '../src/workers/events-worker.ts';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';

/** The edges between BullMQ and the use cases, which are played here. */
describe('the workers', () => {
  let world: DispatcherWorld;
  let opened: QueueWorkers[];
  const faults: Error[] = [];

  beforeEach(async () => {
    world = await openWorld();
    opened = [];
    faults.length = 0;
  });
  afterEach(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await world.close();
  });

  const options = () => ({
    queues: { redisUrl: world.redisUrl, prefix: world.prefix, shards: 1 },
    concurrency: 5,
    random: () => 0,
    now: () => new Date(),
    onFault: (error: Error) => void faults.push(error),
  });
  const open = (workers: QueueWorkers) => void opened.push(workers);

  it('tell a run again from a first one', async () => {
    const runs: [readonly string[], boolean][] = [];
    open(
      openEventsWorkers(options(), async (ids, again) => {
        runs.push([ids, again]);
        if (runs.length === 1) throw new Error('refused');
      }),
    );
    await world.producer.addEvents(['evt_1']);
    await eventually(() => expect(runs).toHaveLength(2));
    await world.producer.addEvents(['evt_2'], { swept: true });
    await eventually(() => expect(runs).toHaveLength(3));
    expect(runs).toEqual([
      [['evt_1'], false],
      [['evt_1'], true],
      [['evt_2'], true],
    ]);
  });

  it('end an events job that can never be done, so that the sweeper is not kept from younger events', async () => {
    const made = { attemptsMade: 9, attempts: 0 };
    open(
      openEventsWorkers(options(), async () => {
        made.attempts += 1;
        throw new Error('a document that no server takes');
      }),
    );
    await world.producer.addEvents(['evt_1']);
    await eventually(() => expect(made.attempts).toBe(1));
    // Nine failures are as good as made: the tenth is the last.
    await eventually(async () =>
      expect(await world.redis.hset(`${world.prefix}:{events}:evt_1`, 'atm', made.attemptsMade)).toBe(0),
    );
    await eventually(async () => expect(await world.redis.exists(`${world.prefix}:{events}:evt_1`)).toBe(0));
    expect(made.attempts).toBe(2);
    expect(faults.map(({ message }) => message)).toEqual(['a document that no server takes']);
    expect(await world.inspector.oldestEventsJobAt()).toBeNull();
  });

  it.each([
    ['deliveries', 5_000],
    ['deliveries', -5_000],
    ['retries', 5_000],
    ['retries', -5_000],
  ] as const)('defer in %s by the time to wait, though the clock of MongoDB is %d ms off', async (kind, skewMs) => {
    const startedAt: number[] = [];
    const databaseNow = () => new Date(Date.now() + skewMs);
    const process = async (): Promise<WaitingOutcome> => {
      startedAt.push(Date.now());
      return startedAt.length === 1 ? { kind: 'defer', at: new Date(databaseNow().getTime() + 400) } : { kind: 'done' };
    };
    const withSkew = { ...options(), now: databaseNow };
    if (kind === 'retries') open(openRetriesWorkers(withSkew, process));
    else open(openDeliveriesWorkers(withSkew, process, world.producer));
    const list = [{ deliveryId: 'dlv_1', round: 0, delayMs: 0 }];
    await (kind === 'retries' ? world.producer.addRetries(list) : world.producer.addDeliveries(list));
    await eventually(() => expect(startedAt).toHaveLength(2));
    const waited = (startedAt[1] ?? 0) - (startedAt[0] ?? 0);
    expect(waited).toBeGreaterThanOrEqual(395);
    expect(waited).toBeLessThan(4_500);
  });

  it('move a delivery that failed its first attempt to the queue of retries', async () => {
    open(
      openDeliveriesWorkers(
        options(),
        async () => ({ kind: 'retry', at: new Date(Date.now() + 60_000) }),
        world.producer,
      ),
    );
    await world.producer.addDeliveries([{ deliveryId: 'dlv_1', round: 3, delayMs: 0 }]);
    await eventually(async () =>
      expect(await world.inspector.depths()).toMatchObject({
        deliveries: { waiting: 0, active: 0, delayed: 0 },
        retries: { delayed: 1 },
      }),
    );
    expect(await world.redis.exists(`${world.prefix}:{retries}:dlv_1-3`)).toBe(1);
  });

  it('take no jobs while they are paused, and say that they run', async () => {
    const taken: string[] = [];
    const workers = openEventsWorkers(options(), async (ids) => void taken.push(...ids));
    open(workers);
    await eventually(() => expect(workers.isRunning()).toBe(true));
    workers.pause();
    expect(workers.isRunning()).toBe(true);
    for (let n = 0; n < 5; n++) await world.producer.addEvents([`evt_${n}`]);
    expect(taken.length).toBeLessThanOrEqual(1);
    workers.resume();
    await eventually(() => expect(taken).toHaveLength(5));
  });

  it('that hang on a half-open connection are found standing still, and go on when they have another', async () => {
    const proxy = await startProxy(world.redisUrl);
    const taken: string[] = [];
    const queues = { redisUrl: proxy.url, prefix: world.prefix, shards: 1 };
    const workers = openEventsWorkers({ ...options(), queues }, async (ids) => void taken.push(...ids));
    open(workers);
    const found: string[] = [];
    const watch = watchForStandstill({
      workers: () => workers.states(),
      waiting: () => world.inspector.waitingByQueue(),
      onStandstill: (queue) => void found.push(queue),
      everyMs: 50,
    });
    watch.start();
    try {
      await world.producer.addEvents(['evt_1']);
      await eventually(() => expect(taken).toEqual(['evt_1']));
      proxy.freeze();
      await world.producer.addEvents(['evt_2']);
      await eventually(() => expect(watch.found()).toBe(true), 20_000);
      // What is seen of it, not what it says.
      expect([found, workers.isRunning()]).toEqual([['{events}'], true]);
      proxy.resume();
      await eventually(() => expect(taken).toEqual(['evt_1', 'evt_2']), 30_000);
      await eventually(() => expect(watch.found()).toBe(false));
    } finally {
      watch.stop();
      await proxy.close();
    }
  });
});
