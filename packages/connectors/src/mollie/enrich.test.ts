import fc from 'fast-check';
import { openVendorDouble, outsideTo, type VendorDouble } from '../../tests/vendor-double.ts';
import { rawNotification } from '../testing/contract-subject.ts';
import { expectSound } from '../testing/parsing-contract.ts';
import { mollie } from './connector.ts';
import type { MollieCredential } from './credentials.ts';
import { mollieCases } from './fixtures/cases.ts';
import { enrichFrom, itemsOf, KEY, ORDER, PAYMENT, SUBSCRIPTION } from './fixtures/looking-up.ts';
import {
  chargeback,
  mollieEvent,
  order,
  payment,
  paymentLink,
  refund,
  simpleEvent,
  subscription,
} from './fixtures/payloads.ts';

const REFUND = '/v2/refunds?from=re_4qqhO89gsT&limit=1&embed=payment';
const CHARGEBACK = '/v2/chargebacks?from=chb_n9z0tp&limit=1&embed=payment';
const PAYMENT_LINK = '/v2/payment-links/pl_4Y0eZitmBn';

let api: VendorDouble;
beforeEach(async () => {
  api = await openVendorDouble();
});
afterEach(() => api.close());

const enrich = (body: string | object, credentials?: readonly MollieCredential[]) => enrichFrom(api, body, credentials);
const lookUp = async (id: string) => itemsOf(await enrich(`id=${id}`));
const embedding = (embedded: object, more: object = {}) => payment('paid', { _embedded: embedded, ...more });

describe('a payment that a classic webhook names', () => {
  it('is asked for with the key of the account, and with nothing else', async () => {
    api.holds(PAYMENT, payment('paid'));
    await enrich('id=tr_5B8cwPMGnU&path=/v2/customers');
    expect(api.asked.map(({ path }) => path)).toEqual([PAYMENT]);
    expect(api.asked[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, accept: 'application/json' });
  });

  const ofStatus = mollieCases.filter(({ row }) => /^payment\.[a-z]+$/.test(row));
  it.each(ofStatus.map((one) => [one.row.slice('payment.'.length), one] as const))(
    'raises what its status %s means, once',
    async (status, { row, object = {} }) => {
      const times = { paidAt: null, failedAt: null, canceledAt: null, expiredAt: null, authorizedAt: null };
      const { statusReason } = Object.hasOwn(object, 'detail') && status === 'failed' ? failed : { statusReason: null };
      const found = payment(status, { ...times, [`${status}At`]: '2024-01-05T00:00:00+00:00', statusReason });
      api.holds(PAYMENT, found);
      const [item, ...more] = await lookUp('tr_5B8cwPMGnU');
      const rule = mollie.mappings.find(({ connectorType }) => connectorType === row);
      expect(more).toEqual([]);
      expect(item).toMatchObject({
        key: `tr_5B8cwPMGnU:${status}`,
        connectorType: row,
        reason: null,
        event: { type: rule?.eventType, origin: rule?.origin, object, source: found },
      });
      const hasTime = !['open', 'pending'].includes(status);
      expect(item?.event?.occurredAt.toISOString()).toBe(
        hasTime ? '2024-01-05T00:00:00.000Z' : '2024-01-01T00:00:00.000Z',
      );
      expect(await lookUp('tr_5B8cwPMGnU')).toEqual([item]);
    },
  );

  it.each(['queued', 'pending', 'processing', 'refunded', 'failed', 'canceled'])(
    'tells of its refund that is %s, with its order',
    async (status) => {
      api.holds(PAYMENT, embedding({ refunds: [refund(status)] }));
      const [paid, refunded, ...more] = await lookUp('tr_5B8cwPMGnU');
      const rule = mollie.mappings.find(({ connectorType }) => connectorType === `refund.${status}`);
      expect(more).toEqual([]);
      expect(paid?.event?.type).toBe('payment_succeeded');
      expect(refunded).toMatchObject({
        key: `re_4qqhO89gsT:${status}`,
        connectorType: `refund.${status}`,
        event: {
          type: rule?.eventType,
          object: {
            connector_reference: 're_4qqhO89gsT',
            payment_reference: 'tr_5B8cwPMGnU',
            merchant_reference: 'A-17',
            amount_minor: 595,
            customer: 'cst_stTC2WHAuS',
            metadata: { order_id: 'A-17', bookkeeping_id: '12345' },
          },
          source: refund(status),
        },
      });
    },
  );

  it('tells of several refunds one by one', async () => {
    const refunds = [refund('refunded'), refund('pending', { id: 're_other1' }), refund('refunded', { id: null }), 7];
    api.holds(PAYMENT, embedding({ refunds }));
    expect((await lookUp('tr_5B8cwPMGnU')).map(({ key }) => key)).toEqual([
      'tr_5B8cwPMGnU:paid',
      're_4qqhO89gsT:refunded',
      're_other1:pending',
    ]);
  });

  it('tells of its chargeback, and also of it when it was reversed meanwhile', async () => {
    api.holds(PAYMENT, embedding({ chargebacks: [chargeback()] }));
    const [, received] = await lookUp('tr_5B8cwPMGnU');
    expect(received).toMatchObject({
      key: 'chb_n9z0tp:received',
      event: { type: 'chargeback', object: { merchant_reference: 'A-17', detail: 'AC01', amount_minor: 2495 } },
    });
    api.holds(PAYMENT, embedding({ chargebacks: [chargeback({ reversedAt: '2024-01-04T00:00:00+00:00' })] }));
    const [, again, reversed] = await lookUp('tr_5B8cwPMGnU');
    expect(again?.key).toBe(received?.key);
    expect(reversed).toMatchObject({
      key: 'chb_n9z0tp:reversed',
      event: { type: 'dispute_won', occurredAt: new Date('2024-01-04T00:00:00Z') },
    });
  });

  it('tells of several chargebacks one by one', async () => {
    api.holds(PAYMENT, embedding({ chargebacks: [chargeback(), chargeback({ id: 'chb_other1' })] }));
    expect((await lookUp('tr_5B8cwPMGnU')).map(({ key }) => key)).toEqual([
      'tr_5B8cwPMGnU:paid',
      'chb_n9z0tp:received',
      'chb_other1:received',
    ]);
  });

  it('of a status that nobody knows raises nothing', async () => {
    api.holds(PAYMENT, payment('evaporated'));
    expect(await lookUp('tr_5B8cwPMGnU')).toMatchObject([{ connectorType: 'payment.evaporated', reason: 'unmapped' }]);
  });
});

