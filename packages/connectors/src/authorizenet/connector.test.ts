import fc from 'fast-check';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signAuthorizeNet } from '../testing/signers.ts';
import { authorizeNet } from './connector.ts';
import { authorizeNetCases } from './fixtures/cases.ts';
import {
  authorizeNetNotification,
  transaction,
  VECTOR_BODY,
  VECTOR_KEY,
  VECTOR_SIGNATURE,
} from './fixtures/payloads.ts';

const signedAt = new Date('2024-01-01T00:00:01Z');
const settings = { currency: 'USD' };
const credential = { signature_key: VECTOR_KEY };
const sign = (payload: object | Buffer, { signature_key } = credential) => {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  return rawNotification(body, { 'x-anet-signature': signAuthorizeNet(body, signature_key) });
};
const captured = authorizeNetNotification('n-1', 'net.authorize.payment.authcapture.created', transaction(1));

describeConnector({
  connector: authorizeNet,
  settings,
  credentials: {
    current: credential,
    previous: { signature_key: '0'.repeat(128) },
    other: { signature_key: VECTOR_KEY.toLowerCase() },
  },
  signedAt,
  toleranceS: null,
  signatureHeader: 'x-anet-signature',
  sign,
  signedFacts: ({ headers, body }) => [`${headers['x-anet-signature']?.join().toLowerCase()} ${body.toString('hex')}`],
  genuine: captured,
  unknown: authorizeNetNotification('n-2', 'net.authorize.payment.something.new', transaction(1)),
  batch: null,
  cases: authorizeNetCases,
});

describe('the Authorize.Net signature', () => {
  const verify = (signature: string, signature_key = VECTOR_KEY) =>
    authorizeNet.verify(
      rawNotification(VECTOR_BODY, { 'x-anet-signature': signature }),
      [{ signature_key }],
      settings,
      signedAt,
    );
  const digits = VECTOR_SIGNATURE.slice('sha512='.length);

  it('has the known answer', () => {
    expect(signAuthorizeNet(VECTOR_BODY, VECTOR_KEY)).toBe(VECTOR_SIGNATURE);
    expect(verify(VECTOR_SIGNATURE)).toEqual({ ok: true, signedAt: null });
  });

  it('may be in lower case, for it is the bytes that count', () => {
    expect(verify(`sha512=${digits.toLowerCase()}`).ok).toBe(true);
  });

  it('is keyed with the characters of the key, whose case counts', () => {
    expect(verify(VECTOR_SIGNATURE, VECTOR_KEY.toLowerCase())).toEqual({ ok: false, reason: 'signature_mismatch' });
  });

  it.each([digits, `SHA512=${digits}`, `sha256=${digits}`, `sha512=${digits.slice(0, 64)}`, `sha512= ${digits}`])(
    'is refused as %s',
    (signature) => {
      expect(verify(signature)).toEqual({ ok: false, reason: 'signature_malformed' });
    },
  );
});

describe('an Authorize.Net notification', () => {
  const parse = (payload: object) => authorizeNet.parse(sign(payload), settings);
  /** With `authAmount` written so, as no JSON.stringify would. */
  const amountOf = (written: string, currency = 'USD') => {
    const body = JSON.stringify(captured).replace('19.99', written);
    const parsed = authorizeNet.parse(rawNotification(body), { currency });
    return parsed.ok ? parsed.items[0]?.event?.object.amount_minor : undefined;
  };

  it.each([
    ['20.0', 'USD', 2000],
    ['20', 'USD', 2000],
    ['1.15', 'USD', 115],
    ['0.29', 'USD', 29],
    ['-0.00', 'USD', 0],
    ['1.10', 'JPY', null],
    ['110.00', 'JPY', 110],
    ['1.234', 'KWD', 1234],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
    ['90071992547409.92', 'USD', null],
    ['1.005', 'USD', null],
    ['1.00000000000000001', 'USD', null],
    ['2e1', 'USD', null],
    ['"19.99"', 'USD', 1999],
    ['null', 'USD', null],
    ['{}', 'USD', null],
  ])('takes the amount %s %s as %p', (written, currency, expected) => {
    expect(amountOf(written, currency)).toBe(expected);
  });

  it('loses no cent of any amount that we can tell', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (cents) => {
        const digits = String(cents).padStart(3, '0');
        expect(amountOf(`${digits.slice(0, -2)}.${digits.slice(-2)}`)).toBe(cents);
      }),
    );
  });

  it('without a time is acknowledged as unsupported', () => {
    expect(parse({ ...captured, eventDate: '2024-01-01' })).toMatchObject({
      items: [{ key: 'n-1', event: null, reason: 'unsupported' }],
    });
  });

  it.each([undefined, 0, 5, null, 'approved'])('with the response code %p raises nothing', (responseCode) => {
    const payload = { ...transaction(1), responseCode };
    expect(parse({ ...captured, payload })).toMatchObject({ items: [{ event: null, reason: 'unmapped' }] });
  });

  it.each([{ notificationId: null }, { notificationId: '' }, { eventType: {} }])('with %j is unreadable', (odd) => {
    expect(parse({ ...captured, ...odd })).toMatchObject({ ok: false });
  });

  it.each(['usd', 'XXX', ''])('has no currency %p', (currency) => {
    expect(authorizeNet.settingsSchema.safeParse({ currency }).success).toBe(false);
  });
});
