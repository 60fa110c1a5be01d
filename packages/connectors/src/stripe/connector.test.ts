import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signStripe } from '../testing/signers.ts';
import { stripe } from './connector.ts';
import { stripeCases } from './fixtures/cases.ts';
import {
  dispute,
  paymentIntent,
  refund,
  stripeEvent,
  VECTOR_BODY,
  VECTOR_HEADER,
  VECTOR_SECRET,
  VECTOR_TIME_S,
} from './fixtures/payloads.ts';

const settings = { tolerance_s: 300 };
const signedAt = new Date(VECTOR_TIME_S * 1000);
const credential = { signing_secret: VECTOR_SECRET };
const sign = (payload: object | Buffer, { signing_secret } = credential, at = signedAt) => {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  return rawNotification(body, { 'stripe-signature': signStripe(body, signing_secret, at.getTime() / 1000) });
};

describeConnector({
  connector: stripe,
  settings,
  credentials: {
    current: credential,
    previous: { signing_secret: 'whsec_previous_secret' },
    other: { signing_secret: 'whsec_other_secret' },
  },
  signedAt,
  toleranceS: 300,
  signatureHeader: 'stripe-signature',
  sign,
  signedFacts: ({ headers, body }) => [`${headers['stripe-signature']?.join()} ${body.toString('hex')}`],
  genuine: stripeEvent('evt_1Ab', 'payment_intent.succeeded', paymentIntent('succeeded')),
  unknown: stripeEvent('evt_1Ac', 'tax.settings.updated', {}),
  batch: null,
  cases: stripeCases,
});

describe('the Stripe signature', () => {
  const vector = (header: string, body = VECTOR_BODY) => rawNotification(body, { 'stripe-signature': header });
  const verify = (header: string, now = signedAt) => stripe.verify(vector(header), [credential], settings, now);
  const v1 = VECTOR_HEADER.split('v1=')[1] ?? '';
  const zeros = '0'.repeat(64);

  it('has the known answer', () => {
    expect(signStripe(VECTOR_BODY, VECTOR_SECRET, VECTOR_TIME_S)).toContain(VECTOR_HEADER);
    expect(verify(VECTOR_HEADER)).toEqual({ ok: true, signedAt });
  });

  it.each([
    ['the matching v1 first', `t=${VECTOR_TIME_S},v1=${v1},v1=${zeros},v0=${zeros}`],
    ['the matching v1 last', `t=${VECTOR_TIME_S},v1=${zeros},v1=${v1}`],
    ['the time last', `v1=${v1},t=${VECTOR_TIME_S}`],
    ['unknown schemes', `t=${VECTOR_TIME_S},v9=abc,x,v1=${v1}`],
    ['a malformed v1 beside a good one', `t=${VECTOR_TIME_S},v1=abc,v1=${v1}`],
  ])('is accepted with %s, as the library does', (_, header) => {
    expect(verify(header).ok).toBe(true);
    expect(() => constructEvent(header)).not.toThrow();
  });

  it.each([
    ['only in v0', `t=${VECTOR_TIME_S},v0=${v1}`],
    ['in upper case', `t=${VECTOR_TIME_S},v1=${v1.toUpperCase()}`],
    ['after a space', `t=${VECTOR_TIME_S}, v1=${v1}`],
    ['without a time', `v1=${v1}`],
    ['of another time', `t=${VECTOR_TIME_S + 1},v1=${v1}`],
    ['301 seconds old', VECTOR_HEADER, VECTOR_TIME_S + 301],
  ])('is refused %s, as the library does', (_, header, nowS = VECTOR_TIME_S) => {
    expect(verify(header, new Date(nowS * 1000)).ok).toBe(false);
    expect(() => constructEvent(header, nowS)).toThrow();
  });

  it.each([
    ['a time in the future', VECTOR_HEADER, VECTOR_TIME_S - 301],
    ['a time followed by junk', `t=${VECTOR_TIME_S}x,v1=${v1}`, VECTOR_TIME_S],
    ['two times', `t=${VECTOR_TIME_S},v1=${v1},t=${VECTOR_TIME_S}`, VECTOR_TIME_S],
  ])('is refused with %s, though the library accepts', (_, header, nowS) => {
    expect(verify(header, new Date(nowS * 1000)).ok).toBe(false);
    expect(() => constructEvent(header, nowS)).not.toThrow();
  });

  it('is over the bytes: bad UTF-8 that is truly signed verifies, and is then unreadable', () => {
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    const hex = createHmac('sha256', VECTOR_SECRET).update(`${VECTOR_TIME_S}.`).update(body).digest('hex');
    const notification = rawNotification(body, { 'stripe-signature': `t=${VECTOR_TIME_S},v1=${hex}` });
    expect(stripe.verify(notification, [credential], settings, signedAt).ok).toBe(true);
    expect(stripe.parse(rawNotification(body), settings)).toEqual({ ok: false, detail: 'the body is not UTF-8' });
  });

  function constructEvent(header: string, nowS = VECTOR_TIME_S) {
    return Stripe.webhooks.constructEvent(VECTOR_BODY, header, VECTOR_SECRET, 300, undefined, nowS * 1000);
  }
});