const failed = { statusReason: { code: 'insufficient_funds', message: 'Not enough money' } };

describe('other things that a classic webhook names', () => {
  it('an order is as far as its payments and refunds are', async () => {
    const ofOrder = payment('paid', { metadata: null, orderId: 'ord_pbjz8x' });
    const refunds = [refund('refunded', { metadata: null }), refund('pending', { id: 're_other1', metadata: null })];
    api.holds(ORDER, order([ofOrder, payment('failed', { id: 'tr_first' })], refunds));
    const items = await lookUp('ord_pbjz8x');
    expect(items.map(({ key, event }) => [key, event?.type, event?.object.merchant_reference])).toEqual([
      ['tr_5B8cwPMGnU:paid', 'payment_succeeded', '18475'],
      ['tr_first:failed', 'payment_failed', 'A-17'],
      ['re_4qqhO89gsT:refunded', 'refund_succeeded', '18475'],
      ['re_other1:pending', 'refund_initiated', '18475'],
    ]);
    expect(items[0]?.event?.source).toEqual(ofOrder);
  });

  it.each(['pending', 'active', 'canceled', 'suspended', 'completed'])('a subscription is %s', async (status) => {
    api.holds(SUBSCRIPTION, { count: 1, _embedded: { subscriptions: [subscription(status)] } });
    expect(await lookUp('sub_rVKGtNd6s3')).toMatchObject([
      {
        key: `sub_rVKGtNd6s3:${status}`,
        event: { type: 'subscription_status_changed', object: { status, connector_reference: 'sub_rVKGtNd6s3' } },
      },
    ]);
  });

  it('a subscription changed when we were told, unless Mollie says when', async () => {
    const told = async (more: object) => {
      api.holds(SUBSCRIPTION, { _embedded: { subscriptions: [{ ...subscription('canceled'), ...more }] } });
      const notification = { ...rawNotification('id=sub_rVKGtNd6s3'), receivedAt: new Date('2024-02-01T00:00:00Z') };
      const account = { credentials: [{ api_key: KEY }], settings: { api_base_url: api.url } };
      const enrichment = await mollie.enrich?.(
        notification,
        account,
        outsideTo(() => api),
      );
      return enrichment?.kind === 'resolved' ? enrichment.items[0]?.event?.occurredAt.toISOString() : undefined;
    };
    expect(await told({})).toBe('2024-02-01T00:00:00.000Z');
    expect(await told({ canceledAt: '2024-01-31T00:00:00+00:00' })).toBe('2024-01-31T00:00:00.000Z');
  });

  it('a subscription without a status says nothing', async () => {
    api.holds(SUBSCRIPTION, { _embedded: { subscriptions: [{ id: 'sub_rVKGtNd6s3' }] } });
    expect(await lookUp('sub_rVKGtNd6s3')).toMatchObject([{ event: null, reason: 'unmapped' }]);
  });

  it('what nobody looks up is not asked for', async () => {
    expect(await lookUp('invoice_4Y0eZit')).toMatchObject([{ reason: 'unmapped' }]);
    expect(api.asked).toEqual([]);
  });
});

