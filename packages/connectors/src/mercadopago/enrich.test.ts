import fc from 'fast-check';
import { openVendorDouble, outsideTo, type VendorDouble } from '../../tests/vendor-double.ts';
import type { Enrichment } from '../connector.ts';
import { rawNotification } from '../testing/contract-subject.ts';
import { expectSound } from '../testing/parsing-contract.ts';
import { mercadoPago } from './connector.ts';
import {
  APPROVED,
  CREATED,
  charge,
  chargeback,
  claim,
  mercadoPagoNotification,
  order,
  orderPayment,
  orderRefund,
  payment,
  refund,
  subscription,
  UPDATED,
} from './fixtures/payloads.ts';

const TOKEN = 'APP_USR-1234567890123456';
const CREDENTIAL = { webhook_secret: 'some_secret', access_token: TOKEN };
const PAYMENT = '/v1/payments/123';

let api: VendorDouble;
beforeEach(async () => {
  api = await openVendorDouble();
});
afterEach(() => api.close());

const enrich = (topic: string, id: string, credentials = [CREDENTIAL]) => {
  const notification = rawNotification(JSON.stringify(mercadoPagoNotification(topic, 'ignored')));
  const outside = outsideTo(() => api);
  const settings = { api_base_url: api.url };
  const enrichment = mercadoPago.enrich?.(
    { ...notification, query: `data.id=${id}` },
    { credentials, settings },
    outside,
  );
  return enrichment ?? Promise.reject(new Error('no enrich'));
};
const itemsOf = (enrichment: Enrichment) => (enrichment.kind === 'resolved' ? enrichment.items : []);
const lookUp = async (topic: string, id: string) => itemsOf(await enrich(topic, id));

it('asks for what the query names, with the token of the account, and for nothing else', async () => {
  api.holds(PAYMENT, payment(123, 'approved', 'accredited'));
  expect(await lookUp('payment', '123')).toHaveLength(1);
  expect(api.asked.map(({ path }) => path)).toEqual([PAYMENT]);
  expect(api.asked[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, accept: 'application/json' });
});

it.each(['', '12%2F13', '..', 'abc', '1%0A2'])('asks nobody about a payment of the id %p', async (id) => {
  expect(await lookUp('payment', id)).toMatchObject([{ event: null, reason: 'unsupported' }]);
  expect(api.asked).toEqual([]);
});

it('asks nobody about what it does not look up', async () => {
  expect(await lookUp('merchant_order', '123')).toMatchObject([{ event: null, reason: 'unmapped' }]);
  expect(api.asked).toEqual([]);
});

