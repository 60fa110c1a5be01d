import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeliveryRecord, HeldClaim } from '@owngateway/store';
import { aRecipient } from '../../tests/support/fakes.ts';
import { aDelivery, anEvent } from '../../tests/support/records.ts';
import type { Recipient } from '../directory/recipient.ts';
import type { WaitingOutcome } from '../retry/waiting-delivery.ts';
import { createBacklogs } from './backlogs.ts';

/** Backlogs of some subscriptions, kept in memory; what `sendHeld` is given is noted in `sent`. */
function setUp(held: Record<string, string[]>, { atOnce = 10 } = {}) {
  const sent: string[] = [];
  const leases = new Map<string, string>();
  const troubles: unknown[] = [];
  const world = {
    recipients: new Map<string, Recipient>(Object.keys(held).map((id) => [id, aRecipient({ id })])),
    isLeased: (_name: string) => false,
    busy: new Map<string, Date>(),
    waitUntilMs: null as number | null,
    /** What becomes of an attempt; taken out of the backlog unless it says otherwise. */
    attempt: async (_id: string): Promise<WaitingOutcome> => ({ kind: 'done' }),
  };
  const backlogs = createBacklogs({
    deliveries: {
      findHeld: async (id, limit) => (held[id] ?? []).slice(0, limit),
      claimHeld: async ({ deliveryId }): Promise<HeldClaim> => {
        const until = world.busy.get(deliveryId);
        world.busy.delete(deliveryId);
        if (until !== undefined) return { kind: 'busy', until };
        const [subscriptionId] = Object.entries(held).find(([, ids]) => ids.includes(deliveryId)) ?? [];
        if (subscriptionId === undefined) return { kind: 'gone' };
        const delivery: DeliveryRecord = aDelivery(anEvent(), subscriptionId, { _id: deliveryId, status: 'held' });
        return { kind: 'claimed', delivery };
      },
    },
    leases: {
      async acquire(name, holder) {
        if (world.isLeased(name)) return false;
        leases.set(name, holder);
        return true;
      },
      release: async (name) => void leases.delete(name),
    },
    directory: { refresh: async () => undefined, find: (id) => world.recipients.get(id) },
    endpoints: {
      waitBefore: () => (world.waitUntilMs === null ? null : { reason: 'breaker', untilMs: world.waitUntilMs }),
    },
    waiting: {
      async sendHeld({ _id, subscription_id }) {
        sent.push(_id);
        const outcome = await world.attempt(_id);
        if (outcome.kind !== 'defer') held[String(subscription_id)]?.splice(0, 1);
        return outcome;
      },
    },
    writer: { whenWritable: async () => undefined },
    newId: () => 'att_1',
    now: () => new Date(),
    holder: 'me',
    atOnce,
    onTrouble: (what, error) => void troubles.push([what, error]),
  });
  return { backlogs, sent, leases, troubles, world };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('does not come to hold');
    await nextTurn();
  }
}

describe('a backlog', () => {
  it('is sent in order, each delivery when the one before has ended, at a bounded rate', async () => {
    const ids = ['dlv_1', 'dlv_2', 'dlv_3', 'dlv_4', 'dlv_5'];
    const { backlogs, sent, leases, world } = setUp({ sub_1: [...ids] });
    let underWay = 0;
    world.attempt = async (id) => {
      expect(underWay).toBe(0);
      underWay += 1;
      await nextTurn();
      underWay -= 1;
      return id === 'dlv_2' ? { kind: 'retry', at: new Date(Date.now() + 60_000) } : { kind: 'done' };
    };
    const begunAt = performance.now();
    backlogs.send(['sub_1']);
    backlogs.send(['sub_1']);
    await until(() => sent.length === 5);
    expect(performance.now() - begunAt).toBeGreaterThanOrEqual(4 * 19);
    await until(() => leases.size === 0);
    expect(sent).toEqual(ids);
    await backlogs.stop();
  });

  it('waits for the one that another process may have under way, instead of overtaking it', async () => {
    const { backlogs, sent, world } = setUp({ sub_1: ['dlv_1', 'dlv_2'] });
    world.busy.set('dlv_1', new Date(Date.now() + 100));
    backlogs.send(['sub_1']);
    await until(() => sent.length === 2);
    expect(sent).toEqual(['dlv_1', 'dlv_2']);
    await backlogs.stop();
  });

  it('is left to the process that is at it', async () => {
    const { backlogs, sent, world } = setUp({ sub_1: ['dlv_1'], sub_2: ['dlv_2'] });
    world.isLeased = (name) => name === 'backlog-sub_1';
    backlogs.send(['sub_1', 'sub_2']);
    await until(() => sent.length === 1);
    await backlogs.stop();
    expect(sent).toEqual(['dlv_2']);
  });

  it('tries one again that was not let through, before those behind it', async () => {
    const { backlogs, sent, world } = setUp({ sub_1: ['dlv_1', 'dlv_2'] });
    world.attempt = async () => (sent.length === 1 ? { kind: 'defer', at: new Date() } : { kind: 'done' });
    backlogs.send(['sub_1']);
    await until(() => sent.length === 3);
    expect(sent).toEqual(['dlv_1', 'dlv_1', 'dlv_2']);
    await backlogs.stop();
  });

  it('stays where it is while the breaker is open, or once the subscription is disabled again', async () => {
    const { backlogs, sent, leases, world } = setUp({ sub_1: ['dlv_1', 'dlv_2'], sub_2: ['dlv_3', 'dlv_4'] });
    world.waitUntilMs = Date.now() + 60_000;
    world.recipients.set('sub_2', aRecipient({ id: 'sub_2', enabled: false }));
    backlogs.send(['sub_1', 'sub_2']);
    await until(() => leases.size === 2);
    await until(() => leases.size === 0);
    expect(sent).toEqual([]);
    await backlogs.stop();
  });

  it('does not keep others from theirs: as many at once as there are places', async () => {
    const { backlogs, sent, world } = setUp({ sub_1: ['dlv_1'], sub_2: ['dlv_2'], sub_3: ['dlv_3'] }, { atOnce: 2 });
    const hung = Promise.withResolvers<WaitingOutcome>();
    world.attempt = (id) => (id === 'dlv_1' ? hung.promise : Promise.resolve({ kind: 'done' }));
    backlogs.send(['sub_1', 'sub_2', 'sub_3']);
    await until(() => sent.length === 3);
    hung.resolve({ kind: 'done' });
    await backlogs.stop();
  });

  it('is taken up again after trouble, when it is found again', async () => {
    const { backlogs, sent, leases, troubles, world } = setUp({ sub_1: ['dlv_1'] });
    world.attempt = () => Promise.reject(new Error('MongoDB is away'));
    backlogs.send(['sub_1']);
    await until(() => troubles.length === 1);
    expect(leases.size).toBe(0);
    world.attempt = async () => ({ kind: 'done' });
    await until(() => {
      backlogs.send(['sub_1']);
      return sent.length === 2;
    });
    await backlogs.stop();
  });

  it('is begun no more once the process stops, which waits for the attempt under way', async () => {
    const { backlogs, sent, world } = setUp({ sub_1: ['dlv_1', 'dlv_2'] });
    const under = Promise.withResolvers<WaitingOutcome>();
    world.attempt = () => under.promise;
    backlogs.send(['sub_1']);
    await until(() => sent.length === 1);
    let stopped = false;
    const stopping = backlogs.stop().then(() => {
      stopped = true;
    });
    await nextTurn();
    expect(stopped).toBe(false);
    under.resolve({ kind: 'done' });
    await stopping;
    expect(sent).toEqual(['dlv_1']);
  });
});
