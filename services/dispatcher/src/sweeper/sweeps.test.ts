import type { DeliveryToEnqueue, NotificationToEnqueue, QueueInspector } from '@owngateway/queue';
import type { DueDelivery } from '@owngateway/store';
import { aRecipient, NOW, NOW_MS, now } from '../../tests/support/fakes.ts';
import type { Recipient } from '../directory/recipient.ts';
import { sweepDeliveries } from './sweep-deliveries.ts';
import { sweepEvents } from './sweep-events.ts';
import { createExpirySweep } from './sweep-expired.ts';
import { sweepHeld } from './sweep-held.ts';
import { sweepNotifications } from './sweep-notifications.ts';
import { sweepOverflow } from './sweep-overflow.ts';

const before = (ms: number) => new Date(NOW_MS - ms);

function aDue(id: string, fields: Partial<DueDelivery> = {}): DueDelivery {
  return {
    _id: id,
    subscription_id: 'sub_1',
    round: 0,
    status: 'pending',
    attempts_total: 0,
    next_attempt_at: NOW,
    due_at: NOW,
    ...fields,
  };
}

function fakeProducer() {
  const deliveries: DeliveryToEnqueue[] = [];
  const retries: DeliveryToEnqueue[] = [];
  return {
    deliveries,
    retries,
    addDeliveries: async (list: readonly DeliveryToEnqueue[]) => void deliveries.push(...list),
    addRetries: async (list: readonly DeliveryToEnqueue[]) => void retries.push(...list),
  };
}

describe('the sweep of events', () => {
  function setUp(ids: string[], oldest: Date | null, merchantOf = (id: string) => `m_${id}`) {
    const asked: unknown[] = [];
    const moved: string[] = [];
    const added: { ids: readonly string[]; swept: boolean | undefined }[] = [];
    const run = () =>
      sweepEvents({
        events: {
          findAwaitingFanOut: async (query) => {
            asked.push(query);
            return ids.map((_id) => ({ _id, merchant_id: merchantOf(_id) }));
          },
          moveToOverflow: async (some) => void moved.push(...some),
        },
        inspector: { oldestEventsJobAt: async () => oldest },
        producer: { addEvents: async (some, options) => void added.push({ ids: some, swept: options?.swept }) },
        now,
      });
    return { run, asked, added, moved };
  }

  it('puts back what is older than ten seconds, as swept', async () => {
    const { run, asked, added } = setUp(['evt_1', 'evt_2'], null);
    expect(await run()).toBe(2);
    expect(asked).toEqual([{ lane: 'events', olderThan: before(10_000), limit: 10_000 }]);
    expect(added).toEqual([{ ids: ['evt_1', 'evt_2'], swept: true }]);
  });

  it('leaves alone what may still have a job: what is younger than the oldest job, and a margin', async () => {
    const { run, asked } = setUp([], before(60_000));
    expect(await run()).toBe(0);
    expect(asked).toMatchObject([{ olderThan: before(70_000) }]);
  });

  it('is not misled by a job of a clock that runs ahead', async () => {
    const { run, asked } = setUp([], before(-60_000));
    await run();
    expect(asked).toMatchObject([{ olderThan: before(10_000) }]);
  });

  it('adds nothing when there is nothing, and much in parts', async () => {
    const nothing = setUp([], null);
    await nothing.run();
    expect(nothing.added).toEqual([]);
    const much = setUp(
      Array.from({ length: 2_500 }, (_, n) => `evt_${n}`),
      null,
    );
    expect(await much.run()).toBe(2_500);
    expect(much.added.map(({ ids }) => ids.length)).toEqual([1_000, 1_000, 500]);
  });

  it('moves what exceeds a share of one merchant to the overflow lane, so that it buries nobody', async () => {
    const flood = Array.from({ length: 1_200 }, (_, n) => `flood_${n}`);
    const { run, added, moved } = setUp([...flood, 'other'], null, (id) => (id === 'other' ? 'm_other' : 'm_flood'));
    expect(await run()).toBe(1_001);
    expect(added.flatMap(({ ids }) => ids)).toEqual([...flood.slice(0, 1_000), 'other']);
    expect(moved).toEqual(flood.slice(1_000));
  });
});

