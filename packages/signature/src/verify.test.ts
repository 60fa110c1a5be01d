import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { type SignatureHeaders, sign, signatureKeyOf, verifyStandardWebhook, verifyXSignature } from './index.ts';

const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const OTHER_SECRET = 'whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=';
const SIGNED_AT = 1_700_000_000;
const BODY = '{"id":"evt_1"}';
const at = (seconds: number) => new Date(seconds * 1000);

function signed(body: string | Uint8Array = BODY, secrets = [SECRET]): SignatureHeaders {
  return sign({ keys: secrets.map(signatureKeyOf), id: 'evt_1', timestamp: SIGNED_AT, body });
}

const options = { secrets: [SECRET], body: BODY, now: at(SIGNED_AT) };

/** Both schemes over the same request, so that every rule is checked for both. */
const schemes = [
  {
    name: 'X-Signature',
    verify: (headers: SignatureHeaders, given: Parameters<typeof verifyXSignature>[1]) =>
      verifyXSignature(headers['x-signature'], given),
    header: 'x-signature',
  },
  {
    name: 'Standard Webhooks',
    verify: (headers: SignatureHeaders, given: Parameters<typeof verifyXSignature>[1]) =>
      verifyStandardWebhook(
        { id: headers['webhook-id'], timestamp: headers['webhook-timestamp'], signature: headers['webhook-signature'] },
        given,
      ),
    header: 'webhook-signature',
  },
] as const;

describe.each(schemes)('$name verification', ({ verify, header }) => {
  it('accepts what sign made', () => {
    expect(verify(signed(), options)).toEqual({ ok: true, timestamp: SIGNED_AT });
  });

  it.each([
    [300, { ok: true, timestamp: SIGNED_AT }],
    [301, { ok: false, reason: 'too_old' }],
    [-300, { ok: true, timestamp: SIGNED_AT }],
    [-301, { ok: false, reason: 'too_new' }],
  ])('judges an age of %d s', (age, verdict) => {
    expect(verify(signed(), { ...options, now: at(SIGNED_AT + age) })).toEqual(verdict);
  });

  it('takes another tolerance', () => {
    const verdict = verify(signed(), { ...options, now: at(SIGNED_AT + 11), toleranceS: 10 });
    expect(verdict).toEqual({ ok: false, reason: 'too_old' });
  });

  it('accepts either side of a rotation: two signatures sent, or two secrets accepted', () => {
    expect(verify(signed(BODY, [OTHER_SECRET, SECRET]), options).ok).toBe(true);
    expect(verify(signed(), { ...options, secrets: [OTHER_SECRET, SECRET] }).ok).toBe(true);
  });

  it('refuses another secret, and everything when there is no secret', () => {
    const refusal = { ok: false, reason: 'no_match' };
    expect(verify(signed(), { ...options, secrets: [OTHER_SECRET] })).toEqual(refusal);
    expect(verify(signed(), { ...options, secrets: [] })).toEqual(refusal);
  });

  it('says nothing about the age of a request that it did not sign', () => {
    const now = at(SIGNED_AT + 9999);
    expect(verify(signed(), { ...options, now, body: 'x' })).toEqual({ ok: false, reason: 'no_match' });
  });

  it('accepts any body, as text or bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (body) => {
        expect(verify(signed(body), { ...options, body }).ok).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (body) => {
        expect(verify(signed(body), { ...options, body: Buffer.from(body) }).ok).toBe(true);
      }),
    );
  });

  it('refuses a body with any one bit changed', () => {
    const changed = fc.uint8Array({ minLength: 1, maxLength: 300 }).chain((body) => {
      return fc.tuple(fc.constant(body), fc.nat(body.length - 1), fc.nat(7));
    });
    fc.assert(
      fc.property(changed, ([body, index, bit]) => {
        const mutated = Uint8Array.from(body);
        mutated[index] = (mutated[index] ?? 0) ^ (1 << bit);
        expect(verify(signed(body), { ...options, body: mutated })).toEqual({ ok: false, reason: 'no_match' });
      }),
    );
  });

  it('refuses a signature header with any one character changed', () => {
    const right = signed()[header];
    fc.assert(
      fc.property(fc.nat(right.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (index, character) => {
        fc.pre(character !== right[index]);
        const wrong = right.slice(0, index) + character + right.slice(index + 1);
        expect(verify({ ...signed(), [header]: wrong }, options).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the header holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(verify({ ...signed(), [header]: text }, options).ok).toBe(false);
      }),
    );
  });
});