describe('a payment', () => {
  it('is told with all its refunds, and each of them once', async () => {
    const refunds = [refund(7, 'approved'), refund(8, 'in_process'), { ...refund(9, 'approved'), id: null }, 7];
    api.holds(PAYMENT, payment(123, 'approved', 'partially_refunded', { refunds }));
    const items = await lookUp('payment', '123');
    expect(items.map(({ key, event }) => [key, event?.type, event?.object.amount_minor])).toEqual([
      ['payment:123:approved', 'payment_succeeded', 5880],
      ['refund:7:approved', 'refund_succeeded', 805],
      ['refund:8:in_process', 'refund_initiated', 805],
    ]);
    expect(items.map(({ event }) => event?.occurredAt)).toEqual([APPROVED, UPDATED, UPDATED].map((at) => new Date(at)));
    expect(await lookUp('payment', '123')).toEqual(items);
  });

  it('that waits for one thing after the other says so each time', async () => {
    const keys = [];
    for (const detail of ['pending_waiting_payment', 'pending_challenge', 'pending_review_manual']) {
      api.holds(PAYMENT, payment(123, 'pending', detail));
      keys.push(...(await lookUp('payment', '123')).map(({ key }) => key));
    }
    expect(new Set(keys).size).toBe(3);
  });

  it('that is charged back tells it once, whatever becomes of it', async () => {
    api.holds(PAYMENT, payment(123, 'charged_back', 'in_process'));
    const [first] = await lookUp('payment', '123');
    api.holds(PAYMENT, payment(123, 'charged_back', 'settled'));
    const [second] = await lookUp('payment', '123');
    expect(second?.key).toBe(first?.key);
  });

  it.each([
    ['58.8', 'BRL', 5880],
    ['58.80', 'BRL', 5880],
    ['1990', 'CLP', 1990],
    ['90071992547409.91', 'BRL', Number.MAX_SAFE_INTEGER],
    ['1.15', 'USD', 115],
    ['1.005', 'USD', null],
    ['1e2', 'USD', null],
    ['10', 'XXX', null],
  ])('has the amount %s %s exactly', async (amount, currency, expected) => {
    const { transaction_amount: _, ...rest } = payment(123, 'approved', 'accredited', { currency_id: currency });
    const body = JSON.stringify(rest).replace('{', `{"transaction_amount":${amount},`);
    api.answer(PAYMENT, { status: 200, body });
    const [item] = await lookUp('payment', '123');
    expect(item?.event?.object.amount_minor).toBe(expected);
  });

  it('is recognised by an id that no double carries', async () => {
    const body = JSON.stringify(payment(1, 'approved', 'accredited')).replace('"id":1', '"id":9007199254740993');
    api.answer('/v1/payments/9007199254740993', { status: 200, body });
    expect(await lookUp('payment', '9007199254740993')).toMatchObject([{ key: 'payment:9007199254740993:approved' }]);
    api.answer('/v1/payments/9007199254740992', { status: 200, body });
    expect((await enrich('payment', '9007199254740992')).kind).toBe('not_yet');
  });

  it('has its order in metadata where there is no external reference', async () => {
    const metadata = { order_id: 17, nested: { a: 1 }, __proto__: null };
    api.holds(PAYMENT, payment(123, 'approved', 'accredited', { external_reference: null, metadata }));
    const [item] = await lookUp('payment', '123');
    expect(item?.event?.object).toMatchObject({ merchant_reference: '17', metadata: { order_id: '17' } });
  });

  it('without any time is unsupported, without a status unmapped', async () => {
    const timeless = { date_approved: null, date_created: null, date_last_updated: 'soon' };
    api.holds(PAYMENT, payment(123, 'approved', 'accredited', timeless));
    expect(await lookUp('payment', '123')).toMatchObject([{ reason: 'unsupported' }]);
    api.holds(PAYMENT, { id: 123 });
    expect(await lookUp('payment', '123')).toMatchObject([{ connectorType: 'payment', reason: 'unmapped' }]);
  });
});

describe('a charge of a subscription', () => {
  it('is told as its payment is, once', async () => {
    api.holds(
      '/authorized_payments/5',
      charge(5, 'processed', { id: 123, status: 'approved', status_detail: 'accredited' }),
    );
    api.holds(PAYMENT, payment(123, 'approved', 'accredited'));
    const [charged] = await lookUp('subscription_authorized_payment', '5');
    const [paid] = await lookUp('payment', '123');
    expect(charged).toMatchObject({
      key: paid?.key,
      connectorType: 'payment.approved',
      event: {
        type: 'payment_succeeded',
        object: {
          connector_reference: '123',
          payment_reference: '123',
          merchant_reference: 'A-17',
          amount_minor: 1000,
          currency: 'ARS',
          customer: '1234',
        },
      },
    });
  });

  it('that was paid back leaves it to the payment to say so', async () => {
    api.holds('/authorized_payments/5', charge(5, 'processed', { id: 123, status: 'refunded' }));
    expect(await lookUp('subscription_authorized_payment', '5')).toMatchObject([{ event: null, reason: 'unmapped' }]);
  });
});

