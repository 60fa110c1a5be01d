import { deliveryIdOf, newId } from '@owngateway/domain';
import { eventually } from '@owngateway/local-stack/testing';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { anEvent, aSubscription } from './support/records.ts';

const OPERATOR = { level: 'operator' } as const;
const LONG_AGO = () => new Date(Date.now() - 600_000);

/** One sweep, and what it puts back. */
const SWEPT_MS = 15_000;

let world: DispatcherWorld;
let failing: Receiver;
let well: Receiver;
let merchants = 0;
let merchantId: string;

beforeAll(async () => {
  world = await openWorld();
  // Two replicas: what is said once must be said once by both.
  await world.start();
  await world.start();
});
afterAll(() => world.close());
beforeEach(async () => {
  failing = await startReceiver(500);
  well = await startReceiver();
  merchantId = `m_${merchants++}`;
});
afterEach(() => Promise.all([failing.close(), well.close()]));

type Fields = Partial<Parameters<typeof aSubscription>[0]>;

const subscribe = (url: string, fields: Fields = {}) =>
  world.store.subscriptions.create(aSubscription({ url, owner: { level: 'merchant', id: merchantId }, ...fields }));

async function raise(count = 1): Promise<string[]> {
  const events = Array.from({ length: count }, () => anEvent({ merchant_id: merchantId }));
  await world.store.events.insertMany(events);
  // One job each, so that both replicas get some.
  for (const { _id } of events) await world.producer.addEvents([_id]);
  return events.map(({ _id }) => _id);
}

const stored = async (id: string) => {
  const subscription = await world.store.subscriptions.get(OPERATOR, id);
  if (subscription === null) throw new Error('the subscription is gone');
  return subscription;
};

/** What was told of the subscription to this receiver. */
const told = (receiver: Receiver, subscriptionId: string) =>
  receiver.received
    .map(({ body }) => JSON.parse(body))
    .filter(({ type, data }) => type === 'endpoint_disabled' && data.object.connector_reference === subscriptionId);

describe('an endpoint that fails', () => {
  it('is known to, until it succeeds; that survives every process', async () => {
    const { _id } = await subscribe(failing.url, { retry_policy: { delays_s: [1, 1, 1, 1, 1] } });
    await raise();
    await eventually(async () => expect((await stored(_id)).failing_since).not.toBeNull());
    failing.behave(200);
    await raise();
    await eventually(async () => expect((await stored(_id)).failing_since).toBeNull(), SWEPT_MS);
    expect((await stored(_id)).status).toBe('enabled');
  });

  it('for as long as its auto_disable says is disabled, and its owner is told once', async () => {
    const { _id } = await subscribe(failing.url, { auto_disable: { after_failing_for_s: 60 } });
    await subscribe(well.url);
    await world.store.subscriptions.noteFailing(_id, LONG_AGO());
    const ids = await raise(20);
    await eventually(async () => {
      expect(await stored(_id)).toMatchObject({ status: 'disabled', status_reason: expect.stringContaining('since') });
      expect(await stored(_id)).not.toHaveProperty('announcement');
      expect(told(well, _id)).toMatchObject([
        { merchant_id: merchantId, data: { object: { status: 'disabled', detail: 'failing' } } },
      ]);
      for (const id of ids) expect((await world.delivery(deliveryIdOf(id, _id)))?.status).toBe('held');
    }, SWEPT_MS);
    const [{ id: eventId }] = told(well, _id);
    expect(await world.delivery(deliveryIdOf(eventId, _id))).toBeNull();
    expect(well.of(eventId)).toHaveLength(1);
    const { items } = await world.store.audit.list(OPERATOR, { resourceId: _id }, { limit: 10, after: null });
    expect(items).toMatchObject([
      { action: 'subscription.disable', actor: { subject: 'dispatcher', level: 'gateway' } },
    ]);
  });

  it('for less long stays enabled, as does one without auto_disable', async () => {
    const soon = await subscribe(failing.url, { auto_disable: { after_failing_for_s: 3_600 } });
    const never = await subscribe(failing.url, { auto_disable: null });
    for (const { _id } of [soon, never]) await world.store.subscriptions.noteFailing(_id, LONG_AGO());
    const [id = ''] = await raise();
    for (const { _id } of [soon, never])
      await eventually(
        async () => expect((await world.delivery(deliveryIdOf(id, _id)))?.status).toBe('failed'),
        SWEPT_MS,
      );
    for (const { _id } of [soon, never]) expect((await stored(_id)).status).toBe('enabled');
  });

  it('that has been left for another is no reason to disable, whatever it answers', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<() => void>();
    failing.behave((_request, response) => resolve(() => void response.writeHead(410).end()));
    const { _id, version } = await subscribe(failing.url);
    const [id = ''] = await raise();
    const answer = await asked;
    await world.store.subscriptions.update(OPERATOR, _id, version, { url: well.url });
    answer();
    await eventually(
      async () => expect((await world.delivery(deliveryIdOf(id, _id)))?.status).toBe('delivered'),
      SWEPT_MS,
    );
    expect(well.of(id)).toHaveLength(1);
    expect(await stored(_id)).toMatchObject({ status: 'enabled', status_reason: null });
  });

  it('tells a portfolio or reseller of its own, with the owner and no merchant', async () => {
    const owner = { level: 'reseller' as const, id: `r_${merchantId}` };
    await world.store.merchants.put({ _id: merchantId, name: 'A', portfolio_id: null, reseller_id: owner.id });
    failing.behave(410);
    const { _id } = await subscribe(failing.url, { owner });
    await subscribe(well.url, { owner });
    const merchants = await startReceiver();
    await subscribe(merchants.url);
    const [id = ''] = await raise();
    await eventually(() => expect(told(well, _id)).toHaveLength(1), SWEPT_MS);
    expect(told(well, _id)).toMatchObject([{ merchant_id: null, owner, data: { object: { detail: 'gone' } } }]);
    await eventually(async () => expect((await world.delivery(deliveryIdOf(id, _id)))?.status).toBe('held'));
    expect(told(merchants, _id)).toEqual([]);
    await merchants.close();
  });

  it('is told of although every process died right after disabling it', async () => {
    const { _id } = await subscribe(failing.url);
    await subscribe(well.url);
    const event_id = newId('evt');
    const announcement = { event_id, at: new Date(), disabled_for: 'failing' as const, failing_since: LONG_AGO() };
    expect(await world.store.subscriptions.disable(_id, { reason: 'failing', announcement })).toBe(true);
    await eventually(() => expect(well.of(event_id)).toHaveLength(1), SWEPT_MS);
    await eventually(async () => expect(await stored(_id)).not.toHaveProperty('announcement'));
    expect(told(well, _id)).toHaveLength(1);
  });
});
