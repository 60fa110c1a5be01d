import { WebhooksHelper } from 'square';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signSquare } from '../testing/signers.ts';
import { square } from './connector.ts';
import { squareCases } from './fixtures/cases.ts';
import {
  customer,
  dispute,
  payment,
  refund,
  squareEvent,
  VECTOR_BODY,
  VECTOR_KEY,
  VECTOR_SIGNATURE,
  VECTOR_URL,
} from './fixtures/payloads.ts';

const HEADER = 'x-square-hmacsha256-signature';
const credential = { signature_key: VECTOR_KEY };
const signedAt = new Date('2024-01-01T00:00:01Z');
const sign = (payload: object | Buffer, { signature_key } = credential) => {
  const unsigned = rawNotification(Buffer.isBuffer(payload) ? payload : JSON.stringify(payload));
  return rawNotification(unsigned.body, { [HEADER]: signSquare(unsigned.body, signature_key, unsigned.url) });
};
const itemsOf = (payload: object) => {
  const parsed = square.parse(sign(payload), {});
  return parsed.ok ? parsed.items : [];
};

describeConnector({
  connector: square,
  settings: {},
  credentials: {
    current: credential,
    previous: { signature_key: 'previous_square_key' },
    other: { signature_key: 'other_square_key' },
  },
  signedAt,
  toleranceS: null,
  signatureHeader: HEADER,
  sign,
  signedFacts: ({ headers, body }) => [`${headers[HEADER]?.join()} ${body.toString('hex')}`],
  genuine: squareEvent('ev_1', 'payment.updated', payment('COMPLETED')),
  unknown: squareEvent('ev_2', 'catalog.version.updated', {}),
  batch: null,
  cases: squareCases,
});

describe('the Square signature', () => {
  const posted = (signature: string, body: string | Buffer = VECTOR_BODY, url = VECTOR_URL) => ({
    ...rawNotification(body, { [HEADER]: signature }),
    url,
  });
  const verify = (notification = posted(VECTOR_SIGNATURE), settings = {}) =>
    square.verify(notification, [credential], settings, signedAt);
  const theirs = (signatureHeader: string, requestBody = VECTOR_BODY, notificationUrl = VECTOR_URL) =>
    WebhooksHelper.verifySignature({ requestBody, signatureHeader, signatureKey: VECTOR_KEY, notificationUrl });

  it('has the known answer', async () => {
    expect(signSquare(VECTOR_BODY, VECTOR_KEY, VECTOR_URL)).toBe(VECTOR_SIGNATURE);
    expect(verify()).toEqual({ ok: true, signedAt: null });
    expect(await theirs(VECTOR_SIGNATURE)).toBe(true);
  });

  it('is made as the library checks it, also of other scripts than Latin', async () => {
    const body = JSON.stringify(squareEvent('ev_1', 'payment.created', payment('APPROVED', { note: 'Café 東京 🍵' })));
    const signature = signSquare(body, VECTOR_KEY, VECTOR_URL);
    expect(verify(posted(signature, body)).ok).toBe(true);
    expect(await theirs(signature, body)).toBe(true);
  });

  it.each([
    ['of another URL', VECTOR_SIGNATURE, `${VECTOR_URL}x`],
    ['of the URL with a slash', VECTOR_SIGNATURE, `${VECTOR_URL}/`],
    ['of the URL without its scheme', VECTOR_SIGNATURE, VECTOR_URL.replace('https://', '')],
    ['without padding', VECTOR_SIGNATURE.replace('=', ''), VECTOR_URL],
    ['with other bits in its last digit', VECTOR_SIGNATURE.replace('0=', '1='), VECTOR_URL],
    ['in hexadecimal', Buffer.from(VECTOR_SIGNATURE, 'base64').toString('hex'), VECTOR_URL],
    ['in the alphabet of URLs', VECTOR_SIGNATURE.replace('W8Rd', 'W8-_'), VECTOR_URL],
  ])('is refused %s, as the library does', async (_, signature, url) => {
    expect(verify(posted(signature, VECTOR_BODY, url)).ok).toBe(false);
    expect(await theirs(signature, VECTOR_BODY, url)).toBe(false);
  });

  it('counts for the URL of the settings, where there is one, and for no other', () => {
    const elsewhere = posted(VECTOR_SIGNATURE, VECTOR_BODY, 'https://gateway.example/webhooks/m_1/square');
    expect(verify(elsewhere).ok).toBe(false);
    expect(verify(elsewhere, { notification_url: VECTOR_URL }).ok).toBe(true);
    expect(verify(posted(VECTOR_SIGNATURE), { notification_url: `${VECTOR_URL}/` }).ok).toBe(false);
  });

  it('of the older kind counts for nothing', () => {
    const notification = rawNotification(VECTOR_BODY, { 'x-square-signature': VECTOR_SIGNATURE });
    expect(verify({ ...notification, url: VECTOR_URL })).toEqual({ ok: false, reason: 'signature_missing' });
  });

  it.each(['ftp://x.example/', 'gateway.example/webhooks', 'https://', 'https://a b', ''])(
    'has no settings with the URL %p',
    (notification_url) => {
      expect(square.settingsSchema.safeParse({ notification_url }).success).toBe(false);
    },
  );
});