describe('an order', () => {
  const path = '/v1/orders/ORD01AB';
  const [first, second] = [
    orderPayment('PAY1', 'failed', 'high_risk'),
    orderPayment('PAY2', 'processed', 'accredited'),
  ];

  it('is told as its payments and refunds', async () => {
    const refunds = [orderRefund('REF1', 'PAY2', 'processed'), orderRefund('REF2', 'PAY2', 'processed')];
    const found = order('ORD01AB', [first, second], refunds);
    api.holds(path, found);
    const items = await lookUp('order', 'ORD01AB');
    expect(items.map(({ key, event }) => [key, event?.type, event?.object.payment_reference])).toEqual([
      ['order_payment:PAY1:failed', 'payment_failed', 'PAY1'],
      ['order_payment:PAY2:processed', 'payment_succeeded', 'PAY2'],
      ['order_refund:REF1:processed', 'refund_succeeded', 'PAY2'],
      ['order_refund:REF2:processed', 'refund_succeeded', 'PAY2'],
    ]);
    expect(items.map(({ event }) => event?.source)).toEqual(Array(4).fill(found));
  });

  it('of a payment that waits for one thing after the other says so each time', async () => {
    const keys = [];
    for (const detail of ['waiting_payment', 'pending_challenge']) {
      api.holds(path, order('ORD01AB', [orderPayment('PAY1', 'action_required', detail)]));
      keys.push(...(await lookUp('order', 'ORD01AB')).map(({ key }) => key));
    }
    expect(new Set(keys).size).toBe(2);
  });

  it('of a payment that was partly paid back later is as old as the order', async () => {
    api.holds(path, order('ORD01AB', [second]));
    const [item] = await lookUp('order', 'ORD01AB');
    expect(item?.event?.occurredAt).toEqual(new Date('2024-01-02T04:00:00.045Z'));
    api.holds(path, order('ORD01AB', [orderPayment('PAY2', 'processed', 'partially_refunded')]));
    const [later] = await lookUp('order', 'ORD01AB');
    expect(later?.event?.occurredAt).toEqual(new Date('2024-01-01T04:00:00.045Z'));
    expect(later?.key).toBe(item?.key);
  });

  it.each([
    [{}, 'BRL', 5880],
    [{ country_code: 'CHL' }, 'CLP', null],
    [{ country_code: 'MEX', currency: 'USD' }, 'USD', 5880],
    [{ country_code: 'ATA' }, null, null],
  ])('with %j has its amounts in %s', async (more, currency, amount) => {
    api.holds(path, { ...order('ORD01AB', [second]), ...more });
    const [item] = await lookUp('order', 'ORD01AB');
    expect(item?.event?.object).toMatchObject({ currency, amount_minor: amount });
  });
});

describe('a dispute', () => {
  it.each(['chargebacks', 'topic_chargebacks_wh'])('is found under the topic %s', async (topic) => {
    api.holds('/v1/chargebacks/217000087654321000', chargeback('217000087654321000', 'pending'));
    const [item] = await lookUp(topic, '217000087654321000');
    expect(item).toMatchObject({
      key: 'chargeback:217000087654321000:pending',
      event: { type: 'dispute_opened', occurredAt: new Date(CREATED) },
    });
  });

  it.each(['claims', 'topic_claims_integration_wh'])(
    'that is a claim under the topic %s is opened once, also when its payment is in mediation',
    async (topic) => {
      const path = '/post-purchase/v1/claims/5033102536';
      api.holds(path, claim(5033102536, 'opened'));
      api.holds('/v1/payments/7138572864', payment(7138572864, 'in_mediation', 'pending'));
      const [claimed] = await lookUp(topic, '5033102536');
      const [mediated] = await lookUp('payment', '7138572864');
      expect([claimed?.event?.type, mediated?.event?.type]).toEqual(['dispute_opened', 'dispute_opened']);
      expect(claimed?.key).toBe(mediated?.key);
      api.holds(path, { ...claim(5033102536, 'opened'), resource: 'order' });
      expect(await lookUp(topic, '5033102536')).toMatchObject([
        { key: 'claim:5033102536:opened', event: { object: { payment_reference: null } } },
      ]);
    },
  );
});

it('tells of a subscription each time that it is paused and goes on', async () => {
  const changes = ['authorized', 'paused', 'authorized'].map((status, day) => ({
    ...subscription('2c93808472', status),
    last_modified: `2024-01-0${day + 1}T00:00:00.000-04:00`,
  }));
  const items = [];
  for (const change of [...changes, changes[2]]) {
    api.holds('/preapproval/2c93808472', change);
    items.push(...(await lookUp('subscription_preapproval', '2c93808472')));
  }
  expect(items.map(({ event }) => event?.object.status)).toEqual(['authorized', 'paused', 'authorized', 'authorized']);
  expect(new Set(items.map(({ key }) => key)).size).toBe(3);
});

