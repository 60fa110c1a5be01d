import { newId } from '@owngateway/domain';
import type { RouteMetadata } from '@owngateway/service-kit';
import type { SubscriptionRecord } from '@owngateway/store';
import { type ApiAnswer, type ApiClient, clientOf, type Json } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { aDelivery, aNotification, anEvent } from './support/records.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

/**
 * Every route of the service against every kind of stranger. The matrix is made from the route table: a route that is
 * added without saying here whose data it serves fails this file.
 */
let api: RunningApi;
let owner: ApiClient;
let subscriptionId: string;

/** What stands for `:id` in paths that begin so; all of it is the owner's. */
let mine: Record<string, string>;
/** The same, but of nobody. */
const missing: Record<string, string> = {
  merchants: 'm_nobody',
  tokens: 'tok_nobody',
  subscriptions: newId('sub'),
  'connector-accounts': newId('acct'),
  events: newId('evt'),
  deliveries: newId('dlv'),
  notifications: newId('ntf'),
  replays: newId('rpl'),
};

/** The same for everybody who has a token. */
const CATALOGUES = new Set(['connectors', 'event-types']);

/** Bodies that would be accepted from the owner. */
const BODIES: Record<string, unknown> = {
  'put /v1/merchants/:id': { name: 'Taken over' },
  'post /v1/connector-accounts': {
    merchant_id: 'm_owner',
    connector: 'stripe',
    name: 'planted',
    credentials: [{ signing_secret: 'whsec_ofTheStranger' }],
  },
  'patch /v1/connector-accounts/:id': { status: 'disabled' },
  'post /v1/subscriptions': aSubscriptionBody({ owner: { level: 'merchant', id: 'm_owner' } }),
  'patch /v1/subscriptions/:id': { url: 'http://127.0.0.1:9/stolen' },
  'post /v1/subscriptions/:id/disable': { reason: 'sabotage' },
  'post /v1/subscriptions/:id/enable': {},
  'post /v1/subscriptions/:id/rotate-secret': {},
  'post /v1/tokens': { owner: { level: 'merchant', id: 'm_owner' }, scope: 'events:read' },
  'post /v1/events/:id/replay': {},
  'post /v1/deliveries/:id/replay': {},
  'post /v1/deliveries/:id/cancel': {},
  'post /v1/notifications/:id/reprocess': {},
  'post /v1/replays': { since: '2026-11-01T00:00:00Z', merchant_id: 'm_owner' },
};

beforeAll(async () => {
  api = await startApi();
  owner = await api.merchant('m_owner', { portfolio_id: 'p_owner', reseller_id: 'r_owner' });
  await api.merchant('m_stranger', { portfolio_id: 'p_stranger', reseller_id: 'r_stranger' });
  const created = await owner.post('/v1/subscriptions', aSubscriptionBody({ description: 'marker-of-the-owner' }));
  subscriptionId = String(created.body.id);
  const subscription = await api.store.subscriptions.get({ level: 'operator' }, subscriptionId);
  const account = await owner.post('/v1/connector-accounts', {
    merchant_id: 'm_owner',
    connector: 'stripe',
    credentials: [{ signing_secret: 'whsec_ofTheOwner1' }],
  });
  const token = await owner.post('/v1/tokens', { owner: { level: 'merchant', id: 'm_owner' }, scope: 'events:read' });
  const event = anEvent({ merchant_id: 'm_owner' });
  const delivery = aDelivery(event, subscription as SubscriptionRecord);
  const notification = aNotification({ merchant_id: 'm_owner' });
  await api.store.events.insertMany([event]);
  await api.store.deliveries.insertMany([delivery]);
  await api.store.notifications.insertMany([notification]);
  mine = {
    merchants: 'm_owner',
    tokens: String(token.body.jti),
    subscriptions: subscriptionId,
    'connector-accounts': String(account.body.id),
    events: event._id,
    deliveries: delivery._id,
    notifications: notification._id,
    replays: String((await owner.post('/v1/replays', { since: '2026-11-01T00:00:00Z' })).body.id),
  };
});
afterAll(() => api.stop());

const collectionOf = ({ path }: RouteMetadata) => path.split('/')[2] ?? '';
const nameOf = ({ method, path }: RouteMetadata) => `${method} ${path}`;

function routes(which: (route: RouteMetadata) => boolean): RouteMetadata[] {
  return api.app.routes.filter((route) => route.auth === 'token' && which(route));
}
const hasId = ({ path }: RouteMetadata) => path.includes('/:');
const isCatalogue = (route: RouteMetadata) => CATALOGUES.has(collectionOf(route));

