import Razorpay from 'razorpay';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signRazorpay } from '../testing/signers.ts';
import { razorpay } from './connector.ts';
import { razorpayCases } from './fixtures/cases.ts';
import {
  payment,
  razorpayEvent,
  refund,
  subscription,
  token,
  VECTOR_BODY,
  VECTOR_SECRET,
  VECTOR_SIGNATURE,
} from './fixtures/payloads.ts';

const HEADER = 'x-razorpay-signature';
const credential = { webhook_secret: VECTOR_SECRET };
const signedAt = new Date('2023-11-14T22:13:21Z');
const sign = (payload: object | Buffer, { webhook_secret } = credential) => {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  return rawNotification(body, { [HEADER]: signRazorpay(body, webhook_secret), 'x-razorpay-event-id': 'Fx1abc' });
};
const itemsOf = (payload: object) => {
  const parsed = razorpay.parse(sign(payload), {});
  return parsed.ok ? parsed.items : [];
};

describeConnector({
  connector: razorpay,
  settings: {},
  credentials: {
    current: credential,
    previous: { webhook_secret: 'previous secret' },
    other: { webhook_secret: 'other secret' },
  },
  signedAt,
  toleranceS: null,
  signatureHeader: HEADER,
  sign,
  signedFacts: ({ headers, body }) => [`${headers[HEADER]?.join()} ${body.toString('hex')}`],
  genuine: razorpayEvent('payment.captured', { payment: payment('captured') }),
  unknown: razorpayEvent('virtual_account.credited', { payment: payment('captured') }),
  batch: null,
  cases: razorpayCases,
});

describe('the Razorpay signature', () => {
  const verify = (signature: string, body: string | Buffer = VECTOR_BODY) =>
    razorpay.verify(rawNotification(body, { [HEADER]: signature }), [credential], {}, signedAt);
  const theirs = (signature: string, body = VECTOR_BODY) =>
    Razorpay.validateWebhookSignature(body, signature, VECTOR_SECRET);

  it('has the known answer', () => {
    expect(signRazorpay(VECTOR_BODY, VECTOR_SECRET)).toBe(VECTOR_SIGNATURE);
    expect(verify(VECTOR_SIGNATURE)).toEqual({ ok: true, signedAt: null });
    expect(theirs(VECTOR_SIGNATURE)).toBe(true);
  });

  it('is made as the library checks it, also of other scripts than Latin', () => {
    const noted = payment('captured', { notes: { city: 'पुणे 🍵' } });
    const body = JSON.stringify(razorpayEvent('payment.captured', { payment: noted }));
    const signature = signRazorpay(body, VECTOR_SECRET);
    expect(verify(signature, body).ok).toBe(true);
    expect(theirs(signature, body)).toBe(true);
  });

  it.each([
    VECTOR_SIGNATURE.toUpperCase(),
    VECTOR_SIGNATURE.replace('8', '9'),
    VECTOR_SIGNATURE.slice(2),
    ` ${VECTOR_SIGNATURE}`,
  ])('is refused as "%s", as the library does', (signature) => {
    expect(verify(signature).ok).toBe(false);
    expect(theirs(signature)).toBe(false);
  });

  it('is of the bytes: the same JSON written otherwise is refused, as the library does', () => {
    const rewritten = VECTOR_BODY.replace('5000', '5000.0');
    expect(JSON.parse(rewritten)).toEqual(JSON.parse(VECTOR_BODY));
    expect(verify(VECTOR_SIGNATURE, rewritten).ok).toBe(false);
    expect(theirs(VECTOR_SIGNATURE, rewritten)).toBe(false);
  });
});

describe('a Razorpay event', () => {
  const captured = razorpayEvent('payment.captured', { payment: payment('captured') });
  const keyOf = (payload: object) => itemsOf(payload)[0]?.key;

  it('is not known by the id in its header, which anybody may change', () => {
    const again = { ...sign(captured).headers, 'x-razorpay-event-id': ['another'] };
    const parsed = razorpay.parse({ ...sign(captured), headers: again }, {});
    expect(parsed.ok && parsed.items.map((item) => item.key)).toEqual([keyOf(captured)]);
  });

  it('of a charged subscription is the capture of its payment', () => {
    const charged = { subscription: subscription('active'), payment: payment('captured') };
    expect(keyOf(razorpayEvent('subscription.charged', charged))).toBe(keyOf(captured));
    expect(keyOf(razorpayEvent('payment.authorized', charged))).not.toBe(keyOf(captured));
  });

  it('is another one when anything in it is', () => {
    const refunded = razorpayEvent('refund.processed', { refund: refund('processed') });
    expect(keyOf({ ...refunded, created_at: refunded.created_at + 1 })).not.toBe(keyOf(refunded));
  });

  it('tells of a token that collects as a mandate', () => {
    expect(itemsOf(razorpayEvent('token.cancelled', { token: token('cancelled') }))).toMatchObject([
      { event: { type: 'customer_updated', objectType: 'mandate' } },
    ]);
  });

  it('without a name is unreadable, and without a time unsupported', () => {
    expect(razorpay.parse(sign({ ...captured, event: '' }), {}).ok).toBe(false);
    expect(itemsOf({ ...captured, created_at: '1700000000' })).toMatchObject([{ event: null, reason: 'unsupported' }]);
  });

  it.each([
    [295_990, 'KWD', 295_990],
    [295, 'JPY', 295],
    [2 ** 53, 'INR', null],
    [1.5, 'INR', null],
    ['5000', 'INR', null],
  ])('takes the amount %p of %p as %p', (amount, currency, expected) => {
    const [item] = itemsOf(razorpayEvent('payment.failed', { payment: payment('failed', { amount, currency }) }));
    expect(item?.event?.object).toMatchObject({ amount_minor: expected, currency });
  });
});
