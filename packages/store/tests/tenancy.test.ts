import type mongoose from 'mongoose';
import type { TenantScope } from '../src/index.ts';
import {
  aConnectorAccount,
  aDelivered,
  aDelivery,
  aNotification,
  anAuditRecord,
  anEvent,
  aSubscription,
} from './fixtures/records.ts';
import { aReplay, aSelection } from './fixtures/replays.ts';
import { FIRST_PAGE, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore({ monitorCommands: true });

const event = anEvent();
const ofReseller = aDelivered({ event_id: event._id, owner_key: 'reseller:r_1', subscription_id: 'sub_r' });
const delivery = aDelivery({ event_id: event._id });
const notification = aNotification();
const subscription = aSubscription();
const account = aConnectorAccount();
const audit = anAuditRecord();
const replay = aReplay();

const OWN: TenantScope = { level: 'merchant', id: 'm_1' };
/** Everybody who must not see anything of merchant m_1, with ids that could be confused with it. */
const STRANGERS: TenantScope[] = [
  { level: 'merchant', id: 'm_2' },
  { level: 'merchant', id: '' },
  { level: 'portfolio', id: 'm_1', merchantIds: [] },
  { level: 'portfolio', id: 'p_2', merchantIds: ['m_2', 'm_3'] },
  { level: 'reseller', id: 'm_1', merchantIds: ['m_10'] },
];

beforeAll(async () => {
  const { store } = context;
  await store.merchants.put({ _id: 'm_1', name: 'One', portfolio_id: null, reseller_id: null });
  await store.events.insertMany([event]);
  await store.deliveries.insertMany([delivery, ofReseller]);
  await store.notifications.insertMany([notification]);
  await store.subscriptions.create(subscription);
  await store.connectorAccounts.create(account);
  await store.audit.append(audit);
  await store.replays.create(replay);
});

/** Every method that takes a tenant, asked for m_1's records; with what it must answer to a stranger. */
function scopedCalls(scope: TenantScope): [name: string, call: () => Promise<unknown>, ofStranger: unknown][] {
  const { store } = context;
  const nothing = { items: [], next: null };
  const now = new Date();
  return [
    ['events.get', () => store.events.get(scope, event._id), null],
    ['events.list', () => store.events.list(scope, {}, FIRST_PAGE), nothing],
    ['events.list of m_1', () => store.events.list(scope, { merchantId: 'm_1' }, FIRST_PAGE), nothing],
    ['events.list by reference', () => store.events.list(scope, { objectReference: 'pi_1' }, FIRST_PAGE), nothing],
    ['deliveries.get', () => store.deliveries.get(scope, delivery._id), null],
    ['deliveries.list', () => store.deliveries.list(scope, {}, FIRST_PAGE), nothing],
    ['deliveries.list of an event', () => store.deliveries.list(scope, { eventId: event._id }, FIRST_PAGE), nothing],
    ['deliveries.list of m_1', () => store.deliveries.list(scope, { merchantId: 'm_1' }, FIRST_PAGE), nothing],
    ['deliveries.list waiting', () => store.deliveries.list(scope, { status: 'pending' }, FIRST_PAGE), nothing],
    ['deliveries.cancel', () => store.deliveries.cancel(scope, delivery._id, now), 'not_found'],
    ['deliveries.replay', () => store.deliveries.replay(scope, delivery._id, now), 'not_found'],
    [
      'deliveries.lookForReplay',
      () =>
        store.deliveries.lookForReplay(scope, aSelection({ status: ['pending'] }), {
          position: { stretch: 0, after: null },
          limit: 10,
        }),
      { ids: [], next: null },
    ],
    ['deliveries.loadForReplay', () => store.deliveries.loadForReplay(scope, [delivery._id]), []],
    [
      'deliveries.replaySelected',
      () =>
        store.deliveries.replaySelected(scope, aSelection({ status: ['pending'] }), {
          ids: [delivery._id],
          replayId: replay._id,
          at: now,
          status: 'pending',
        }),
      undefined,
    ],
    ['replays.get', () => store.replays.get(scope, replay._id), null],
    ['replays.list', () => store.replays.list(scope, FIRST_PAGE), nothing],
    ['replays.cancel', () => store.replays.cancel(scope, replay._id, now), 'not_found'],
    ['notifications.get', () => store.notifications.get(scope, notification._id), null],
    [
      'notifications.requestReading',
      () => store.notifications.requestReading(scope, notification._id, now),
      'not_found',
    ],
    ['notifications.list', () => store.notifications.list(scope, {}, FIRST_PAGE), nothing],
    ['notifications.list of m_1', () => store.notifications.list(scope, { merchantId: 'm_1' }, FIRST_PAGE), nothing],
    ['subscriptions.get', () => store.subscriptions.get(scope, subscription._id), null],
    ['subscriptions.list', () => store.subscriptions.list(scope, {}, FIRST_PAGE), nothing],
    [
      'subscriptions.list of m_1',
      () => store.subscriptions.list(scope, { owner: { level: 'merchant', id: 'm_1' } }, FIRST_PAGE),
      nothing,
    ],
    ['subscriptions.update', () => store.subscriptions.update(scope, subscription._id, 1, { url: 'x' }), 'not_found'],
    ['connectorAccounts.get', () => store.connectorAccounts.get(scope, account._id), null],
    ['connectorAccounts.list', () => store.connectorAccounts.list(scope, {}, FIRST_PAGE), nothing],
    [
      'connectorAccounts.list of m_1',
      () => store.connectorAccounts.list(scope, { merchantId: 'm_1' }, FIRST_PAGE),
      nothing,
    ],
    [
      'connectorAccounts.update',
      () => store.connectorAccounts.update(scope, account._id, 1, { status: 'disabled' }),
      'not_found',
    ],
    ['merchants.get', () => store.merchants.get(scope, 'm_1'), null],
    ['merchants.list', () => store.merchants.list(scope, FIRST_PAGE), nothing],
    ['audit.list', () => store.audit.list(scope, {}, FIRST_PAGE), nothing],
    ['audit.list of a thing', () => store.audit.list(scope, { resourceId: 'sub_1' }, FIRST_PAGE), nothing],
    ['subscriptions.delete', () => store.subscriptions.delete(scope, subscription._id), false],
    ['connectorAccounts.delete', () => store.connectorAccounts.delete(scope, account._id), false],
  ];
}

describe('a stranger', () => {
  it.each(STRANGERS)('gets nothing by any method: %j', async (scope) => {
    for (const [name, call, ofStranger] of scopedCalls(scope)) {
      expect({ name, answer: await call() }).toEqual({ name, answer: ofStranger });
    }
  });

  it('sees a list of methods here that is complete', () => {
    const covered = new Set(scopedCalls(OWN).map(([name]) => name.split(' ')[0]));
    // A method that takes a tenant has `scope` as its first parameter; the compiler keeps the names of parameters.
    const scoped = Object.entries(context.store)
      .filter(([, value]) => /^Mongo\w+Repository$/.test(value.constructor.name))
      .flatMap(([repository, value]) =>
        Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(value)))
          .filter(([, { value: method }]) => /^(async )?\w+\(scope\b/.test(String(method)))
          .map(([method]) => `${repository}.${method}`),
      );
    expect(scoped.length).toBeGreaterThan(15);
    expect(scoped.filter((method) => !covered.has(method))).toEqual([]);
  });
});