describe('the sweep of the overflow lane', () => {
  function setUp(ids: [string, string][], oldest: Awaited<ReturnType<QueueInspector['oldestOverflowEvent']>>) {
    const asked: unknown[] = [];
    const added: unknown[] = [];
    const run = () =>
      sweepOverflow({
        events: {
          findAwaitingFanOut: async (query) => {
            asked.push(query);
            return ids.map(([_id, merchant_id]) => ({ _id, merchant_id }));
          },
        },
        inspector: { oldestOverflowEvent: async () => oldest },
        producer: { addOverflow: async (some, options) => void added.push(...some, options) },
        now,
      });
    return { run, asked, added };
  }

  it('puts back what is older than ten seconds, merchants in turns', async () => {
    const lost: [string, string][] = [
      ['evt_1', 'm_1'],
      ['evt_2', 'm_1'],
      ['evt_3', 'm_2'],
    ];
    const { run, asked, added } = setUp(lost, 'none');
    expect(await run()).toBe(3);
    expect(asked).toEqual([{ lane: 'overflow', olderThan: before(10_000), limit: 10_000 }]);
    expect(added).toEqual([
      { eventId: 'evt_1', merchantId: 'm_1', behind: 0 },
      { eventId: 'evt_2', merchantId: 'm_1', behind: 1 },
      { eventId: 'evt_3', merchantId: 'm_2', behind: 0 },
      { swept: true },
    ]);
  });

  it('leaves alone what is younger than the oldest event in a job, and everything when there are too many jobs', async () => {
    const id = `evt_${(NOW_MS - 60_000).toString(16).padStart(12, '0')}`;
    const waiting = setUp([], { eventId: id });
    await waiting.run();
    expect(waiting.asked).toMatchObject([{ olderThan: before(70_000) }]);
    const many = setUp([['evt_1', 'm_1']], 'unknown');
    expect(await many.run()).toBe(0);
    expect(many.added).toEqual([]);
  });
});

describe('the sweep of deliveries', () => {
  it('puts each back where its job would be, at once', async () => {
    const producer = fakeProducer();
    const asked: unknown[] = [];
    const due = [
      aDue('dlv_first'),
      aDue('dlv_retry', { status: 'retrying', attempts_total: 2 }),
      aDue('dlv_replay', { round: 1 }),
    ];
    const findDue = async (query: object) => {
      asked.push(query);
      return due;
    };
    expect(await sweepDeliveries({ deliveries: { findDue }, producer, now })).toBe(3);
    expect(asked).toEqual([{ olderThan: before(5_000), after: null, limit: 1_000 }]);
    expect(producer.deliveries).toEqual([{ deliveryId: 'dlv_first', round: 0, subscriptionId: 'sub_1', delayMs: 0 }]);
    expect(producer.retries).toEqual([
      { deliveryId: 'dlv_retry', round: 0, subscriptionId: 'sub_1', delayMs: 0 },
      { deliveryId: 'dlv_replay', round: 1, subscriptionId: 'sub_1', delayMs: 0 },
    ]);
  });

  it('goes on page by page, and ends', async () => {
    const producer = fakeProducer();
    const afters: (string | undefined)[] = [];
    const page = (name: string, length: number) => Array.from({ length }, (_, n) => aDue(`dlv_${name}_${n}`));
    const pages = [page('a', 1_000), page('b', 1_000), page('c', 3)];
    const findDue = async ({ after }: { after: DueDelivery | null }) => {
      afters.push(after?._id);
      return pages.shift() ?? [];
    };
    expect(await sweepDeliveries({ deliveries: { findDue }, producer, now })).toBe(2_003);
    expect(afters).toEqual([undefined, 'dlv_a_999', 'dlv_b_999']);
  });

  it('is bounded', async () => {
    let pages = 0;
    const findDue = async () => {
      pages += 1;
      return Array.from({ length: 1_000 }, (_, n) => aDue(`dlv_${n}`));
    };
    expect(await sweepDeliveries({ deliveries: { findDue }, producer: fakeProducer(), now })).toBe(50_000);
    expect(pages).toBe(50);
  });
});

