import { generateKeyPairSync } from 'node:crypto';
import type { RawNotification } from '../connector.ts';
import type { OutsideAnswer } from '../outside.ts';
import { payPal } from './connector.ts';
import { type PayPalCredential, payPalSettings } from './credentials.ts';
import { capture, payPalEvent } from './fixtures/payloads.ts';
import { answered, createPayPalDouble } from './fixtures/paypal-double.ts';
import { CERTIFICATE_URL, payPalNotification } from './fixtures/sending.ts';

const now = new Date('2024-01-01T00:00:00Z');
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const settings = payPalSettings.parse({ verification: 'api', api_base_url: 'http://127.0.0.1:4000' });
const current = { webhook_id: '5L518819FA0214926', client_id: 'AcurrentClient', client_secret: 'EcurrentSecret' };
const other = { webhook_id: '9XL90610J3647323C', client_id: 'AotherClient', client_secret: 'EotherSecret' };
const payload = payPalEvent('WH-1', 'PAYMENT.CAPTURE.COMPLETED', capture('COMPLETED'));
const sent = (body: object | Buffer = payload, webhookId = current.webhook_id) =>
  payPalNotification(body, { webhookId, privateKey, at: now });

const TOKEN = 'POST http://127.0.0.1:4000/v1/oauth2/token';
const VERIFY = 'POST http://127.0.0.1:4000/v1/notifications/verify-webhook-signature';

function open(outage: OutsideAnswer | null = null) {
  const payPalApi = createPayPalDouble();
  payPalApi.certificates.set(CERTIFICATE_URL, publicKey);
  payPalApi.outage = outage;
  payPalApi.apps = [
    { clientId: current.client_id, clientSecret: current.client_secret, webhookIds: [current.webhook_id] },
    { clientId: other.client_id, clientSecret: other.client_secret, webhookIds: [other.webhook_id] },
  ];
  /** What is gathered, and what is then thought of the notification. */
  async function judge(notification: RawNotification, credentials: PayPalCredential[] = [current], at = now) {
    const gathered = await payPal.gatherEvidence?.(notification, credentials, settings, payPalApi.sourcesAt(at, []));
    if (gathered?.kind !== 'gathered') {
      return gathered;
    }
    return payPal.verify({ ...notification, evidence: gathered.evidence }, credentials, settings, at);
  }
  return { payPalApi, judge };
}

const GENUINE = { ok: true, signedAt: now };
const REFUSED = { ok: false, reason: 'signature_mismatch' };

