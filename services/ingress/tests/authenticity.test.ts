import { createHmac } from 'node:crypto';
import { addAccount } from './support/accounts.ts';
import {
  adyenRequest,
  type SignedRequest,
  STRIPE_SECRET,
  send,
  stripeEvent,
  stripeRequest,
} from './support/notifications.ts';
import { openTestStores, type RunningIngress, startIngress, type TestStores } from './support/start-ingress.ts';
import { eventsOf, notificationsOf } from './support/stored.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

let stores: TestStores;
let ingress: RunningIngress;

beforeAll(async () => {
  stores = await openTestStores();
  ingress = await startIngress(stores);
  await addAccount(stores.store, 'm_1', 'stripe');
  await addAccount(stores.store, 'm_1', 'stripe', { name: 'stripe-off', status: 'disabled' });
  await addAccount(stores.store, 'm_1', 'adyen');
});

afterAll(async () => {
  expect(await ingress.stop()).toBe(0);
  await stores.store.close();
});

/** Everything that a caller sees, but for the time and the request id. */
async function seen(response: Response): Promise<object> {
  const headers = [...response.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id');
  return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()).toString('hex') };
}

const genuine = (id: string) => stripeRequest(stripeEvent(id));

describe('what is not genuine', () => {
  const forgeries: [string, string, () => SignedRequest][] = [
    ['an unknown merchant', '/webhooks/m_nobody/stripe', () => genuine('evt_f1')],
    ['an unknown connector', '/webhooks/m_1/nobank', () => genuine('evt_f2')],
    ['a connector without an account', '/webhooks/m_1/gocardless', () => genuine('evt_f3')],
    ['a path that no account can have', '/webhooks/m%20_1/..%2Fstripe', () => genuine('evt_f4')],
    ['a path that is no percent-encoding', '/webhooks/m_%zz/stripe', () => genuine('evt_f5')],
    ['a disabled account', '/webhooks/m_1/stripe-off', () => genuine('evt_f6')],
    [
      'another secret',
      '/webhooks/m_1/stripe',
      () => stripeRequest(stripeEvent('evt_f7'), { secret: 'whsec_another_one' }),
    ],
    [
      'a changed body',
      '/webhooks/m_1/stripe',
      () => ({ ...genuine('evt_f8'), body: JSON.stringify(stripeEvent('evt_f9')) }),
    ],
    ['no signature', '/webhooks/m_1/stripe', () => ({ ...genuine('evt_f10'), headers: {} })],
    [
      'an empty signature',
      '/webhooks/m_1/stripe',
      () => ({ ...genuine('evt_f11'), headers: { 'stripe-signature': '' } }),
    ],
    ['no body', '/webhooks/m_1/stripe', () => ({ ...genuine('evt_f12'), body: '' })],
    [
      'a stale signature',
      '/webhooks/m_1/stripe',
      () => stripeRequest(stripeEvent('evt_f13'), { atMs: Date.now() - 301_000 }),
    ],
    [
      'a signature of the future',
      '/webhooks/m_1/stripe',
      () => stripeRequest(stripeEvent('evt_f14'), { atMs: Date.now() + 400_000 }),
    ],
    [
      'JSON that is none, where the signature is in the body',
      '/webhooks/m_1/adyen',
      () => ({ body: '{"live":', headers: {} }),
    ],
    ['bytes that are no text', '/webhooks/m_1/adyen', () => ({ body: Buffer.from([0xff, 0xfe, 0x00]), headers: {} })],
  ];

  it('is answered the same whatever was wrong, and raises nothing', async () => {
    const answers: object[] = [];
    for (const [, path, request] of forgeries) {
      answers.push(await seen(await send(ingress.url, path, request())));
    }
    expect(answers.filter((answer) => JSON.stringify(answer) !== JSON.stringify(answers[0]))).toEqual([]);
    expect(answers[0]).toMatchObject({ status: 401 });
    expect(await eventsOf(stores.store, 'm_1')).toEqual([]);
    expect(await notificationsOf(stores.store, 'm_1')).toEqual([]);
  });

  it('has no instance and no request id in its body, and one in its header', async () => {
    const response = await send(ingress.url, '/webhooks/m_nobody/stripe', genuine('evt_f20'));
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(Object.keys((await response.json()) as object)).toEqual(['type', 'title', 'status', 'detail']);
  });

  it('tells the log why, without payload, signature or query', async () => {
    const request = stripeRequest(stripeEvent('evt_f21', 'customer.created', { name: 'payload-in-log' }), {
      secret: 'whsec_another_one',
    });
    await send(ingress.url, '/webhooks/m_1/stripe?token=query-in-log', request);
    const log = ingress.log.join('');
    expect(log).toContain('"reason":"signature_mismatch"');
    expect(log).toContain('"reason":"unknown_account"');
    const signature = request.headers['stripe-signature'] as string;
    for (const secret of [
      'payload-in-log',
      'query-in-log',
      signature,
      signature.split('v1=')[1] as string,
      STRIPE_SECRET,
    ]) {
      expect(log).not.toContain(secret);
    }
  });

  it('stays refused a thousand times over on any flipped byte of body or signature', async () => {
    const { body, headers } = genuine('evt_f30');
    const bytes = Buffer.from(body);
    const signature = headers['stripe-signature'] as string;
    const statuses = new Set<number>();
    for (let round = 0; round < 250; round++) {
      const changed = Buffer.from(bytes);
      const at = round % bytes.length;
      changed.writeUInt8((changed.readUInt8(at) ^ (1 << (round % 8))) & 0xff, at);
      const last = signature.length - 1 - (round % 64);
      const flipped = signature[last] === '0' ? '1' : '0';
      const forged = `${signature.slice(0, last)}${flipped}${signature.slice(last + 1)}`;
      const sent = await Promise.all([
        send(ingress.url, '/webhooks/m_1/stripe', { body: changed, headers }),
        send(ingress.url, '/webhooks/m_1/stripe', { body, headers: { 'stripe-signature': forged } }),
        send(ingress.url, '/webhooks/m_1/stripe', {
          body,
          headers: { 'stripe-signature': signature.slice(0, -1 - (round % 80)) },
        }),
        send(ingress.url, '/webhooks/m_1/stripe', { body: bytes.subarray(0, -1 - (round % 99)), headers }),
      ]);
      for (const response of sent) {
        statuses.add(response.status);
        await response.arrayBuffer();
      }
    }
    expect([...statuses]).toEqual([401]);
    expect(await eventsOf(stores.store, 'm_1')).toEqual([]);
  });
});

