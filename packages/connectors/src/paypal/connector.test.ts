import { constants, createPublicKey, generateKeyPairSync, sign as rsaSign } from 'node:crypto';
import type { RawNotification } from '../connector.ts';
import { withHeader } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { payPalSignedText } from '../testing/signers.ts';
import { payPal } from './connector.ts';
import { type PayPalCredential, payPalSettings } from './credentials.ts';
import { SigningCertificate, Vouching } from './evidence.ts';
import { payPalCases } from './fixtures/cases.ts';
import { CREATED_AT, capture, payPalEvent, refund, VECTOR_BODY, VECTOR_TEXT } from './fixtures/payloads.ts';
import { CERTIFICATE_URL, payPalNotification } from './fixtures/sending.ts';
import { fingerprintOf, readTransmission, signedText } from './transmission.ts';

const signedAt = new Date('2024-01-01T00:00:00Z');
const settings = payPalSettings.parse({});
const credential = { webhook_id: '5L518819FA0214926' };
const newKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const { publicKey, privateKey } = newKeys();
const validity = { validFrom: new Date('2023-06-01T00:00:00Z'), validTo: new Date('2024-06-01T00:00:00Z') };
const evidence = new SigningCertificate({ url: CERTIFICATE_URL, publicKey: createPublicKey(publicKey), ...validity });

const sign = (payload: object | Buffer, { webhook_id }: PayPalCredential = credential, at = signedAt) => ({
  ...payPalNotification(payload, { webhookId: webhook_id, privateKey, at }),
  evidence,
});
const verify = (notification: RawNotification, now = signedAt) =>
  payPal.verify(notification, [credential], settings, now);
const itemOf = (payload: object) => {
  const parsed = payPal.parse(sign(payload), settings);
  return parsed.ok ? parsed.items[0] : undefined;
};
const genuine = payPalEvent('WH-1', 'PAYMENT.CAPTURE.COMPLETED', capture('COMPLETED'));

describeConnector<PayPalCredential, typeof settings>({
  connector: payPal,
  settings,
  credentials: {
    current: credential,
    previous: { webhook_id: '9XL90610J3647323C' },
    other: { webhook_id: '3RN13029J36659323' },
  },
  signedAt,
  // Wider than the suite expects of a signed time; see below.
  toleranceS: null,
  signsTime: true,
  signatureHeader: 'paypal-transmission-sig',
  sign,
  signedFacts: ({ headers, body }) => [`${headers['paypal-transmission-sig']?.join()} ${body.toString('hex')}`],
  genuine,
  unknown: payPalEvent('WH-2', 'CHECKOUT.ORDER.SOMETHING-NEW', {}),
  batch: null,
  cases: payPalCases,
});

describe('the text that PayPal signs', () => {
  const headers = payPalNotification(Buffer.from(VECTOR_BODY), { webhookId: 'WHIDVEC1', privateKey, at: signedAt });
  const reading = readTransmission(withHeader(headers, 'paypal-transmission-id', ['tx-vec-1']));

  it('has the known answer', () => {
    const text = reading.ok ? signedText(reading.transmission, 'WHIDVEC1', Buffer.from(VECTOR_BODY)) : null;
    expect(text).toBe(VECTOR_TEXT);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['the check value of CRC-32', Buffer.from('123456789'), 3_421_780_262],
    ['a CRC above 2^31, which is no negative number', Buffer.from('a'), 3_904_355_907],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xff, 0xff, 0xff]), 4_294_967_295],
  ])('says the CRC of %s as a plain decimal number', (_, body, crc) => {
    expect(reading.ok && signedText(reading.transmission, 'WHIDVEC1', body).endsWith(`|${crc}`)).toBe(true);
  });

  it('is over the bytes, not over what they mean', () => {
    const spaced = Buffer.from(`{ ${JSON.stringify(genuine).slice(1)}`);
    expect(verify(sign(spaced)).ok).toBe(true);
    expect(verify({ ...sign(genuine), body: spaced })).toEqual({ ok: false, reason: 'signature_mismatch' });
  });
});

