import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { generateSecret, sign, signatureKeyOf } from './index.ts';

const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const OLD_SECRET = 'whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=';
const BODY = '{"id":"evt_1","amount_minor":9007199254740993,"note":"größer"}';
const nowS = () => Math.floor(Date.now() / 1000);

function signed(secrets: readonly string[], timestamp: number, body: string | Uint8Array = BODY) {
  return sign({ keys: secrets.map(signatureKeyOf), id: 'evt_1', timestamp, body });
}

describe('sign', () => {
  it('has the documented wire form', () => {
    const headers = signed([SECRET], 1_700_000_000);
    const hex = createHmac('sha256', SECRET).update(`1700000000.${BODY}`).digest('hex');
    const bytes = Buffer.from('0123456789abcdef0123456789abcdef');
    const base64 = createHmac('sha256', bytes).update(`evt_1.1700000000.${BODY}`).digest('base64');
    expect(headers).toEqual({
      'x-signature': `t=1700000000,v1=${hex}`,
      'webhook-id': 'evt_1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': `v1,${base64}`,
    });
  });

  it('is accepted by the Standard Webhooks library', () => {
    const headers = signed([SECRET], nowS());
    expect(new Webhook(SECRET).verify(BODY, { ...headers })).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(OLD_SECRET).verify(BODY, { ...headers })).toThrow('No matching signature');
  });

  it("is accepted by Stripe's library", () => {
    const { webhooks } = new Stripe('sk_test_unused');
    const header = signed([SECRET], nowS())['x-signature'];
    expect(webhooks.constructEvent(BODY, header, SECRET)).toMatchObject({ id: 'evt_1' });
    expect(() => webhooks.constructEvent(`${BODY} `, header, SECRET)).toThrow('No signatures found');
  });

  it('is accepted by both libraries with either secret while one is rotated', () => {
    const headers = signed([SECRET, OLD_SECRET], nowS());
    const { webhooks } = new Stripe('sk_test_unused');
    for (const secret of [SECRET, OLD_SECRET]) {
      expect(() => new Webhook(secret).verify(BODY, { ...headers })).not.toThrow();
      expect(() => webhooks.constructEvent(BODY, headers['x-signature'], secret)).not.toThrow();
    }
  });

  it('signs bytes as it signs the text they are the UTF-8 of', () => {
    expect(signed([SECRET], 5, Buffer.from(BODY))).toEqual(signed([SECRET], 5));
  });

  it.each(['', 'evt.1', 'evt 1', 'evt_1\n', 'x'.repeat(129)])('refuses the ambiguous id %j', (id) => {
    expect(() => sign({ keys: [signatureKeyOf(SECRET)], id, timestamp: 1, body: '' })).toThrow(RangeError);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 60])('refuses the timestamp %d', (timestamp) => {
    expect(() => signed([SECRET], timestamp)).toThrow(RangeError);
  });

  it('refuses to send anything unsigned', () => {
    expect(() => signed([], 1)).toThrow(RangeError);
  });
});

describe('secrets', () => {
  it('are whsec_ and the base64 of 32 random bytes', () => {
    const secret = generateSecret(randomBytes);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(generateSecret(randomBytes)).not.toBe(secret);
    expect(() => signatureKeyOf(secret)).not.toThrow();
  });

  it.each([
    ['without the prefix', 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='],
    ['too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['too long', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['with junk in the base64', 'whsec_MDEy MzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='],
    ['of another prefix', 'whpk_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='],
  ])('are refused %s, without being quoted', (_why, text) => {
    expect(() => signatureKeyOf(text)).toThrow(TypeError);
    expect(() => signatureKeyOf(text)).not.toThrow(text);
  });
});
