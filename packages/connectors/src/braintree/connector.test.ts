import * as library from 'braintree';
import type { RawNotification } from '../connector.ts';
import { rawNotification } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signBraintree } from '../testing/signers.ts';
import { braintree } from './connector.ts';
import { braintreeCases } from './fixtures/cases.ts';
import {
  braintreeNotification,
  TIMESTAMP,
  transaction,
  VECTOR_ANSWER,
  VECTOR_CHALLENGE,
  VECTOR_KEYS,
} from './fixtures/payloads.ts';
import { writeXml } from './fixtures/write-xml.ts';

const signedAt = new Date(TIMESTAMP);
const other = { public_key: 'other_public', private_key: 'other_private' };
const gatewayOf = ({ public_key: publicKey, private_key: privateKey } = VECTOR_KEYS) =>
  new library.BraintreeGateway({
    environment: library.Environment.Sandbox,
    merchantId: 'vec_merchant',
    publicKey,
    privateKey,
  });
const gateway = gatewayOf();
/** Its declarations leave these two out. */
const { Kind }: { Kind: Record<string, library.WebhookNotificationKind> } = Reflect.get(library, 'WebhookNotification');
const theirNotifications = gateway.webhookNotification as typeof gateway.webhookNotification & {
  verify(challenge: string): string;
};