describe('the PayPal signature', () => {
  const notification = sign(genuine);
  const changed = (name: string, value: string) => verify(withHeader(notification, `paypal-${name}`, [value]));

  it.each([
    ['another transmission', 'transmission-id', 'b2384410-f8d2-11e4-8bf3-77339302725c'],
    ['another time', 'transmission-time', '2024-01-01T00:00:01Z'],
    ['the same time in other words', 'transmission-time', '2024-01-01T00:00:00.000Z'],
    ['another certificate', 'cert-url', CERTIFICATE_URL.replace('1d93a270', '1d93a271')],
    ['a certificate of the sandbox', 'cert-url', CERTIFICATE_URL.replace('api.', 'api.sandbox.')],
  ])('is refused for %s', (_, name, value) => {
    expect(changed(name, value)).toEqual({ ok: false, reason: 'signature_mismatch' });
  });

  it.each([
    ['SHA-1', 'auth-algo', 'SHA1withRSA'],
    ['SHA-512', 'auth-algo', 'SHA512withRSA'],
    ['the algorithm in another case', 'auth-algo', 'sha256withrsa'],
    ['no algorithm', 'auth-algo', 'none'],
    ['parts moved into the id', 'transmission-id', 'b2384410|2024-01-01T00:00:00Z'],
    ['the separator in the id', 'transmission-id', 'b2384410|f8d2'],
    ['a long id', 'transmission-id', 'a'.repeat(51)],
    ['a time without an offset', 'transmission-time', '2024-01-01T00:00:00'],
    ['a time that is none', 'transmission-time', '2024-13-01T00:00:00Z'],
    ['parts moved into the time', 'transmission-time', '2024-01-01T00:00:00Z|5L518819FA0214926'],
    ['a host that is not PayPal’s', 'cert-url', CERTIFICATE_URL.replace('paypal.com', 'paypal.com.evil.example')],
  ])('is malformed with %s', (_, name, value) => {
    expect(changed(name, value)).toEqual({ ok: false, reason: 'signature_malformed' });
  });

  const others = ['transmission-id', 'transmission-time', 'cert-url', 'auth-algo'].map((name) => `paypal-${name}`);

  it.each(others)('needs %s exactly once', (name) => {
    const [value = ''] = notification.headers[name] ?? [];
    const of = (values: string[] | undefined) => verify(withHeader(notification, name, values));
    expect([of(undefined), of([]), of([''])]).toEqual(Array(3).fill({ ok: false, reason: 'signature_missing' }));
    const repeated = [of([value, value]), of([value, 'x']), of([`${value}, ${value}`]), of([`${value},${value}`])];
    expect(repeated).toEqual(Array(4).fill({ ok: false, reason: 'signature_malformed' }));
  });

  it('is not accepted for another webhook, whoever sends it there', () => {
    const replayed = sign(genuine, { webhook_id: '3RN13029J36659323' });
    expect(verify(replayed)).toEqual({ ok: false, reason: 'signature_mismatch' });
  });

  it('is refused when another key, digest or padding made it', () => {
    const text = payPalSignedText(notification.body, {
      id: 'b2384410-f8d2-11e4-8bf3-77339302725b',
      time: '2024-01-01T00:00:00Z',
      webhookId: credential.webhook_id,
    });
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const made = [
      rsaSign('sha256', Buffer.from(text), newKeys().privateKey),
      rsaSign('sha1', Buffer.from(text), privateKey),
      rsaSign('sha512', Buffer.from(text), privateKey),
      rsaSign('sha256', Buffer.from(text), { key: privateKey, padding }),
    ].map((signature) => changed('transmission-sig', signature.toString('base64')));
    expect(made).toEqual(Array(4).fill({ ok: false, reason: 'signature_mismatch' }));
    const right = rsaSign('sha256', Buffer.from(text), privateKey).toString('base64');
    expect(changed('transmission-sig', right).ok).toBe(true);
  });

  it.each([
    ['none', undefined],
    ['null', null],
    ['what only looks like a certificate', { ...evidence }],
    ['what an API said', new Vouching('x', credential.webhook_id)],
  ])('is refused with %s in the place of a certificate', (_, other) => {
    expect(verify({ ...notification, evidence: other })).toEqual({ ok: false, reason: 'signature_mismatch' });
  });

  it('is refused before the certificate is valid and after', () => {
    const wide = { ...settings, tolerance_s: 30 * 86_400 };
    const at = (date: Date, now: Date) => payPal.verify(sign(genuine, credential, date), [credential], wide, now);
    const { validFrom, validTo } = validity;
    const secondOf = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1000);
    expect([at(validFrom, validFrom).ok, at(validTo, validTo).ok]).toEqual([true, true]);
    expect([at(validFrom, secondOf(validFrom, -1)).ok, at(validTo, secondOf(validTo, 1)).ok]).toEqual([false, false]);
  });

  it.each([0, 7 * 86_400, -7 * 86_400])('is accepted when its time differs by %d s', (seconds) => {
    expect(verify(notification, new Date(signedAt.getTime() + seconds * 1000))).toEqual({ ok: true, signedAt });
  });

  it.each([7 * 86_400 + 1, -7 * 86_400 - 1])('is refused when its time differs by %d s', (seconds) => {
    const verdict = verify(notification, new Date(signedAt.getTime() + seconds * 1000));
    expect(verdict).toEqual({ ok: false, reason: 'timestamp_out_of_tolerance' });
  });
});