describe('the sweep of notifications', () => {
  const aDueNotification = (n: number) => ({
    _id: `ntf_${n}`,
    connector_account_id: 'acct_1',
    round: n,
    due_at: NOW,
  });

  it('has those whose time has passed read, page by page', async () => {
    const asked: { olderThan: Date; after: { _id: string } | null }[] = [];
    const added: NotificationToEnqueue[] = [];
    const pages = [Array.from({ length: 1_000 }, (_, n) => aDueNotification(n)), [aDueNotification(1_000)]];
    const found = await sweepNotifications({
      notifications: {
        findDue: async (query) => {
          asked.push(query);
          return pages.shift() ?? [];
        },
      },
      producer: { addNotifications: async (list) => void added.push(...list) },
      now,
    });
    expect(found).toBe(1_001);
    expect(asked.map(({ olderThan, after }) => [olderThan, after?._id])).toEqual([
      [before(5_000), undefined],
      [before(5_000), 'ntf_999'],
    ]);
    expect(added).toHaveLength(1_001);
    expect(added[7]).toEqual({ notificationId: 'ntf_7', accountId: 'acct_1', round: 7 });
  });

  it('is bounded', async () => {
    const page = Array.from({ length: 1_000 }, (_, n) => aDueNotification(n));
    const producer = { addNotifications: async () => {} };
    expect(await sweepNotifications({ notifications: { findDue: async () => page }, producer, now })).toBe(20_000);
  });
});

describe('the sweep of held deliveries', () => {
  it('has those of enabled subscriptions sent, cancels those of deleted ones, and leaves the others', async () => {
    const done: unknown[] = [];
    const known = new Map<string, Recipient>([
      ['sub_on', aRecipient({ id: 'sub_on' })],
      ['sub_off', aRecipient({ id: 'sub_off', enabled: false })],
    ]);
    const cancelled = await sweepHeld({
      deliveries: {
        subscriptionsWithHeld: async () => ['sub_on', 'sub_off', 'sub_gone'],
        cancelForSubscription: async (id) => {
          done.push(['cancel', id]);
          return 3;
        },
      },
      directory: {
        refresh: async () => void done.push('refresh'),
        find: (id) => known.get(id),
      },
      backlogs: { send: (ids) => void done.push(['send', ids]) },
      now,
    });
    expect(cancelled).toBe(3);
    expect(done).toEqual(['refresh', ['cancel', 'sub_gone'], ['send', ['sub_on']]]);
  });
});

describe('the sweep of what is too old', () => {
  it('takes bodies and skeletons by their ages, at most once a minute, and never counts as a repair', async () => {
    const limits: object[] = [];
    const deliveriesBefore: Date[] = [];
    let nowMs = NOW_MS;
    const run = createExpirySweep({
      events: {
        expire: async (some) => {
          limits.push(some);
          return { bodies: 1, skeletons: 1, examined: 1 };
        },
      },
      deliveries: { expire: async ({ before }) => deliveriesBefore.push(before) },
      now: () => new Date(nowMs),
      retentionDays: 30,
      dedupeDays: 180,
    });
    expect(await run()).toBe(0);
    nowMs += 59_999;
    await run();
    expect(limits).toHaveLength(1);
    nowMs += 1;
    await run();
    expect(limits).toHaveLength(2);
    expect(limits[0]).toMatchObject({
      bodiesBefore: before(30 * 86_400_000),
      skeletonsBefore: before(180 * 86_400_000),
    });
    expect(deliveriesBefore[0]).toEqual(before(180 * 86_400_000));
  });

  it.each(['examined', 'skeletons', 'deliveries'] as const)(
    'goes on with the next sweep when it meets too many %s for one',
    async (what) => {
      const left = { examined: 0, skeletons: 0, deliveries: 0 };
      left[what] = 12_500;
      const take = (some: keyof typeof left, limit: number) => {
        const taken = Math.min(left[some], limit);
        left[some] -= taken;
        return taken;
      };
      const run = createExpirySweep({
        events: {
          expire: async ({ limit }) => ({
            bodies: 0,
            skeletons: take('skeletons', limit),
            examined: take('examined', limit),
          }),
        },
        deliveries: { expire: async ({ limit }) => take('deliveries', limit) },
        now: () => NOW,
        retentionDays: 30,
        dedupeDays: 180,
      });
      await run();
      expect(left[what]).toBe(2_500);
      await run();
      expect(left[what]).toBe(0);
    },
  );
});