describe('a look-up that comes to nothing', () => {
  const things: [topic: string, id: string, path: string, another: object][] = [
    ['payment', '123', PAYMENT, payment(124, 'approved', 'accredited')],
    ['order', 'ORD01AB', '/v1/orders/ORD01AB', order('ord01ab', [])],
    ['topic_chargebacks_wh', '217', '/v1/chargebacks/217', chargeback('218', 'valid')],
    ['claims', '5', '/post-purchase/v1/claims/5', claim(6, 'opened')],
    ['subscription_preapproval', '2c9', '/preapproval/2c9', subscription('2c8', 'paused')],
    ['subscription_authorized_payment', '5', '/authorized_payments/5', charge(6, 'processed', null)],
  ];

  it.each(things)('raises nothing of another %s than %s', async (topic, id, path, another) => {
    for (const lie of [another, {}, { id: [id] }]) {
      api.holds(path, lie);
      expect(await enrich(topic, id)).toEqual({
        kind: 'not_yet',
        detail: 'HTTP 200 about something else',
        retryAfter: null,
      });
    }
    expect(await enrich(topic, '9')).toEqual({ kind: 'gone', detail: 'HTTP 404' });
  });

  it.each([301, 400, 401, 403, 429, 500, 503])('is tried again after %d, and not before it may be', async (status) => {
    api.answer(PAYMENT, { status, headers: { 'retry-after': '120' }, body: 'secret' });
    expect(await enrich('payment', '123')).toEqual({ kind: 'not_yet', detail: `HTTP ${status}`, retryAfter: '120' });
  });

  it.each(['', 'null', '[]', '<html>', '{"id":123', '123'])('is tried again after the answer %p', async (body) => {
    api.answer(PAYMENT, { status: 200, body });
    expect((await enrich('payment', '123')).kind).toBe('not_yet');
  });

  it('is tried again when nobody answers', async () => {
    await api.close();
    expect(await enrich('payment', '123')).toMatchObject({
      kind: 'not_yet',
      detail: expect.stringMatching(/^no answer: /),
    });
  });
});

it('asks once with a token that several credentials have, and with each other one', async () => {
  const tokens = [CREDENTIAL, { ...CREDENTIAL, webhook_secret: 'new_secret' }];
  expect((await enrich('payment', '123', tokens)).kind).toBe('gone');
  expect(api.asked).toHaveLength(1);
  const other = 'TEST-1234567890123456';
  api.answer(PAYMENT, { status: 200, body: JSON.stringify(payment(123, 'approved', 'accredited')) }, other);
  api.answer(PAYMENT, { status: 401, body: '' }, TOKEN);
  expect((await enrich('payment', '123', [...tokens, { ...CREDENTIAL, access_token: other }])).kind).toBe('resolved');
});

it('stays sound when any part of an answer is something else', async () => {
  const things: [string, string, string, object][] = [
    ['payment', '123', PAYMENT, payment(123, 'refunded', 'refunded', { refunds: [refund(7, 'approved')] })],
    [
      'order',
      'AB',
      '/v1/orders/AB',
      order('AB', [orderPayment('P', 'processed', 'x')], [orderRefund('R', 'P', 'processed')]),
    ],
    ['claims', '5', '/post-purchase/v1/claims/5', claim(5, 'closed', ['respondent'])],
    ['chargebacks', '6', '/v1/chargebacks/6', chargeback('6', 'valid')],
    ['subscription_preapproval', '7', '/preapproval/7', subscription('7', 'paused')],
    ['subscription_authorized_payment', '8', '/authorized_payments/8', charge(8, 'x', { id: 1, status: 'approved' })],
  ];
  const parts = things.flatMap((thing) => Object.keys(thing[3]).map((part) => [...thing, part] as const));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...parts), fc.jsonValue(), async ([topic, id, path, thing, part], value) => {
      api.holds(path, { ...thing, [part]: value, id });
      expectSound(await lookUp(topic, id));
      api.holds(path, {
        ...thing,
        transactions: { payments: [value, { id: 'P', [part]: value }], refunds: [value] },
        id,
      });
      expectSound(await lookUp(topic, id));
    }),
    { numRuns: 200 },
  );
});
