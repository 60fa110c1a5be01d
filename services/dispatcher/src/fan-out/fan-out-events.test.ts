import { deliveryIdOf } from '@owngateway/domain';
import type { DeliveryToEnqueue } from '@owngateway/queue';
import type { DeliveryRecord, EventForDelivery } from '@owngateway/store';
import { aRecipient, aSendableEvent, fakeWriter, NOW, now, settleMicrotasks } from '../../tests/support/fakes.ts';
import type { Recipient } from '../directory/recipient.ts';
import { createFanOutEvents } from './fan-out-events.ts';

function setUp(events: EventForDelivery[], recipients: Recipient[], marking = Promise.resolve()) {
  const writer = fakeWriter();
  const delivered: string[] = [];
  const marked: string[][] = [];
  const asked: string[][] = [];
  const enqueued: DeliveryToEnqueue[] = [];
  const troubles: string[] = [];
  const paced: [string, number][] = [];
  const seen: string[] = [];
  const existing = new Map<string, DeliveryRecord>();
  const tools = {
    events: { loadForDelivery: async (ids: readonly string[]) => events.filter(({ _id }) => ids.includes(_id)) },
    deliveries: {
      loadExisting: async (ids: readonly string[]) => {
        asked.push([...ids]);
        return existing;
      },
    },
    directory: {
      refresh: async () => undefined,
      matching: () => recipients,
      ownedBy: (owner: string) => recipients.filter(({ ownerKey }) => ownerKey === owner),
    },
    firstDelivery: {
      deliver: async (event: EventForDelivery, recipient: Recipient) =>
        void delivered.push(deliveryIdOf(event._id, recipient.id)),
      detached: async () => undefined,
    },
    writer,
    producer: { addDeliveries: async (list: readonly DeliveryToEnqueue[]) => void enqueued.push(...list) },
    pace: {
      turn: async (merchantId: string, count: number) => void paced.push([merchantId, count]),
    },
    saw: (merchantId: string) => void seen.push(merchantId),
    mark: async (ids: readonly string[]) => {
      marked.push([...ids]);
      await marking;
    },
    inHand: new Set<string>(),
    now,
    onTrouble: (what: string) => void troubles.push(what),
  };
  const ids = events.map(({ _id }) => _id);
  const run = (again: boolean) => createFanOutEvents(tools)(ids, again);
  const exists = (id: string) => existing.set(id, {} as DeliveryRecord);
  return { tools, run, ids, paced, seen, writer, delivered, marked, asked, enqueued, troubles, exists };
}

const DISABLED = { type: 'endpoint_disabled' } as const;

const TWO = [aRecipient({ id: 'sub_1' }), aRecipient({ id: 'sub_2' })];