describe('asking PayPal’s API', () => {
  it('accepts what PayPal confirms, with one token for many notifications', async () => {
    const { payPalApi, judge } = open();
    expect(await judge(sent())).toEqual(GENUINE);
    expect(await judge(sent({ ...payload, id: 'WH-2' }))).toEqual(GENUINE);
    expect(payPalApi.asked).toEqual([TOKEN, VERIFY, VERIFY]);
    await judge(sent(), [current], new Date(now.getTime() + 600_000));
    expect(payPalApi.asked.slice(3)).toEqual([TOKEN, VERIFY]);
  });

  it.each([
    [100, 50_000],
    ['100', 10_000],
    [-1, 10_000],
    [undefined, 10_000],
  ])('uses a token that PayPal says lasts %p s for %d ms', async (expires_in, ms) => {
    const { payPalApi, judge } = open(answered(200, { access_token: 'A21AAfake', expires_in }));
    await judge(sent());
    await judge(sent(), [current], new Date(now.getTime() + ms - 1));
    expect(payPalApi.asked).toEqual([TOKEN, VERIFY, VERIFY]);
    await judge(sent(), [current], new Date(now.getTime() + ms));
    expect(payPalApi.asked.slice(3)).toEqual([TOKEN, VERIFY]);
  });

  it('shows a token to no other API than the one that gave it', async () => {
    const { payPalApi, judge } = open();
    await judge(sent());
    const elsewhere = { ...settings, api_base_url: 'http://127.0.0.1:4001' };
    await payPal.gatherEvidence?.(sent(), [current], elsewhere, payPalApi.sourcesAt(now, []));
    expect(payPalApi.asked.slice(2)).toEqual([TOKEN, VERIFY].map((asked) => asked.replace('4000', '4001')));
  });

  it('sends the body word for word', async () => {
    const bodies = [`{ "id" : "WH-1","amount":10.00,"text":"\\u00e9é ${'x'.repeat(9)}" }\n`, '{"webhook_event":{}}'];
    const { judge } = open();
    expect(await Promise.all(bodies.map((body) => judge(sent(Buffer.from(body)))))).toEqual([GENUINE, GENUINE]);
  });

  it('refuses what PayPal denies', async () => {
    const { judge } = open();
    expect(await judge({ ...sent(), body: Buffer.from('{"id":"WH-2"}') })).toEqual(REFUSED);
    expect(await judge(sent(payload, '3RN13029J36659323'))).toEqual(REFUSED);
    const others = { ...current, client_id: other.client_id, client_secret: other.client_secret };
    expect(await judge(sent(), [others])).toEqual(REFUSED);
  });

  it('asks about each webhook, once', async () => {
    const { payPalApi, judge } = open();
    expect(await judge(sent(), [other, other, current])).toEqual(GENUINE);
    expect(payPalApi.asked).toEqual([TOKEN, VERIFY, TOKEN, VERIFY]);
  });

  it.each([
    ['a second value', '{},"webhook_id":"9XL90610J3647323C"'],
    ['the end of the request', '{}}'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['nothing', ''],
    ['no JSON', '{'],
  ])('asks nothing about a body that is %s', async (_, body) => {
    const { payPalApi, judge } = open();
    expect(await judge(sent(Buffer.from(body)))).toEqual(REFUSED);
    expect(payPalApi.asked).toEqual([]);
  });

  it('asks nothing about bytes that are no text', async () => {
    const { payPalApi, judge } = open();
    expect(await judge(sent(Buffer.from([0x7b, 0xff, 0x7d])))).toEqual(REFUSED);
    expect(payPalApi.asked).toEqual([]);
  });

  it('goes on with a new secret while the old one is refused', async () => {
    const { judge } = open();
    const old = { ...current, client_secret: 'EwithdrawnSecret' };
    expect(await judge(sent(), [old, current])).toEqual(GENUINE);
    expect(await judge(sent(payload, other.webhook_id), [old, current])).toEqual(REFUSED);
  });

  it('cannot tell without a secret, or with one that PayPal refuses', async () => {
    const { payPalApi, judge } = open();
    const bare = { webhook_id: current.webhook_id };
    expect(await judge(sent(), [bare])).toEqual({
      kind: 'unavailable',
      detail: 'no credential has a client id and a secret',
    });
    expect(payPalApi.asked).toEqual([]);
    const detail = 'PayPal refuses the client id and secret';
    const wrong = { ...current, client_secret: 'EwrongSecret' };
    expect(await judge(sent(), [wrong])).toEqual({ kind: 'unavailable', detail });
    expect(await judge(sent(), [wrong], new Date(now.getTime() + 59_999))).toEqual({ kind: 'unavailable', detail });
    expect(payPalApi.asked).toEqual([TOKEN]);
  });

  it.each([
    ['nobody answers', { kind: 'unanswered', detail: 'the request timed out' } as const, 'the request timed out'],
    ['it is out of order', answered(503, {}), 'the answer was 503'],
    ['it redirects', answered(302, ''), 'the answer was 302'],
    ['it answers something else', answered(200, '<html>'), 'the answer was 200'],
    ['its token is none', answered(200, { access_token: 'with space', expires_in: 9 }), 'the answer was 200'],
  ])('cannot tell while %s', async (_, outage, why) => {
    const { payPalApi, judge } = open(outage);
    expect(await judge(sent())).toEqual({ kind: 'unavailable', detail: expect.stringContaining(why) });
    payPalApi.outage = null;
    expect(await judge(sent(), [current], new Date(now.getTime() + 10_000))).toEqual(GENUINE);
  });

  it('asks for a token again at once when nobody answered', async () => {
    const { payPalApi, judge } = open({ kind: 'unanswered', detail: 'too many requests are under way' });
    expect(await judge(sent())).toMatchObject({ kind: 'unavailable' });
    payPalApi.outage = null;
    expect(await judge(sent())).toEqual(GENUINE);
  });

  it.each([
    [answered(503, {}), 'PayPal gave no verdict: the answer was 503'],
    [answered(401, {}), 'PayPal gave no verdict: the answer was 401'],
    [answered(200, { verification_status: 'MAYBE' }), 'PayPal gave no verdict: the answer was 200'],
    [answered(200, '[]'), 'PayPal gave no verdict: the answer was 200'],
    [
      { kind: 'unanswered', detail: 'the request timed out' } as const,
      'PayPal could not be asked: the request timed out',
    ],
  ])('cannot tell when it has a token and then %j', async (outage, detail) => {
    const { payPalApi, judge } = open();
    await judge(sent());
    payPalApi.outage = outage;
    expect(await judge(sent())).toEqual({ kind: 'unavailable', detail });
  });

  it.each([400, 404, 422])('takes %d for a denial', async (status) => {
    const { payPalApi, judge } = open();
    await judge(sent());
    payPalApi.outage = answered(status, {});
    expect(await judge(sent())).toEqual(REFUSED);
  });
});
