import { createSubscriptionSchema } from '@owngateway/domain';
import type { Caller } from '../access/caller.ts';
import { createSubscription } from './create-subscription.ts';

const scope = { level: 'merchant', id: 'm_1', merchantIds: ['m_1'] };
const caller = { scope, actor: { owner: { level: 'merchant', id: 'm_1' } } } as unknown as Caller;
const body = createSubscriptionSchema.parse({ url: 'https://shop.example/events', event_types: ['payment_*'] });

test('nothing is registered that could not be written down first: a repeat registers it once', async () => {
  const created: unknown[] = [];
  let auditIsAway = true;
  const create = createSubscription({
    subscriptions: {
      create: async (record) => {
        created.push(record);
        return record as never;
      },
    },
    merchants: { get: async () => ({}) as never },
    judgeUrl: async (url) => ({ ok: true, url: new URL(url) }) as never,
    trail: {
      record: async () => {
        if (auditIsAway) throw new Error('the store is away');
      },
    },
    newId: (prefix) => `${prefix}_1`,
    newSecret: () => 'whsec_1',
    now: () => new Date('2026-11-21T10:00:00.000Z'),
  });
  await expect(create(caller, body)).rejects.toThrow('away');
  expect(created).toEqual([]);
  auditIsAway = false;
  expect((await create(caller, body)).kind).toBe('created');
  expect(created).toHaveLength(1);
});