describe('what is genuine', () => {
  it('is accepted at once from an account that was just made, although it was refused a moment ago', async () => {
    const before = await send(ingress.url, '/webhooks/m_new/stripe', genuine('evt_n1'));
    await addAccount(stores.store, 'm_new', 'stripe');
    const after = await send(ingress.url, '/webhooks/m_new/stripe', genuine('evt_n1'));
    expect([before.status, after.status]).toEqual([401, 200]);
    expect(await eventsOf(stores.store, 'm_new')).toHaveLength(1);
  });

  it('is accepted under a credential that was just added, and under the old one until it is removed', async () => {
    const added = { signing_secret: 'whsec_brand_new_secret' };
    const account = await addAccount(stores.store, 'm_rotating', 'stripe');
    const path = '/webhooks/m_rotating/stripe';
    const statusOf = async (id: string, secret: string) =>
      (await send(ingress.url, path, stripeRequest(stripeEvent(id), { secret }))).status;
    expect(await statusOf('evt_r1', STRIPE_SECRET)).toBe(200);
    expect(await statusOf('evt_r2', added.signing_secret)).toBe(401);
    await stores.store.connectorAccounts.update({ level: 'operator' }, account._id, account.version, {
      credentials: [...account.credentials, added],
    });
    expect(await statusOf('evt_r3', added.signing_secret)).toBe(200);
    expect(await statusOf('evt_r4', STRIPE_SECRET)).toBe(200);
  });

  it('is verified on the raw bytes, whatever the content type says or does not say', async () => {
    await addAccount(stores.store, 'm_types', 'stripe');
    const types = [
      undefined,
      'application/json; charset=utf-7',
      'text/plain',
      'application/x-www-form-urlencoded',
      'x',
    ];
    for (const [index, type] of types.entries()) {
      const request = genuine(`evt_t${index}`);
      const headers = type === undefined ? request.headers : { ...request.headers, 'content-type': type };
      expect((await send(ingress.url, '/webhooks/m_types/stripe', { ...request, headers })).status).toBe(200);
    }
    expect(await eventsOf(stores.store, 'm_types')).toHaveLength(types.length);
  });

  it('is acknowledged as its connector expects', async () => {
    const adyen = await send(ingress.url, '/webhooks/m_1/adyen', adyenRequest(['PSP1']));
    expect([adyen.status, await adyen.text()]).toEqual([200, '[accepted]']);
    const stripe = await send(ingress.url, '/webhooks/m_1/stripe/', genuine('evt_ack'));
    expect([stripe.status, await stripe.text()]).toEqual([200, '']);
  });

  it('is recorded and not raised when it cannot be read: bad UTF-8 and malformed JSON, validly signed', async () => {
    await addAccount(stores.store, 'm_odd', 'stripe');
    const bodies = [
      '{"id":',
      '',
      '[]',
      '"text"',
      '1e400',
      '{"id":1,"id":{}}',
      Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
    ];
    for (const body of bodies) {
      const t = Math.floor(Date.now() / 1000);
      const mac = createHmac('sha256', STRIPE_SECRET).update(`${t}.`).update(body).digest('hex');
      const request = { body, headers: { 'stripe-signature': `t=${t},v1=${mac}` } };
      expect((await send(ingress.url, '/webhooks/m_odd/stripe', request)).status).toBe(200);
    }
    const notifications = await notificationsOf(stores.store, 'm_odd');
    expect(notifications.map(({ verdict }) => verdict)).toEqual(bodies.map(() => 'unreadable'));
    for (const { detail } of notifications) expect(detail).toMatch(/^the (?:body|event) /);
    expect(await eventsOf(stores.store, 'm_odd')).toEqual([]);
  });

  it('survives deep and polluted JSON, and changes no prototype', async () => {
    await addAccount(stores.store, 'm_deep', 'stripe');
    const plain = JSON.stringify(stripeEvent('evt_deep'));
    const deep = `${'['.repeat(45_000)}${']'.repeat(45_000)}`;
    const bodies = [
      `{"deep":${deep},${plain.slice(1)}`,
      `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${plain.slice(1).replace('evt_deep', 'evt_proto')}`,
    ];
    for (const body of bodies) {
      expect((await send(ingress.url, '/webhooks/m_deep/stripe', stripeRequest(body))).status).toBe(200);
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(await eventsOf(stores.store, 'm_deep')).toHaveLength(2);
  });
});
