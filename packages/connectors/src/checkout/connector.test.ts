import { rawNotification, withHeader } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signCheckout } from '../testing/signers.ts';
import { checkout } from './connector.ts';
import type { CheckoutCredential } from './credentials.ts';
import { checkoutCases } from './fixtures/cases.ts';
import { checkoutEvent, payment, VECTOR_BODY, VECTOR_KEY, VECTOR_SIGNATURE } from './fixtures/payloads.ts';

const signedAt = new Date('2024-01-01T00:00:01Z');
const credential = { signature_key: VECTOR_KEY };
const sign = (payload: object | Buffer, { signature_key } = credential) => {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  return rawNotification(body, { 'cko-signature': signCheckout(body, signature_key) });
};

describeConnector({
  connector: checkout,
  settings: {},
  credentials: {
    current: credential,
    previous: { signature_key: 'previous_key' },
    other: { signature_key: 'other_key' },
  },
  signedAt,
  toleranceS: null,
  signatureHeader: 'cko-signature',
  sign,
  signedFacts: ({ headers, body }) => [`${headers['cko-signature']?.join().toLowerCase()} ${body.toString('hex')}`],
  genuine: checkoutEvent('evt_1', 'payment_captured', payment()),
  unknown: checkoutEvent('evt_2', 'issuing_dispute_closed', {}),
  batch: null,
  cases: checkoutCases,
});

describe('the Checkout.com signature', () => {
  const vector = rawNotification(VECTOR_BODY, { 'cko-signature': VECTOR_SIGNATURE });

  it('has the known answer', () => {
    expect(signCheckout(VECTOR_BODY, VECTOR_KEY)).toBe(VECTOR_SIGNATURE);
    expect(checkout.verify(vector, [credential], {}, signedAt)).toEqual({ ok: true, signedAt: null });
  });

  it('is over the bytes: JSON that is written anew says the same and is refused', () => {
    const spaced = { ...vector, body: Buffer.from(VECTOR_BODY.replace(',', ', ')) };
    expect(JSON.parse(spaced.body.toString())).toEqual(JSON.parse(VECTOR_BODY));
    expect(checkout.verify(spaced, [credential], {}, signedAt).ok).toBe(false);
  });

  it('is asked for with the authorization value where a credential has one', () => {
    const strict = { ...credential, authorization: 'Basic vec==' };
    const verdict = (values: readonly string[] | undefined, credentials: CheckoutCredential[] = [strict]) =>
      checkout.verify(withHeader(vector, 'authorization', values), credentials, {}, signedAt);
    expect(verdict(['Basic vec=='])).toEqual({ ok: true, signedAt: null });
    for (const values of [undefined, [], [''], ['Basic vec='], ['basic vec=='], ['Basic vec==', 'Basic vec==']]) {
      expect(verdict(values)).toEqual({ ok: false, reason: 'credentials_mismatch' });
    }
    expect(verdict(undefined, [strict, credential]).ok).toBe(true);
    // The value of one credential does not go with the signature of another.
    expect(verdict(['other'], [strict, { signature_key: 'other_key', authorization: 'other' }])).toEqual({
      ok: false,
      reason: 'credentials_mismatch',
    });
    expect(verdict(['Basic vec=='], [{ ...strict, signature_key: 'other_key' }])).toEqual({
      ok: false,
      reason: 'signature_mismatch',
    });
  });
});

describe('a Checkout.com event', () => {
  const itemsOf = (payload: object | Buffer) => {
    const parsed = checkout.parse(sign(payload), {});
    return parsed.ok ? parsed.items : [];
  };
  const captured = checkoutEvent('evt_1', 'payment_captured', payment());

  it.each([
    [{ created_on: undefined, timestamp: '2023-05-24T09:12:32.357+00:00' }, '2023-05-24T09:12:32.357Z'],
    [{ timestamp: '2023-05-24T09:12:32.357+00:00' }, '2024-01-01T00:00:00.586Z'],
  ])('with %j happened at %s', (more, expected) => {
    const [item] = itemsOf({ ...captured, ...more });
    expect(item?.event?.occurredAt.toISOString()).toBe(expected);
  });

  it('without a time is acknowledged as unsupported', () => {
    expect(itemsOf({ ...captured, created_on: undefined })).toMatchObject([{ event: null, reason: 'unsupported' }]);
  });

  it.each([{ id: 7 }, { id: '' }, { id: 'e'.repeat(256) }, { type: null }])('with %j is unreadable', (odd) => {
    expect(checkout.parse(sign({ ...captured, ...odd }), {})).toMatchObject({ ok: false });
  });

  it('that is no JSON, as some of authentication_failed, is kept as unreadable after a good signature', () => {
    const body = Buffer.from('{"id":"evt_1","type":"authentication_failed",{"session_id":"\ufffd"}}');
    expect(checkout.verify(sign(body), [credential], {}, signedAt).ok).toBe(true);
    expect(checkout.parse(sign(body), {})).toEqual({ ok: false, detail: 'the body is not JSON' });
  });

  it.each([
    [100, 'JPY', 100],
    [100_000, 'BHD', 100_000],
    [100_000, 'CLP', 1000],
    [100_050, 'CLP', null],
    ['1250', 'GBP', 1250],
    ['12.50', 'GBP', null],
    [12.5, 'GBP', null],
    [2 ** 53, 'GBP', null],
    [null, 'GBP', null],
  ])('takes the amount %p %s as %p', (amount, currency, expected) => {
    const [item] = itemsOf(checkoutEvent('evt_1', 'payment_captured', payment({ amount, currency })));
    expect(item?.event?.object.amount_minor).toBe(expected);
  });
});
