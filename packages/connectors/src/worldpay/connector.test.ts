import { createHmac } from 'node:crypto';
import { rawNotification, withHeader } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signWorldpay } from '../testing/signers.ts';
import { worldpay } from './connector.ts';
import type { WorldpayCredential, WorldpaySettings } from './credentials.ts';
import { worldpayCases } from './fixtures/cases.ts';
import { VECTOR_BODY, VECTOR_HEX, VECTOR_SECRET, VECTOR_UTF8, worldpayEvent } from './fixtures/payloads.ts';

const signedAt = new Date('2024-01-01T10:00:01Z');
const settings: WorldpaySettings = { secret_encoding: 'utf8', sent_for_settlement_means_succeeded: false };
const credential: WorldpayCredential = { key_id: '1', signing_secret: VECTOR_SECRET };
const sign = (payload: object | Buffer, { key_id, signing_secret } = credential) => {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  return rawNotification(body, {
    'content-type': 'application/vnd.worldpay.events-v1.hal+json',
    'event-signature': signWorldpay(body, signing_secret, key_id ?? '1'),
  });
};

describeConnector({
  connector: worldpay,
  settings,
  credentials: {
    current: credential,
    previous: { key_id: '0', signing_secret: 'previous_secret' },
    other: { signing_secret: 'other_secret' },
  },
  signedAt,
  toleranceS: null,
  signatureHeader: 'event-signature',
  sign,
  signedFacts: ({ headers, body }) => [`${headers['event-signature']?.join().toLowerCase()} ${body.toString('hex')}`],
  genuine: worldpayEvent('bb55ca5a-1', 'payment.authorized'),
  unknown: worldpayEvent('bb55ca5a-2', 'payment.somethingNew'),
  batch: null,
  cases: worldpayCases,
});

describe('the Event-Signature', () => {
  const zeros = '0'.repeat(64);
  const verdict = (header: string, credentials: WorldpayCredential[] = [credential], encoding = settings) =>
    worldpay.verify(rawNotification(VECTOR_BODY, { 'event-signature': header }), credentials, encoding, signedAt);
  const malformed = { ok: false, reason: 'signature_malformed' };
  const mismatch = { ok: false, reason: 'signature_mismatch' };

  it.each([
    ['utf8', VECTOR_UTF8, VECTOR_HEX],
    ['hex', VECTOR_HEX, VECTOR_UTF8],
  ] as const)('has the known answer under a secret as %s, and only that', (secret_encoding, right, wrong) => {
    expect(verdict(`1/SHA256/${right}`, [credential], { ...settings, secret_encoding })).toEqual({
      ok: true,
      signedAt: null,
    });
    expect(verdict(`1/SHA256/${wrong}`, [credential], { ...settings, secret_encoding })).toEqual(mismatch);
    expect(signWorldpay(VECTOR_BODY, VECTOR_SECRET, '1', secret_encoding)).toBe(`1/SHA256/${right}`);
  });

  it.each([
    ['first', `1/SHA256/${VECTOR_UTF8},2/SHA256/${zeros}`],
    ['last', `0/SHA256/${zeros},1/SHA256/${VECTOR_UTF8}`],
    ['after a space', `0/SHA256/${zeros}, 1/SHA256/${VECTOR_UTF8}`],
    ['beside other hash functions', `1/SHA512/${zeros},1/SHA256/${VECTOR_UTF8},junk`],
    ['in upper case', `1/SHA256/${VECTOR_UTF8.toUpperCase()}`],
  ])('is accepted %s', (_, header) => {
    expect(verdict(header).ok).toBe(true);
    expect(verdict(header, [{ signing_secret: VECTOR_SECRET }]).ok).toBe(true);
  });

  it.each([
    ['under another key id', `2/SHA256/${VECTOR_UTF8}`, mismatch],
    ['under another key id, beside its own', `2/SHA256/${VECTOR_UTF8},1/SHA256/${zeros}`, mismatch],
    ['with a key id that comes twice', `1/SHA256/${zeros},1/SHA256/${VECTOR_UTF8}`, malformed],
    ['without a key id', `/SHA256/${VECTOR_UTF8}`, malformed],
    ['without a hash function', `1/${VECTOR_UTF8}`, malformed],
    ['of another hash function', `1/SHA1/${VECTOR_UTF8}`, malformed],
    ['with a fourth part', `1/SHA256/${VECTOR_UTF8}/1`, malformed],
    ['among hundreds', `${'x,'.repeat(16)}1/SHA256/${VECTOR_UTF8}`, malformed],
  ])('is refused %s', (_, header, expected) => {
    expect(verdict(header)).toEqual(expected);
  });

  it('of any key id counts for a credential that names none', () => {
    expect(verdict(`7/SHA256/${VECTOR_UTF8}`, [{ signing_secret: VECTOR_SECRET }]).ok).toBe(true);
  });

  it.each(['not-hexadecimal', `${VECTOR_SECRET}0`])(
    'is never checked against what Node makes of %p as hexadecimal',
    (signing_secret) => {
      const made = createHmac('sha256', Buffer.from(signing_secret, 'hex')).update(VECTOR_BODY).digest('hex');
      const hex: WorldpaySettings = { ...settings, secret_encoding: 'hex' };
      expect(verdict(`1/SHA256/${made}`, [{ signing_secret }], hex)).toEqual(mismatch);
    },
  );

  it('is asked for whatever else a request brings', () => {
    const genuine = sign(worldpayEvent('bb55ca5a-1', 'payment.authorized'));
    const bare = withHeader(genuine, 'event-signature', undefined);
    expect(worldpay.verify(bare, [credential], settings, signedAt)).toEqual({
      ok: false,
      reason: 'signature_missing',
    });
  });
});