describe('a Stripe event', () => {
  const parseOne = (payload: object) => {
    const parsed = stripe.parse(sign(payload), settings);
    return parsed.ok ? parsed.items[0] : undefined;
  };

  it('without a time happened when it was signed', () => {
    const parsed = stripe.parse(rawNotification(VECTOR_BODY, { 'stripe-signature': VECTOR_HEADER }), settings);
    expect(parsed).toMatchObject({
      ok: true,
      items: [{ key: 'evt_vec1', event: { occurredAt: signedAt, object: { amount_minor: 2000, currency: 'USD' } } }],
    });
  });

  it('without a usable id or type is unreadable', () => {
    const event = stripeEvent('evt_1', 'payment_intent.succeeded', paymentIntent('succeeded'));
    for (const odd of [{ id: 'e'.repeat(256) }, { id: 7 }, { type: '' }, { type: null }]) {
      expect(stripe.parse(sign({ ...event, ...odd }), settings)).toMatchObject({ ok: false });
    }
  });

  it('of the thin kind is acknowledged as unsupported', () => {
    const thin = { id: 'evt_thin', object: 'v2.core.event', type: 'v1.billing.meter.error_report_triggered' };
    expect(parseOne(thin)).toMatchObject({ key: 'evt_thin', event: null, reason: 'unsupported' });
  });

  it('says what a changed object was before', () => {
    const event = stripeEvent('evt_1', 'charge.dispute.updated', dispute('won'), { status: 'under_review', amount: 1 });
    expect(parseOne(event)?.event?.previous).toEqual({ status: 'under_review', amount_minor: 1 });
  });

  it.each([
    [2 ** 53, null],
    [19.5, null],
    ['2000', null],
    [-0, 0],
    [0, 0],
  ])('takes the amount %p as %p', (amount, expected) => {
    const object = { ...paymentIntent('processing'), amount };
    const found = parseOne(stripeEvent('evt_1', 'payment_intent.processing', object))?.event?.object.amount_minor;
    expect(found).toBe(expected);
  });

  it.each([
    ['isk', 500, 5],
    ['ugx', 500, 5],
    ['mga', 500, 50_000],
    ['jpy', 500, 500],
    ['kwd', 5_120, 5_120],
  ])('counts %s in ISO units: %p is %p', (currency, amount, expected) => {
    const object = { ...paymentIntent('processing'), amount, currency };
    expect(parseOne(stripeEvent('evt_1', 'payment_intent.processing', object))?.event?.object).toMatchObject({
      amount_minor: expected,
      currency: currency.toUpperCase(),
    });
  });

  it('tells the state of a refund once, whichever of its events say so', () => {
    const keyOf = (type: string, object: object, previous?: object) =>
      parseOne(stripeEvent(`evt_${type}`, type, object, previous))?.key;
    const failed = refund('failed');
    const before = { status: 'pending' };
    const told = keyOf('refund.failed', failed);
    expect(told).toBe('refund:re_1Ab:failed');
    expect(keyOf('refund.updated', failed, before)).toBe(told);
    expect(keyOf('charge.refund.updated', failed, before)).toBe(told);
    expect(keyOf('refund.created', refund('succeeded'))).toBe('refund:re_1Ab:succeeded');
    expect(keyOf('refund.updated', { ...failed, id: 're_2Ab' }, before)).not.toBe(told);
    // What raises nothing takes no fact's place, and what has no id or state is told apart by the event's.
    expect(keyOf('refund.updated', failed, { metadata: {} })).toBe('evt_refund.updated');
    expect(keyOf('refund.failed', { ...failed, id: null })).toBe('evt_refund.failed');
    expect(keyOf('refund.failed', { ...failed, status: null })).toBe('evt_refund.failed');
  });
});

it.each([
  [false, true],
  [true, undefined],
  [undefined, undefined],
])('an event whose livemode is %p is of the test mode: %p', (livemode, isTest) => {
  const event = { ...stripeEvent('evt_1', 'payment_intent.succeeded', paymentIntent('succeeded')), livemode };
  const parsed = stripe.parse(sign(event), settings);
  expect(parsed.ok && parsed.items.map((item) => item.isTest)).toEqual([isTest]);
});