describe('a merchant', () => {
  it('never sees the deliveries of its reseller, and the reseller sees both', async () => {
    const idsOf = async (scope: TenantScope) =>
      (await context.store.deliveries.list(scope, { eventId: event._id }, FIRST_PAGE)).items
        .map(({ _id }) => _id)
        .sort();
    expect(await idsOf(OWN)).toEqual([delivery._id]);
    expect(await context.store.deliveries.get(OWN, ofReseller._id)).toBeNull();
    expect(await idsOf({ level: 'reseller', id: 'r_1', merchantIds: ['m_1'] })).toEqual(
      [delivery._id, ofReseller._id].sort(),
    );
    expect(await idsOf({ level: 'reseller', id: 'r_1', merchantIds: [] })).toEqual([ofReseller._id]);
  });
});

describe('every command of a scoped method', () => {
  const TENANT_FIELDS: Record<string, string> = {
    events: 'merchant_id',
    notifications: 'merchant_id',
    connector_accounts: 'merchant_id',
    merchants: '_id',
    deliveries: 'owner_key',
    subscriptions: 'owner_key',
    audit: 'owner_key',
    replays: 'owner_key',
  };

  it.each<TenantScope>([OWN, { level: 'reseller', id: 'r_1', merchantIds: ['m_1', 'm_7'] }])(
    'names the tenant: %j',
    async (scope) => {
      const commands: mongoose.mongo.Document[] = [];
      const client = context.connection.getClient();
      const listen = (started: mongoose.mongo.CommandStartedEvent) => commands.push(started.command);
      client.on('commandStarted', listen);
      for (const [, call] of scopedCalls(scope)) await call();
      client.off('commandStarted', listen);

      const filters = commands.flatMap(filtersOf);
      expect(filters.length).toBeGreaterThanOrEqual(scopedCalls(scope).length - 3);
      for (const { collection, filter } of filters) {
        const field = TENANT_FIELDS[collection] as string;
        const text = JSON.stringify(filter);
        expect(text).toContain(`"${field}":`);
        expect(text).toContain('m_1');
        expect(filter).not.toHaveProperty('$or');
      }
    },
  );

  function filtersOf(command: mongoose.mongo.Document): { collection: string; filter: mongoose.mongo.Document }[] {
    if (command.find) return [{ collection: command.find, filter: command.filter }];
    if (command.findAndModify) return [{ collection: command.findAndModify, filter: command.query }];
    if (command.update) {
      return command.updates.map((one: mongoose.mongo.Document) => ({ collection: command.update, filter: one.q }));
    }
    if (command.delete) {
      return command.deletes.map((one: mongoose.mongo.Document) => ({ collection: command.delete, filter: one.q }));
    }
    return [];
  }
});