describe('a Square event', () => {
  const keyOf = (id: string, type: string, object: object) => itemsOf(squareEvent(id, type, object))[0]?.key;

  it('tells once that a payment or a refund is in a state, whatever else is changed', () => {
    const told = keyOf('ev_1', 'payment.created', payment('COMPLETED'));
    expect(keyOf('ev_2', 'payment.updated', payment('COMPLETED', { version: 7, receipt_number: 'KkAk' }))).toBe(told);
    expect(keyOf('ev_3', 'payment.updated', payment('COMPLETED', { id: 'another' }))).not.toBe(told);
    expect(keyOf('ev_4', 'payment.updated', payment('APPROVED'))).not.toBe(told);
    expect(keyOf('ev_5', 'refund.updated', refund('PENDING'))).toBe(keyOf('ev_6', 'refund.created', refund('PENDING')));
  });

  it('tells each time that a dispute came back to a state, or that a customer was changed', () => {
    const types = ['dispute.state.updated', 'dispute.state.updated', 'customer.updated', 'customer.updated'];
    const keys = types.map((type, at) => keyOf(`ev_${at}`, type, at < 2 ? dispute('PROCESSING') : customer));
    expect(new Set(keys).size).toBe(4);
  });

  it('of a payment that was refunded says nothing of the payment', () => {
    const refunded = payment('COMPLETED', { refund_ids: ['rfd_1'], refunded_money: { amount: 500, currency: 'USD' } });
    expect(itemsOf(squareEvent('ev_1', 'payment.updated', refunded))).toMatchObject([{ key: 'ev_1', event: null }]);
  });

  it('may have its dispute under the older name', () => {
    const old = squareEvent('ev_1', 'dispute.state.changed', {});
    const items = itemsOf({ ...old, data: { type: 'dispute', object: { object: dispute('WON') } } });
    expect(items).toMatchObject([
      { event: { type: 'dispute_won', object: { connector_reference: 'ORSEVtZAJxb37RA1EiGw' } } },
    ]);
  });

  it('in a state that nobody knows is acknowledged', () => {
    expect(itemsOf(squareEvent('ev_1', 'payment.updated', payment('MELTED')))).toMatchObject([{ reason: 'unmapped' }]);
  });

  it('without a time is acknowledged as unsupported', () => {
    const timeless = { ...squareEvent('ev_1', 'customer.created', customer), created_at: 'yesterday' };
    expect(itemsOf(timeless)).toMatchObject([{ event: null, reason: 'unsupported' }]);
  });

  it.each([
    [{ amount: 100, currency: 'JPY' }, 100, 'JPY'],
    [{ amount: 2 ** 53, currency: 'USD' }, null, 'USD'],
    [{ amount: '100', currency: 'USD' }, null, 'USD'],
    [{ amount: 19.5, currency: 'USD' }, null, 'USD'],
    [{ currency: 'USD' }, null, 'USD'],
    [null, null, null],
  ])('takes the money %j as %p %p', (total_money, amount_minor, currency) => {
    const found = payment('PENDING', { total_money, amount_money: null });
    const [item] = itemsOf(squareEvent('ev_1', 'payment.updated', found));
    expect(item?.event?.object).toMatchObject({ amount_minor, currency });
  });
});