describe('what PayPal’s API said', () => {
  const byApi = { ...settings, verification: 'api' as const };
  const notification = payPalNotification(genuine, { webhookId: credential.webhook_id, privateKey, at: signedAt });
  const reading = readTransmission(notification);
  const fingerprint = reading.ok ? fingerprintOf(reading.transmission, notification.body) : '';
  const verdict = (said: unknown, of: Partial<RawNotification> = {}) =>
    payPal.verify({ ...notification, ...of, evidence: said }, [credential], byApi, signedAt);

  it('is believed of this notification and this webhook only', () => {
    const vouching = new Vouching(fingerprint, credential.webhook_id);
    expect(verdict(vouching)).toEqual({ ok: true, signedAt });
    const changed = (name: string, value: string) => withHeader(notification, `paypal-${name}`, [value]);
    const refused = [
      verdict(vouching, changed('transmission-id', 'other')),
      verdict(vouching, changed('transmission-time', '2024-01-01T00:00:01Z')),
      verdict(vouching, changed('transmission-sig', Buffer.alloc(256, 1).toString('base64'))),
      verdict(vouching, changed('cert-url', `${CERTIFICATE_URL}1`)),
      verdict(vouching, { body: Buffer.from('{}') }),
      verdict(new Vouching(fingerprint, null)),
      verdict(new Vouching(fingerprint, '3RN13029J36659323')),
      verdict(evidence),
      verdict({ fingerprint, webhookId: credential.webhook_id }),
      verdict(undefined),
    ];
    expect(refused).toEqual(Array(10).fill({ ok: false, reason: 'signature_mismatch' }));
  });
});

describe('a PayPal credential', () => {
  const isValid = (fields: object) => payPal.credentialSchema.safeParse({ ...credential, ...fields }).success;

  it('has a client id and a secret, or neither', () => {
    const app = { client_id: 'AfakeClientId', client_secret: 'EfakeSecret' };
    expect(isValid(app)).toBe(true);
    expect([isValid({ client_id: app.client_id }), isValid({ client_secret: app.client_secret })]).toEqual([
      false,
      false,
    ]);
    expect(isValid({ ...app, client_id: 'with:colon' })).toBe(false);
  });

  it('is no webhook id that the simulator signs for', () => {
    expect(isValid({ webhook_id: 'WEBHOOK_ID' })).toBe(false);
  });
});