describe('a Worldpay event', () => {
  const parse = (payload: object) => worldpay.parse(sign(payload), settings);
  const authorized = worldpayEvent('bb55ca5a-1', 'payment.authorized');

  it.each([
    ['2018-06-13T14:18:13.407', '2018-06-13T14:18:13.407Z'],
    ['2018-06-13T14:18:13.407Z', '2018-06-13T14:18:13.407Z'],
  ])('of %s happened at %s', (eventTimestamp, expected) => {
    const parsed = parse({ ...authorized, eventTimestamp });
    expect(parsed).toMatchObject({ ok: true, items: [{ event: { occurredAt: new Date(expected) } }] });
  });

  it('without a time is acknowledged as unsupported', () => {
    expect(parse({ ...authorized, eventTimestamp: '2018-06-13' })).toMatchObject({
      items: [{ event: null, reason: 'unsupported' }],
    });
  });

  it('of the newer shape has its type outside of the details', () => {
    const { classification, type, ...details } = worldpayEvent('x', 'payment.authorized').eventDetails;
    expect([classification, type]).toEqual(['payment', 'authorized']);
    expect(parse({ ...authorized, eventType: 'tokenCreated', eventDetails: details })).toMatchObject({
      items: [{ key: 'bb55ca5a-1', connectorType: 'tokenCreated', event: null, reason: 'unmapped' }],
    });
  });

  it('of a payout is no payment, whatever its type', () => {
    expect(parse(worldpayEvent('bb55ca5a-1', 'payout.authorized'))).toMatchObject({
      items: [{ connectorType: 'payout.authorized', event: null, reason: 'unmapped' }],
    });
  });

  it.each([{ eventId: null }, { eventId: 7 }, { eventDetails: {} }, { eventDetails: null }])(
    'with %j is unreadable',
    (odd) => {
      expect(parse({ ...authorized, ...odd })).toMatchObject({ ok: false });
    },
  );

  it.each([
    [250, 'EUR', 250],
    [250, 'JPY', 250],
    [2.5, 'EUR', null],
    ['250', 'EUR', null],
    [2 ** 53, 'EUR', null],
  ])('takes the amount %p %s as %p', (value, currencyCode, expected) => {
    const parsed = parse(worldpayEvent('bb55ca5a-1', 'payment.authorized', { amount: { value, currencyCode } }));
    expect(parsed).toMatchObject({ items: [{ event: { object: { amount_minor: expected } } }] });
  });
});
