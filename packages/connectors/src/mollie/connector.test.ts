import { InvalidSignatureException, SignatureValidator } from 'mollie-api-typescript';
import { WebhookEventTypes } from 'mollie-api-typescript/models';
import type { RawNotification } from '../connector.ts';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signMollie } from '../testing/signers.ts';
import { mollie } from './connector.ts';
import { type MollieCredential, mollieSettings } from './credentials.ts';
import { mollieCases } from './fixtures/cases.ts';
import {
  mollieEvent,
  payment,
  simpleEvent,
  VECTOR_BODY,
  VECTOR_SECRET,
  VECTOR_SIGNATURE,
} from './fixtures/payloads.ts';

const HEADER = 'x-mollie-signature';
const current = { signing_secret: VECTOR_SECRET };
const other = { signing_secret: 'other_secret' };
const apiKey = { api_key: 'test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM' };
const signedAt = new Date('2024-01-01T00:00:01Z');
const settings = mollieSettings.parse({});

const sign = (payload: object | Buffer, credential: MollieCredential = current) => {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  const secret = 'signing_secret' in credential ? credential.signing_secret : '';
  return rawNotification(body, { [HEADER]: signMollie(body, secret) });
};
const verify = (notification: RawNotification, ...credentials: MollieCredential[]) =>
  mollie.verify(notification, credentials, settings, signedAt);
const itemsOf = (notification: RawNotification) => {
  const parsed = mollie.parse(notification, settings);
  return parsed.ok ? parsed.items : [];
};

describeConnector<MollieCredential, typeof settings>({
  connector: mollie,
  settings,
  credentials: { current, previous: { signing_secret: 'previous_secret' }, other },
  signedAt,
  toleranceS: null,
  signatureHeader: HEADER,
  repeatsSignature: true,
  sign,
  signedFacts: ({ headers, body }) =>
    (headers[HEADER] ?? []).map((value) => `${value.replace('sha256=', '')} ${body.toString('hex')}`),
  genuine: mollieEvent('payment.paid', payment('paid')),
  unknown: mollieEvent('profile.blocked', { id: 'pfl_QkEhN94Ba' }),
  batch: null,
  cases: mollieCases,
});

describe('the signature of a next-generation webhook', () => {
  const vector = (...signatures: string[]) => rawNotification(VECTOR_BODY, { [HEADER]: signatures });
  const foreign = `sha256=${'0'.repeat(64)}`;

  it('has the known answer, which is the library’s', async () => {
    expect(signMollie(VECTOR_BODY, VECTOR_SECRET)).toBe(VECTOR_SIGNATURE);
    expect(`sha256=${await SignatureValidator.createSignature(VECTOR_BODY, VECTOR_SECRET)}`).toBe(VECTOR_SIGNATURE);
    expect(verify(vector(VECTOR_SIGNATURE), current)).toEqual({ ok: true, signedAt: null });
  });

  it.each([
    ['as it comes', [VECTOR_SIGNATURE]],
    ['without its prefix', [VECTOR_SIGNATURE.slice(7)]],
    ['after that of a secret that was changed', [foreign, VECTOR_SIGNATURE]],
    ['before that of a secret that was changed', [VECTOR_SIGNATURE, foreign]],
    ['beside a scheme of the future', ['sha512=00', VECTOR_SIGNATURE]],
  ])('is accepted %s, as the library does', async (_, signatures) => {
    expect(verify(vector(...signatures), other, current).ok).toBe(true);
    await expect(SignatureValidator.validate(VECTOR_BODY, ['other_secret', VECTOR_SECRET], signatures)).resolves.toBe(
      true,
    );
  });

  it.each([
    ['of another secret', [foreign], 'signature_mismatch'],
    ['in upper case', [`sha256=${VECTOR_SIGNATURE.slice(7).toUpperCase()}`], 'signature_malformed'],
    ['cut', [VECTOR_SIGNATURE.slice(0, -2)], 'signature_malformed'],
  ])('is refused %s, as the library does', async (_, signatures, reason) => {
    expect(verify(vector(...signatures), current)).toEqual({ ok: false, reason });
    await expect(SignatureValidator.validate(VECTOR_BODY, VECTOR_SECRET, signatures)).rejects.toThrow(
      InvalidSignatureException,
    );
  });

  it('is found when a proxy has joined the two headers, which the library does not', async () => {
    const joined = `${foreign}, ${VECTOR_SIGNATURE}`;
    expect(verify(vector(joined), current).ok).toBe(true);
    await expect(SignatureValidator.validate(VECTOR_BODY, VECTOR_SECRET, joined)).rejects.toThrow();
  });

  it('is refused among hundreds', () => {
    const many = [...Array.from({ length: 16 }, () => foreign), VECTOR_SIGNATURE];
    expect(verify(vector(...many), current)).toEqual({ ok: false, reason: 'signature_malformed' });
    expect(verify(vector(many.join()), current)).toEqual({ ok: false, reason: 'signature_malformed' });
  });

  it('proves nothing to an account that only has an API key', () => {
    expect(verify(vector(VECTOR_SIGNATURE), apiKey)).toEqual({ ok: false, reason: 'signature_mismatch' });
  });
});