function call(client: ApiClient, route: RouteMetadata, ids: Record<string, string>): Promise<ApiAnswer> {
  const id = ids[collectionOf(route)];
  if (hasId(route) && id === undefined) throw new Error(`whose data does ${nameOf(route)} serve? Say so in this file`);
  const path = route.path.replace(/:\w+/, id ?? '');
  const body = BODIES[nameOf(route)];
  if (route.body !== undefined && body === undefined) throw new Error(`${nameOf(route)} needs a body in this file`);
  return client.send(route.method.toUpperCase(), path, {
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
}

/** A list as it is, and narrowed by everything that would name the owner's data. */
function listPaths({ path, query }: RouteMetadata): string[] {
  const naming: Record<string, string> = {
    merchant_id: 'm_owner',
    owner: 'merchant:m_owner',
    subscription_id: subscriptionId,
    event_id: String(mine.events),
    resource_id: subscriptionId,
  };
  const filters = Object.keys(query?.shape ?? {}).filter((name) => name in naming);
  return [path, ...filters.map((name) => `${path}?${name}=${naming[name]}`)];
}

/** The part of a problem that may not tell one case from the other. */
function withoutTrace({ status, body }: ApiAnswer): Json | object {
  const { instance: _path, request_id: _id, ...rest } = body;
  return { status, ...rest };
}

const STRANGERS = ['merchant', 'portfolio', 'reseller'] as const;

describe.each(STRANGERS)('a stranger with the token of another %s', (level) => {
  const stranger = () => api.as({ level, id: `${level[0]}_stranger` });
  const ownersView = async () => {
    const views = routes((route) => route.method === 'get' && !isCatalogue(route) && collectionOf(route) !== 'audit');
    return Promise.all(
      views
        .filter((route) => !route.path.endsWith('/secret'))
        .map(async (route) => (await call(owner, route, mine)).body),
    );
  };

  test('gets the same 404 for what is the owner’s as for what is not there, and changes nothing', async () => {
    const before = await ownersView();
    const secret = (await owner.get(`/v1/subscriptions/${subscriptionId}/secret`)).body;
    const tried = routes((route) => hasId(route) && !isCatalogue(route));
    expect(tried.length).toBeGreaterThan(15);
    for (const route of tried) {
      const answer = await call(stranger(), route, mine);
      expect({ route: nameOf(route), status: answer.status }).toEqual({ route: nameOf(route), status: 404 });
      expect(withoutTrace(answer)).toEqual(withoutTrace(await call(stranger(), route, missing)));
    }
    expect(await ownersView()).toEqual(before);
    expect((await owner.get(`/v1/subscriptions/${subscriptionId}/secret`)).body).toEqual(secret);
  });

  test('finds nothing of the owner in any list, whatever it filters by', async () => {
    const markers = [...Object.values(mine), 'm_owner', 'marker-of-the-owner', '127.0.0.1:9'];
    const paths = routes((route) => route.method === 'get' && !hasId(route) && !isCatalogue(route)).flatMap(listPaths);
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths) {
      const { status, body } = await stranger().get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      const text = JSON.stringify(body);
      expect(markers.filter((marker) => text.includes(marker))).toEqual([]);
    }
  });

  test('creates nothing in the owner’s name', async () => {
    const before = await ownersView();
    const tried = routes((route) => route.method === 'post' && !hasId(route));
    expect(tried.map(nameOf).sort()).toEqual([
      'post /v1/connector-accounts',
      'post /v1/replays',
      'post /v1/subscriptions',
      'post /v1/tokens',
    ]);
    for (const route of tried) {
      expect({ route: nameOf(route), status: (await call(stranger(), route, mine)).status }).toEqual({
        route: nameOf(route),
        status: 422,
      });
    }
    expect(await ownersView()).toEqual(before);
  });
});

describe('those above', () => {
  test.each(['portfolio', 'reseller'] as const)('the owner’s %s reaches what the owner reaches', async (level) => {
    const above = api.as({ level, id: `${level[0]}_owner` });
    const tried = routes((route) => route.method === 'get' && hasId(route) && !isCatalogue(route));
    for (const route of tried) {
      const { status } = await call(above, route, mine);
      expect({ route: nameOf(route), status }).toEqual({ route: nameOf(route), status: 200 });
    }
  });

  test('a merchant sees nothing of its reseller’s own subscriptions and deliveries (rule 12)', async () => {
    const reseller = api.as({ level: 'reseller', id: 'r_owner' });
    const { body } = await reseller.post('/v1/subscriptions', aSubscriptionBody());
    const subscription = await api.store.subscriptions.get({ level: 'operator' }, String(body.id));
    const event = anEvent({ merchant_id: 'm_owner' });
    const delivery = aDelivery(event, subscription as SubscriptionRecord);
    await api.store.events.insertMany([event]);
    await api.store.deliveries.insertMany([delivery]);
    expect((await owner.get(`/v1/subscriptions/${body.id}`)).status).toBe(404);
    expect((await owner.get(`/v1/deliveries/${delivery._id}`)).status).toBe(404);
    expect((await owner.get(`/v1/events/${event._id}`)).body.deliveries).toEqual([]);
    expect((await reseller.get(`/v1/events/${event._id}`)).body.deliveries).toHaveLength(1);
  });
});

describe('every route', () => {
  test('answers 401 without a token, and to one that is not ours', async () => {
    for (const route of routes(() => true)) {
      for (const token of ['', 'abc', `${owner.token.slice(0, -4)}AAAA`]) {
        const answer = await call(clientOf(api.url, token), route, {
          ...mine,
          connectors: 'stripe',
          'event-types': 'chargeback',
        });
        expect({ route: nameOf(route), status: answer.status }).toEqual({ route: nameOf(route), status: 401 });
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    }
  });

  test('that names a permission answers 403 to a token without it', async () => {
    const without = api.as({ level: 'merchant', id: 'm_owner' }, { scopes: [] });
    const tried = routes(({ scopes }) => scopes.length > 0);
    for (const route of tried) {
      const answer = await call(without, route, { ...mine, connectors: 'stripe' });
      expect({ route: nameOf(route), status: answer.status }).toEqual({ route: nameOf(route), status: 403 });
    }
    const free = routes(({ scopes }) => scopes.length === 0).map(nameOf);
    // What any token may read: itself, and what the documentation says anyway.
    expect(free.sort()).toEqual([
      'get /v1/event-types',
      'get /v1/event-types/:type',
      'get /v1/merchants',
      'get /v1/merchants/:id',
    ]);
  });
});