describe('a signed event that names its entity only', () => {
  it.each([
    ['payment.paid', 'tr_5B8cwPMGnU', PAYMENT, payment('paid'), 2495],
    ['payment-link.paid', 'pl_4Y0eZitmBn', PAYMENT_LINK, paymentLink, 2495],
    ['refund.refunded', 're_4qqhO89gsT', REFUND, { _embedded: { refunds: [refund('refunded')] } }, 595],
    ['chargeback.received', 'chb_n9z0tp', CHARGEBACK, { _embedded: { chargebacks: [chargeback()] } }, 2495],
  ])('%s of %s is looked up under its own key', async (type, id, path, answer, amount) => {
    api.holds(path, answer);
    expect(itemsOf(await enrich(simpleEvent(type, id)))).toMatchObject([
      {
        key: `event_${type}`,
        connectorType: type,
        event: { object: { connector_reference: id, amount_minor: amount } },
      },
    ]);
  });

  it('has the order of the payment that comes with its refund', async () => {
    const found = refund('refunded', { _embedded: { payment: payment('paid') } });
    api.holds(REFUND, { _embedded: { refunds: [found] } });
    const [item] = itemsOf(await enrich(simpleEvent('refund.refunded', 're_4qqhO89gsT')));
    expect(item?.event).toMatchObject({ object: { merchant_reference: 'A-17' }, source: found });
  });

  it('says what it was signed for, though the payment has moved on', async () => {
    api.holds(PAYMENT, payment('paid'));
    const [item] = itemsOf(await enrich(simpleEvent('payment.pending', 'tr_5B8cwPMGnU')));
    expect(item?.event).toMatchObject({ type: 'payment_processing', object: { status: 'processing' } });
  });

  it.each([
    ['without an API key', [{ signing_secret: 'some_secret' }]],
    ['when the key does not know it', [{ api_key: KEY }]],
  ])('is raised with its ids alone %s', async (_, credentials) => {
    const event = simpleEvent('payment.paid', 'tr_5B8cwPMGnU');
    expect(itemsOf(await enrich(event, credentials))).toMatchObject([
      {
        key: 'event_payment.paid',
        event: {
          type: 'payment_succeeded',
          object: { connector_reference: 'tr_5B8cwPMGnU', payment_reference: 'tr_5B8cwPMGnU', amount_minor: null },
          source: event,
        },
      },
    ]);
  });

  it('waits while the API is away', async () => {
    api.answer(PAYMENT, { status: 503, body: '' });
    expect(await enrich(simpleEvent('payment.paid', 'tr_5B8cwPMGnU'))).toMatchObject({ kind: 'not_yet' });
  });

  it.each(['cpt_vytxeTZskV', '../customers', 'tr_x?y', 'https://evil.example/tr_5B8cwPMGnU', ''])(
    'of the entity %p asks nobody',
    async (id) => {
      expect(itemsOf(await enrich(simpleEvent('payment.paid', id)))).toHaveLength(1);
      expect(api.asked).toEqual([]);
    },
  );

  it('that brings its entity along asks nobody', async () => {
    expect(itemsOf(await enrich(mollieEvent('payment.paid', payment('paid'))))).toMatchObject([{ reason: null }]);
    expect(api.asked).toEqual([]);
  });
});

it('stays sound when any part of an answer is something else', async () => {
  const whole = embedding({ refunds: [refund('refunded')], chargebacks: [chargeback()] });
  const paths = [...Object.keys(whole), 'refund', 'chargeback'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.string(), fc.jsonValue(), async (part, name, value) => {
      const changed = { ...whole, [part]: value, [name]: value, id: whole.id };
      const embedded = part === 'refund' ? { refunds: [value, { ...refund('refunded'), [name]: value }] } : {};
      api.holds(PAYMENT, { ...changed, ...(part === 'refund' ? { _embedded: embedded } : {}) });
      expectSound(await lookUp('tr_5B8cwPMGnU'));
    }),
    { numRuns: 200 },
  );
});