describe('a PayPal event', () => {
  it('happened when it was created, or else when it was signed', () => {
    expect(itemOf(genuine)?.event?.occurredAt).toEqual(new Date(CREATED_AT));
    expect(itemOf({ ...genuine, create_time: 'yesterday' })?.event?.occurredAt).toEqual(signedAt);
  });

  it('without a usable id or type is unreadable', () => {
    const odd = [{ id: 7 }, { id: 'e'.repeat(256) }, { event_type: '' }, { event_type: null }];
    expect(odd.map((one) => payPal.parse(sign({ ...genuine, ...one }), settings).ok)).toEqual(Array(4).fill(false));
    expect(payPal.parse(sign([]), settings).ok).toBe(false);
  });

  it.each([
    ['USD', '10.10', 1010],
    ['JPY', '1000', 1000],
    ['HUF', '1000', 100_000],
    ['TWD', '35', 3500],
    ['KWD', '1.234', 1234],
    ['USD', '90071992547409.91', 9_007_199_254_740_991],
    ['USD', '90071992547409.92', null],
    ['USD', '0.001', null],
    ['XXX', '1.00', null],
    ['USD', 10.1, null],
  ])('keeps %s %s exact', (currency_code, value, expected) => {
    const resource = capture('COMPLETED', { amount: { currency_code, value } });
    expect(itemOf({ ...genuine, resource })?.event?.object.amount_minor).toBe(expected);
  });

  it.each([
    [
      'of two currencies',
      [
        { currency_code: 'USD', value: '1.00' },
        { currency_code: 'EUR', value: '1.00' },
      ],
      null,
    ],
    ['of which one says no amount', [{ currency_code: 'USD', value: '1.00' }, {}], null],
    ['of no parts', [], null],
    ['of one', [{ currency_code: 'USD', value: '0.10' }], 10],
  ])('adds up the parts of an order %s only when the sum is known', (_, amounts, expected) => {
    const resource = { id: 'O-1', purchase_units: amounts.map((amount) => ({ amount })) };
    const item = itemOf({ ...genuine, event_type: 'CHECKOUT.ORDER.APPROVED', resource });
    expect(item?.event?.object.amount_minor).toBe(expected);
  });

  it.each([
    ['https://api.paypal.com/v1/payments/sale/80F85758S3080410K', '80F85758S3080410K'],
    ['https://api.paypal.com/v1/payments/capture/80F85758S3080410K', '80F85758S3080410K'],
    ['https://api.paypal.com/v2/payments/captures/80F85758S3080410K?x=1', null],
    ['https://api.paypal.com/v1/payments/payment/PAY-1', null],
    [7, null],
  ])('of a refund finds the payment in its links: %s', (href, expected) => {
    const resource = refund('COMPLETED', { links: [null, { rel: 'self' }, { href, rel: 'up' }] });
    const item = itemOf({ ...genuine, event_type: 'PAYMENT.CAPTURE.REFUNDED', resource });
    expect(item?.event?.object.payment_reference).toBe(expected);
  });

  it.each([
    ['UPDATED', { status: 'UNDER_REVIEW' }, 'dispute_challenged'],
    ['UPDATED', { status: 'RESOLVED' }, undefined],
    ['RESOLVED', { dispute_outcome: { outcome_code: 'RESOLVED_SELLER_FAVOUR' } }, 'dispute_won'],
    ['RESOLVED', { dispute_outcome: { outcome_code: 'DENIED' } }, 'dispute_cancelled'],
    ['RESOLVED', { dispute_outcome: { outcome_code: 'NONE' } }, 'dispute_cancelled'],
    ['RESOLVED', { dispute_outcome: { outcome_code: 'SOMETHING_NEW' } }, undefined],
    ['RESOLVED', {}, undefined],
  ])('CUSTOMER.DISPUTE.%s with %j raises %s', (what, resource, type) => {
    const item = itemOf({ ...genuine, event_type: `CUSTOMER.DISPUTE.${what}`, resource });
    expect(item?.event?.type).toBe(type);
    expect(item?.reason).toBe(type === undefined ? 'unmapped' : null);
  });
});