describe('verifyXSignature', () => {
  const hex = 'a'.repeat(64);

  it.each([
    [undefined, 'missing_header'],
    [['t=1,v1=a', 't=1,v1=b'], 'malformed_header'],
    ['', 'malformed_header'],
    [`v1=${hex}`, 'malformed_header'],
    ['t=1700000000', 'malformed_header'],
    [`t=1700000000,t=1700000001,v1=${hex}`, 'malformed_header'],
    [`t=1.7e9,v1=${hex}`, 'malformed_header'],
    [`t=-1,v1=${hex}`, 'malformed_header'],
    [`t=1700000000,v1=${hex}zz`, 'malformed_header'],
    [`t=1700000000,v1=${hex.slice(2)}`, 'malformed_header'],
    [`t=1700000000,v1=${hex.toUpperCase()}`, 'malformed_header'],
    [`t=1700000000,v0=${hex}`, 'malformed_header'],
    [`t=1700000000${`,v1=${hex}`.repeat(11)}`, 'malformed_header'],
    [`t=1700000000,v1=${hex}${' '.repeat(5000)}`, 'malformed_header'],
    [`t=1700000000,v1=${hex}`, 'no_match'],
  ])('refuses %j', (header, reason) => {
    expect(verifyXSignature(header, options)).toEqual({ ok: false, reason });
  });

  it('passes over signatures of other versions beside its own', () => {
    expect(verifyXSignature(`${signed()['x-signature']},v2=abc`, options).ok).toBe(true);
  });

  it("accepts what Stripe's library signs with the same secret", () => {
    const { webhooks } = new Stripe('sk_test_unused');
    const header = webhooks.generateTestHeaderString({ payload: BODY, secret: SECRET, timestamp: SIGNED_AT });
    expect(verifyXSignature(header, options).ok).toBe(true);
  });
});

describe('verifyStandardWebhook', () => {
  const right = { id: 'evt_1', timestamp: String(SIGNED_AT), signature: signed()['webhook-signature'] };

  it.each([
    [{ id: undefined }, 'missing_header'],
    [{ timestamp: undefined }, 'missing_header'],
    [{ signature: undefined }, 'missing_header'],
    [{ id: 'evt.1' }, 'malformed_header'],
    [{ id: ['evt_1', 'evt_1'] }, 'malformed_header'],
    [{ timestamp: '1e9' }, 'malformed_header'],
    [{ timestamp: '' }, 'malformed_header'],
    [{ signature: right.signature.replace('v1,', 'v1a,') }, 'malformed_header'],
    [{ signature: `${right.signature} junk` }, 'malformed_header'],
    [{ signature: right.signature.replace('=', '') }, 'malformed_header'],
    [{ id: 'evt_2' }, 'no_match'],
    [{ timestamp: String(SIGNED_AT + 1) }, 'no_match'],
  ])('refuses %j', (change, reason) => {
    expect(verifyStandardWebhook({ ...right, ...change }, options)).toEqual({ ok: false, reason });
  });

  it('passes over signatures of other versions beside its own', () => {
    const signature = `v1a,${'A'.repeat(86)}== ${right.signature}`;
    expect(verifyStandardWebhook({ ...right, signature }, options).ok).toBe(true);
  });

  it('accepts what the Standard Webhooks library signs', () => {
    const signature = new Webhook(SECRET).sign('evt_1', at(SIGNED_AT), BODY);
    expect(verifyStandardWebhook({ ...right, signature }, options).ok).toBe(true);
  });
});