describe('a fan-out', () => {
  it('tells of a disabled subscription to the others only', async () => {
    const event = aSendableEvent({ ...DISABLED, references: ['sub_1'] });
    const { run, delivered } = setUp([event], TWO);
    await run(false);
    expect(delivered).toEqual([deliveryIdOf(event._id, 'sub_2')]);
  });

  it('brings what is no merchant’s to its owner alone', async () => {
    const events = [
      aSendableEvent({ ...DISABLED, references: ['sub_3'], merchant_id: null, owner_key: 'portfolio:p_1' }),
      aSendableEvent({ merchant_id: null }),
    ];
    const portfolios = aRecipient({ id: 'sub_4', ownerKey: 'portfolio:p_1' });
    const { run, ids, delivered, marked } = setUp(events, [...TWO, portfolios]);
    await run(false);
    expect(delivered).toEqual([deliveryIdOf(String(ids[0]), 'sub_4')]);
    expect(marked).toEqual([ids]);
  });

  it('leaves an event alone that a job of this process has in hand, until its mark is written', async () => {
    const marking = Promise.withResolvers<void>();
    const { run, delivered } = setUp([aSendableEvent()], TWO, marking.promise);
    await Promise.all([run(false), run(false)]);
    await run(true);
    expect(delivered).toHaveLength(2);
    marking.resolve();
    await settleMicrotasks();
    await run(false);
    expect(delivered).toHaveLength(4);
  });

  it('gives back what it had in hand when it fails', async () => {
    const { tools, run, delivered } = setUp([aSendableEvent()], TWO);
    const { refresh } = tools.directory;
    tools.directory.refresh = () => Promise.reject(new Error('away'));
    await expect(run(false)).rejects.toThrow('away');
    tools.directory.refresh = refresh;
    await run(true);
    expect(delivered).toHaveLength(2);
  });

  it('brings each event to each match, and marks the events; a first run does not look for what exists', async () => {
    const events = [aSendableEvent(), aSendableEvent()];
    const { run, ids, delivered, marked, asked, seen, paced } = setUp(events, TWO);
    await run(false);
    expect(delivered.sort()).toEqual(ids.flatMap((id) => TWO.map((one) => deliveryIdOf(id, one.id))).sort());
    expect(marked).toEqual([ids]);
    expect(asked).toEqual([]);
    expect([seen, paced]).toEqual([['m_1', 'm_1'], []]);
  });

  it('that may have run before sends only what is missing', async () => {
    const event = aSendableEvent();
    const { run, delivered, exists, marked } = setUp([event], TWO);
    exists(deliveryIdOf(event._id, 'sub_1'));
    await run(true);
    expect(delivered).toEqual([deliveryIdOf(event._id, 'sub_2')]);
    expect(marked).toHaveLength(1);
  });

  it('of an event that is marked looks for what exists, even on a first run', async () => {
    const { awaiting_fan_out_since: _marked, ...done } = aSendableEvent();
    const fresh = aSendableEvent();
    const { run, delivered, asked, exists } = setUp([done, fresh], [aRecipient()]);
    exists(deliveryIdOf(done._id, 'sub_1'));
    await run(false);
    expect(asked).toEqual([[deliveryIdOf(done._id, 'sub_1')]]);
    expect(delivered).toEqual([deliveryIdOf(fresh._id, 'sub_1')]);
  });

  it('passes over events that nobody wants, that lost their body or that are gone, and marks them', async () => {
    const events = [aSendableEvent({ merchant_id: null }), { ...aSendableEvent(), body: null }];
    const { run, delivered, marked, ids } = setUp(events, TWO);
    await run(false);
    expect(delivered).toEqual([]);
    expect(marked).toEqual([ids]);
  });

  it('ends only when every part has, and is not marked when one failed', async () => {
    const events = [aSendableEvent(), aSendableEvent()];
    const { tools, run, marked } = setUp(events, [aRecipient()]);
    const slow = Promise.withResolvers<undefined>();
    tools.firstDelivery.deliver = (event) =>
      event._id === events[0]?._id ? Promise.reject(new Error('refused')) : slow.promise;
    let over = false;
    const job = run(false).finally(() => {
      over = true;
    });
    job.catch(() => undefined);
    await settleMicrotasks();
    // Were it over, its next run would send the slow one again.
    expect(over).toBe(false);
    slow.resolve(undefined);
    await expect(job).rejects.toThrow('refused');
    expect(marked).toEqual([]);
  });

  it.each(['events', 'directory'] as const)('throws when the %s cannot be read: its job comes back', async (what) => {
    const { tools, run, marked, delivered } = setUp([aSendableEvent()], TWO);
    const away = () => Promise.reject(new Error('away'));
    if (what === 'events') tools.events.loadForDelivery = away;
    else tools.directory.refresh = away;
    await expect(run(false)).rejects.toThrow('away');
    expect([marked, delivered]).toEqual([[], []]);
  });
});

describe('an event with more than 100 matches', () => {
  const many = Array.from({ length: 101 }, (_, n) => aRecipient({ id: `sub_${n}`, enabled: n !== 7 }));

  it('is written pending and goes out as jobs; disabled ones are held', async () => {
    const event = aSendableEvent();
    const { run, delivered, writer, enqueued, marked } = setUp([event], many);
    await run(false);
    expect(delivered).toEqual([]);
    expect(writer.inserted.filter(({ status }) => status === 'pending')).toHaveLength(100);
    expect(writer.inserted.every(({ status, due_at }) => (status === 'pending') === (due_at === NOW))).toBe(true);
    expect(writer.inserted.filter(({ status }) => status === 'held')).toMatchObject([{ subscription_id: 'sub_7' }]);
    expect(enqueued).toHaveLength(100);
    expect(enqueued.every(({ delayMs, round }) => delayMs === 0 && round === 0)).toBe(true);
    expect(marked).toHaveLength(1);
  });

  it('is written in chunks that leave room to others, and comes back when they are cut short', async () => {
    const lots = Array.from({ length: 250 }, (_, n) => aRecipient({ id: `sub_${n}` }));
    const { tools, run, paced, writer, marked } = setUp([aSendableEvent()], lots);
    await run(false);
    expect(paced).toEqual([
      ['m_1', 100],
      ['m_1', 100],
      ['m_1', 50],
    ]);
    expect(writer.inserted).toHaveLength(250);
    await settleMicrotasks();
    tools.pace.turn = () => Promise.reject(new Error('stopping'));
    await expect(run(false)).rejects.toThrow('stopping');
    expect(marked).toHaveLength(1);
  });

  it('is marked although its jobs cannot be added: the sweeper finds the deliveries', async () => {
    const { tools, run, marked, troubles } = setUp([aSendableEvent()], many);
    tools.producer.addDeliveries = () => Promise.reject(new Error('away'));
    await run(false);
    expect(marked).toHaveLength(1);
    expect(new Set(troubles)).toEqual(new Set(['enqueue']));
  });

  it('goes inline with exactly 100', async () => {
    const { run, delivered } = setUp([aSendableEvent()], many.slice(0, 100));
    await run(false);
    expect(delivered).toHaveLength(100);
  });
});