describe('a classic webhook', () => {
  const posted = (body: string, headers = {}) =>
    rawNotification(body, { 'content-type': 'application/x-www-form-urlencoded', ...headers });
  const hint = posted('id=tr_5B8cwPMGnU');

  it('is taken as a hint that proves nothing', () => {
    expect(verify(hint, apiKey)).toEqual({ ok: true, signedAt: null, unproven: true });
    expect(verify(posted('id=tr_5B8cwPMGnU', { [HEADER]: [''] }), apiKey).ok).toBe(true);
  });

  it('is no way round the signature', () => {
    expect(verify(hint, current)).toEqual({ ok: false, reason: 'signature_missing' });
    expect(verify(hint, apiKey, current)).toEqual({ ok: false, reason: 'signature_missing' });
    expect(verify(posted('id=tr_5B8cwPMGnU', { [HEADER]: ['junk'] }), apiKey).ok).toBe(false);
  });

  it('is refused by an account without credentials', () => {
    expect(verify(hint)).toEqual({ ok: false, reason: 'credentials_mismatch' });
  });

  it.each([
    '',
    'id=',
    'id=tr_',
    'id=tr_1',
    'id=5B8cwPMGnU',
    'id=tr_5B8c/../x',
    'id=tr_5B8cwPMGnU%2F',
    'id=tr_5B8cwPMGnU%0A',
    'id=tr_5B8cwPMGnU&id=tr_5B8cwPMGnU',
    'id=https://evil.example/tr_5B8cwPMGnU',
    `id=tr_${'a'.repeat(65)}`,
    `id=tr_5B8cwPMGn%D9%A3`,
    JSON.stringify(simpleEvent('payment.paid', 'tr_5B8cwPMGnU')),
  ])('is refused when it is %p', (body) => {
    expect(verify(posted(body), apiKey)).toEqual({ ok: false, reason: 'body_unreadable' });
  });

  it.each([
    ['tr_5B8cwPMGnU', 'payment', 'unresolved'],
    ['ord_pbjz8x', 'order', 'unresolved'],
    ['sub_rVKGtNd6s3', 'subscription', 'unresolved'],
    ['invoice_4Y0eZit', 'invoice', 'unmapped'],
  ])('about %s names a thing', (id, connectorType, reason) => {
    expect(itemsOf(posted(`id=${id}`))).toEqual([{ key: id, connectorType, event: null, reason }]);
  });
});

describe('a next-generation event', () => {
  it('without its entity is to be looked up', () => {
    expect(itemsOf(rawNotification(VECTOR_BODY))).toEqual([
      { key: 'event_vec1', connectorType: 'payment.paid', event: null, reason: 'unresolved' },
    ]);
  });

  it('without its entity is not looked up for nothing', () => {
    expect(itemsOf(sign(simpleEvent('payout.completed', 'po_1ab')))).toMatchObject([{ reason: 'unmapped' }]);
  });

  it('without an id or a type is unreadable, without a time unsupported', () => {
    const good = mollieEvent('payment.paid', payment('paid'));
    const parse = (more: object) => mollie.parse(sign({ ...good, ...more }), settings);
    expect([parse({ id: 7 }).ok, parse({ type: '' }).ok]).toEqual([false, false]);
    expect(parse({ createdAt: 'yesterday' })).toMatchObject({ ok: true, items: [{ reason: 'unsupported' }] });
  });

  it.each(Object.values(WebhookEventTypes).filter((type) => type !== '*'))('%s is known to the table', (type) => {
    expect(mollie.mappings.some((row) => matches(row.connectorType, type))).toBe(true);
  });

  it.each([
    [{ currency: 'JPY', value: '100' }, 100],
    [{ currency: 'KWD', value: '1.234' }, 1234],
    [{ currency: 'EUR', value: '1.005' }, null],
    [{ currency: 'EUR', value: 10 }, null],
    [null, null],
  ])('keeps the amount %j exact', (amount, expected) => {
    const [item] = itemsOf(sign(mollieEvent('payment.paid', payment('paid', { amount }))));
    expect(item?.event?.object.amount_minor).toBe(expected);
  });

  it('tells what was captured rather than what was asked for', () => {
    const [item] = itemsOf(
      sign(mollieEvent('payment.paid', payment('paid', { amountCaptured: { currency: 'EUR', value: '8.00' } }))),
    );
    expect(item?.event?.object.amount_minor).toBe(800);
  });

  it.each([
    [{ order_id: 12345 }, '12345'],
    ['{"order_id":12345}', '12345'],
    ['A-17', 'A-17'],
    [12345, '12345'],
    ['The blue one, please', null],
    [['A-17'], null],
    [null, null],
  ])('finds the order in metadata %j', (metadata, expected) => {
    const [item] = itemsOf(sign(mollieEvent('payment.paid', payment('paid', { metadata }))));
    expect(item?.event?.object.merchant_reference).toBe(expected);
  });
});

describe('credentials', () => {
  it.each([{ api_key: 'live_1' }, { api_key: `sk_${'a'.repeat(30)}` }, {}, { ...current, ...apiKey }])(
    '%j is none',
    (credential) => {
      expect(mollie.credentialSchema.safeParse(credential).success).toBe(false);
    },
  );

  it.each([
    'api.mollie.com',
    'https://api.mollie.com/',
    'https://user@api.mollie.com',
    'https://api.mollie.com?x=1',
    'ftp://api.mollie.com',
  ])('%s is no base URL', (url) => {
    expect(mollie.settingsSchema.safeParse({ api_base_url: url }).success).toBe(false);
  });
});

const matches = (row: string, type: string) => (row.endsWith('*') ? type.startsWith(row.slice(0, -1)) : type === row);