const payloadOf = (xml: string | Buffer) => `${Buffer.from(xml).toString('base64')}\n`;
const posted = (form: Record<string, string> | string) =>
  rawNotification(new URLSearchParams(form).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
const sign = (payload: object | Buffer, keys = VECTOR_KEYS) =>
  posted(signBraintree(payloadOf(Buffer.isBuffer(payload) ? payload : writeXml('notification', payload)), keys));
const verify = (notification: RawNotification, keys = VECTOR_KEYS) =>
  braintree.verify(notification, [keys], {}, signedAt);
const itemsOf = (notification: RawNotification) => {
  const parsed = braintree.parse(notification, {});
  return parsed.ok ? parsed.items : [];
};

describeConnector({
  connector: braintree,
  settings: {},
  credentials: {
    current: VECTOR_KEYS,
    previous: { public_key: 'previous_public', private_key: 'previous_private' },
    other,
  },
  signedAt,
  toleranceS: null,
  signatureHeader: null,
  sign,
  write: (payload) => Buffer.from(signBraintree(payloadOf(writeXml('notification', payload)), VECTOR_KEYS)),
  signedFacts: ({ body }) => [new URLSearchParams(body.toString('latin1')).get('bt_payload')?.trimEnd() ?? ''],
  genuine: braintreeNotification('transaction_settled', { transaction: transaction('settled') }),
  unknown: braintreeNotification('something_new', { transaction: transaction('settled') }),
  batch: null,
  cases: braintreeCases,
});

describe.each(Object.values(Kind))('a sample of %s from the library', (kind) => {
  it('is genuine, read as the library reads it, and known to the table', async () => {
    const sample = await gateway.webhookTesting.sampleNotification(kind, 'abc1');
    const notification = posted({ ...sample });
    expect(verify(notification)).toEqual({ ok: true, signedAt: null });
    expect(verify(notification, other).ok).toBe(false);

    const theirs = await gateway.webhookNotification.parse(sample.bt_signature, sample.bt_payload);
    const [item, ...more] = itemsOf(notification);
    expect(more).toEqual([]);
    expect(item?.connectorType).toBe(theirs.kind);
    expect(item?.reason ?? 'unmapped').toBe('unmapped');
    expect(item?.event?.occurredAt.toISOString()).toBe(
      item?.event === null ? undefined : new Date(theirs.timestamp).toISOString(),
    );
    expect(braintree.mappings.some(({ connectorType }) => matches(connectorType, kind))).toBe(true);
  });

  it('is accepted by the library when we sign it', async () => {
    const { bt_payload: payload } = await gateway.webhookTesting.sampleNotification(kind, 'abc1');
    const form = new URLSearchParams(signBraintree(payload, VECTOR_KEYS));
    const theirs = await gateway.webhookNotification.parse(form.get('bt_signature') ?? '', payload);
    expect(theirs.kind).toBe(kind);
    await expect(gatewayOf(other).webhookNotification.parse(form.get('bt_signature') ?? '', payload)).rejects.toThrow();
  });
});

const matches = (row: string, kind: string) => (row.endsWith('*') ? kind.startsWith(row.slice(0, -1)) : kind === row);

describe('the Braintree signature', () => {
  const xml = writeXml('notification', braintreeNotification('check', { check: 'true' }));
  const payload = payloadOf(xml);
  const signature = new URLSearchParams(signBraintree(payload, VECTOR_KEYS)).get('bt_signature') ?? '';
  const form = (more: Record<string, string>) => posted({ bt_signature: signature, bt_payload: payload, ...more });

  it.each([
    ['the newline at its end lost', { bt_payload: payload.trimEnd() }],
    ['another key’s signature first', { bt_signature: `nobody|${'0'.repeat(40)}&${signature}` }],
    ['another key’s signature last', { bt_signature: `${signature}&nobody|${'0'.repeat(40)}` }],
    ['junk beside it', { bt_signature: `junk&${signature}` }],
  ])('is accepted with %s, as the library does, and says the same', async (_, more) => {
    const notification = form(more);
    expect(verify(notification).ok).toBe(true);
    const fields = { bt_signature: signature, bt_payload: payload, ...more };
    await expect(gateway.webhookNotification.parse(fields.bt_signature, fields.bt_payload)).resolves.toBeDefined();
    expect(itemsOf(notification).map((item) => item.key)).toEqual(itemsOf(form({})).map((item) => item.key));
  });

  it.each([
    ['of another key', { bt_signature: signature.replace('vec_public', 'nobody') }, 'signature_mismatch'],
    [
      'with a digit changed',
      { bt_signature: signature.replace(/.$/, (d) => (d === '0' ? '1' : '0')) },
      'signature_mismatch',
    ],
    ['in upper case', { bt_signature: signature.toUpperCase() }, 'signature_malformed'],
    ['without a key', { bt_signature: signature.slice(signature.indexOf('|') + 1) }, 'signature_malformed'],
    ['that is empty', { bt_signature: '' }, 'signature_missing'],
    ['with no payload', { bt_payload: '' }, 'signature_missing'],
    ['over a payload with a space', { bt_payload: payload.replace('P', ' ') }, 'signature_malformed'],
    ['over a payload with two newlines at its end', { bt_payload: `${payload}\n` }, 'signature_mismatch'],
    ['over a cut payload', { bt_payload: payload.slice(4) }, 'signature_mismatch'],
  ])('is refused %s, as the library does', async (_, more, reason) => {
    expect(verify(form(more))).toEqual({ ok: false, reason });
    const fields = { bt_signature: signature, bt_payload: payload, ...more };
    await expect(gateway.webhookNotification.parse(fields.bt_signature, fields.bt_payload)).rejects.toThrow();
  });

  it.each(['bt_signature', 'bt_payload'])(
    'is refused when %s comes twice: which one counts could not be known',
    (name) => {
      const { body } = form({});
      const twice = `${body}&${new URLSearchParams({ [name]: name === 'bt_payload' ? payload : signature })}`;
      expect(verify(rawNotification(twice))).toEqual({ ok: false, reason: 'signature_malformed' });
    },
  );

  it('is refused among hundreds of pairs', () => {
    const many = `${`nobody|${'0'.repeat(40)}&`.repeat(16)}${signature}`;
    expect(verify(form({ bt_signature: many }))).toEqual({ ok: false, reason: 'signature_malformed' });
  });
});

it('knows every kind of the library', () => {
  expect(Object.values(Kind).length).toBeGreaterThan(40);
});

describe('the Braintree handshake', () => {
  const { handshake } = braintree;
  const query = `bt_challenge=${VECTOR_CHALLENGE}`;

  it('has the known answer, which is the library’s', () => {
    expect(handshake?.answer(query, VECTOR_KEYS)).toEqual({
      status: 200,
      contentType: 'text/plain',
      body: VECTOR_ANSWER,
    });
    expect(theirNotifications.verify(VECTOR_CHALLENGE)).toBe(VECTOR_ANSWER);
  });

  it('is a question of one shape only', () => {
    const shapes = ['a'.repeat(20), '0'.repeat(32)].map((challenge) => `bt_challenge=${challenge}`);
    expect(shapes.map((shape) => handshake?.isChallenge(shape))).toEqual([true, true]);
    const odd = ['', 'bt_challenge=', 'bt_challenge', `x=1&${query}`, `${query}&x=1`, `${query}\n`, `${query}%0A`];
    const others = ['a'.repeat(19), 'a'.repeat(33), 'A'.repeat(20), 'g'.repeat(20)].map((one) => `bt_challenge=${one}`);
    expect([...odd, ...others].filter((one) => handshake?.isChallenge(one))).toEqual([]);
  });

  it('has nothing signed that could be posted as a notification', () => {
    const challenges = ['a'.repeat(20), VECTOR_CHALLENGE, 'c0ffee'.repeat(5)];
    for (const challenge of challenges) {
      const bt_signature = handshake?.answer(`bt_challenge=${challenge}`, VECTOR_KEYS).body ?? '';
      for (const bt_payload of [challenge, `${challenge}\n`]) {
        expect(verify(posted({ bt_signature, bt_payload }))).toEqual({ ok: false, reason: 'signature_malformed' });
      }
    }
  });

  it('has decoys that stay the same, look like keys and are nobody’s', () => {
    const decoys = [1, 1, 2].map((fill) => handshake?.decoyCredential(Buffer.alloc(32, fill)));
    expect(decoys[0]).toEqual(decoys[1]);
    expect(decoys[0]?.public_key).not.toBe(decoys[2]?.public_key);
    expect(decoys[0]?.public_key).toMatch(/^[23456789bcdfghjkmnpqrstvwxyz]{16}$/);
    expect(decoys[0]?.private_key).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('a Braintree notification', () => {
  it('without a usable kind, or of another root, is unreadable', () => {
    const good = braintreeNotification('check', {});
    const odd = [
      { ...good, kind: null },
      { ...good, kind: '' },
      { ...good, kind: { a: '1' } },
    ];
    expect(odd.map((one) => braintree.parse(sign(one), {}).ok)).toEqual([false, false, false]);
    expect(braintree.parse(sign(Buffer.from('<other><kind>check</kind></other>')), {}).ok).toBe(false);
    expect(braintree.parse(sign(Buffer.from([0x3c, 0xff])), {}).ok).toBe(false);
  });

  it('without a time is acknowledged as unsupported', () => {
    const timeless = { kind: 'dispute_won', subject: { dispute: { id: 'dp_1' } } };
    expect(itemsOf(sign(timeless))).toMatchObject([{ event: null, reason: 'unsupported' }]);
  });

  it('tells of a revoked payment method as a mandate', () => {
    const subject = { 'paypal-account': { token: 'tok_1', 'customer-id': 'cus_1' } };
    expect(itemsOf(sign(braintreeNotification('payment_method_revoked_by_customer', subject)))).toMatchObject([
      { event: { type: 'customer_updated', objectType: 'mandate', object: { connector_reference: 'tok_1' } } },
    ]);
  });

  it('keeps amounts of currencies with other decimals exact, and says nothing of one without currency', () => {
    const amounts = [
      ['100', 'JPY', 100],
      ['1.234', 'KWD', 1234],
      ['0.1', 'USD', 10],
      ['10.00', '', null],
    ].map(([amount, currency, expected]) => {
      const found = transaction('settled', { amount, 'currency-iso-code': currency });
      const [item] = itemsOf(sign(braintreeNotification('transaction_settled', { transaction: found })));
      return [item?.event?.object.amount_minor, expected];
    });
    for (const [found, expected] of amounts) {
      expect(found).toBe(expected);
    }
  });
});
