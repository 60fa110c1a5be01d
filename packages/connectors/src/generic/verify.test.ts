import { createHmac } from 'node:crypto';
import type { RawNotification } from '../connector.ts';
import { rawNotification, withHeader } from '../testing/contract-subject.ts';
import { generic } from './connector.ts';
import { type GenericDefinitionInput, genericDefinition } from './definition/definition.ts';

const SECRET = '00112233445566778899aabbccddeeff';
const BODY = Buffer.from([...Buffer.from('{"id":"e1","text":"'), 0xc3, 0xa9, ...Buffer.from('"}')]);
const now = new Date('2026-11-21T10:00:00Z');

const definitionWith = (
  signature: GenericDefinitionInput['signature'],
  timestamp?: GenericDefinitionInput['timestamp'],
) => genericDefinition.parse({ signature, timestamp, event_type: 'type', mapping: [{ type: 'a', event: null }] });
const sign = (algorithm: string, key: string | Buffer, ...parts: (string | Buffer)[]) =>
  createHmac(algorithm, key).update(Buffer.concat(parts.map((part) => Buffer.from(part))));
const header = { header: 'x-signature' };
const hmac = { algorithm: 'hmac-sha256', ...header } as const;
const verdict = (
  definition: ReturnType<typeof definitionWith>,
  notification: RawNotification,
  secrets: readonly string[] = [SECRET],
) =>
  generic.verify(
    notification,
    secrets.map((secret) => ({ secret })),
    definition,
    now,
  );
const MALFORMED = { ok: false, reason: 'signature_malformed' };
const MISMATCH = { ok: false, reason: 'signature_mismatch' };
const GENUINE = { ok: true, signedAt: null };

describe('what is signed, and how', () => {
  it.each<[string, GenericDefinitionInput['signature'], Record<string, string>]>([
    ['the body', hmac, { 'x-signature': sign('sha256', SECRET, BODY).digest('hex') }],
    [
      'with SHA-512',
      { ...hmac, algorithm: 'hmac-sha512' },
      { 'x-signature': sign('sha512', SECRET, BODY).digest('hex') },
    ],
    ['with SHA-1', { ...hmac, algorithm: 'hmac-sha1' }, { 'x-signature': sign('sha1', SECRET, BODY).digest('hex') }],
    ['in base64', { ...hmac, encoding: 'base64' }, { 'x-signature': sign('sha256', SECRET, BODY).digest('base64') }],
    [
      'with a key in hexadecimal',
      { ...hmac, key_encoding: 'hex' },
      { 'x-signature': sign('sha256', Buffer.from(SECRET, 'hex'), BODY).digest('hex') },
    ],
    [
      'with a key in base64',
      { ...hmac, key_encoding: 'base64' },
      { 'x-signature': sign('sha256', Buffer.from(SECRET, 'base64'), BODY).digest('hex') },
    ],
    [
      'after a prefix',
      { ...hmac, prefix: 'sha256=' },
      { 'x-signature': `sha256=${sign('sha256', SECRET, BODY).digest('hex')}` },
    ],
    [
      'with the URL',
      { ...hmac, signed: '{url}{body}' },
      { 'x-signature': sign('sha256', SECRET, 'https://gateway.example/webhooks/m_1/connector', BODY).digest('hex') },
    ],
    [
      'with headers and text',
      { ...hmac, signed: 'v0:{header:X-Id}:{header:x-name}\n{body}' },
      {
        'x-id': '7',
        'x-name': 'caf\u00e9',
        'x-signature': sign('sha256', SECRET, 'v0:7:', Buffer.from('caf\u00e9\n', 'latin1'), BODY).digest('hex'),
      },
    ],
    [
      'among several signatures',
      { ...hmac, separator: ' ' },
      { 'x-signature': `junk ${'0'.repeat(64)} ${sign('sha256', SECRET, BODY).digest('hex')}` },
    ],
    [
      'among several pairs',
      { ...hmac, separator: ';', pair: 'sig' },
      { 'x-signature': `v=1; sig=${'0'.repeat(64)}; sig=${sign('sha256', SECRET, BODY).digest('hex')}` },
    ],
  ])('%s', (_what, signature, headers) => {
    const definition = definitionWith(signature);
    const notification = rawNotification(BODY, headers);
    expect(verdict(definition, notification)).toEqual(GENUINE);
    expect(verdict(definition, { ...notification, body: Buffer.concat([BODY, Buffer.from(' ')]) })).toEqual(MISMATCH);
    expect(verdict(definition, { ...notification, body: Buffer.from(BODY.toString('latin1')) })).toEqual(MISMATCH);
    expect(verdict(definition, notification, ['another-secret'])).toEqual(MISMATCH);
    expect(verdict(definition, notification, [])).toEqual(MISMATCH);
  });

  it('is refused when a signed header is missing, repeated or changed', () => {
    const definition = definitionWith({ ...hmac, signed: '{header:x-id}{body}' });
    const notification = rawNotification(BODY, {
      'x-id': '7',
      'x-signature': sign('sha256', SECRET, '7', BODY).digest('hex'),
    });
    expect(verdict(definition, notification)).toEqual(GENUINE);
    expect(verdict(definition, withHeader(notification, 'x-id', undefined))).toEqual(MALFORMED);
    expect(verdict(definition, withHeader(notification, 'x-id', ['7', '7']))).toEqual(MALFORMED);
    expect(verdict(definition, withHeader(notification, 'x-id', ['8']))).toEqual(MISMATCH);
  });

  it('is refused after another URL', () => {
    const definition = definitionWith({ ...hmac, signed: '{url}{body}' });
    const signature = sign('sha256', SECRET, 'https://gateway.example/webhooks/m_2/connector', BODY).digest('hex');
    expect(verdict(definition, rawNotification(BODY, { 'x-signature': signature }))).toEqual(MISMATCH);
  });

  it('is never accepted under a secret that does not decode, whose key everybody would know', () => {
    for (const [encoding, secret] of [
      ['hex', 'not hexadecimal'],
      ['base64', '!!!!!!!!'],
      ['hex', '0011223344'],
    ] as const) {
      const definition = definitionWith({ ...hmac, key_encoding: encoding });
      const guesses = ['', Buffer.alloc(0), Buffer.from(secret, encoding), secret];
      for (const guess of guesses) {
        const notification = rawNotification(BODY, { 'x-signature': sign('sha256', guess, BODY).digest('hex') });
        expect(verdict(definition, notification, [secret])).toEqual(MISMATCH);
      }
      expect(generic.misfitOf?.({ secret }, definition)).toEqual({ field: 'secret', message: expect.any(String) });
    }
    expect(generic.misfitOf?.({ secret: SECRET }, definitionWith({ ...hmac, key_encoding: 'hex' }))).toBeNull();
  });

  it.each<[string, GenericDefinitionInput['signature'], string[]]>([
    ['a value with a space after it', hmac, [`${sign('sha256', SECRET, BODY).digest('hex')} `]],
    ['two headers', { ...hmac, separator: ',' }, Array(2).fill(sign('sha256', SECRET, BODY).digest('hex'))],
    [
      '17 signatures',
      { ...hmac, separator: ',' },
      [
        Array(17)
          .fill(sign('sha256', SECRET, BODY).digest('hex'))
          .join(','),
      ],
    ],
    [
      'more than 4,096 characters',
      { ...hmac, separator: ',' },
      [`${sign('sha256', SECRET, BODY).digest('hex')},${' '.repeat(4_096)}`],
    ],
    ['a missing prefix', { ...hmac, prefix: 'sha256=' }, [sign('sha256', SECRET, BODY).digest('hex')]],
    [
      'a prefix in another case',
      { ...hmac, prefix: 'sha256=' },
      [`SHA256=${sign('sha256', SECRET, BODY).digest('hex')}`],
    ],
    ['hexadecimal for base64', { ...hmac, encoding: 'base64' }, [sign('sha256', SECRET, BODY).digest('hex')]],
    ['base64url for base64', { ...hmac, encoding: 'base64' }, [sign('sha256', SECRET, BODY).digest('base64url')]],
    ['a signature of another hash', hmac, [sign('sha512', SECRET, BODY).digest('hex')]],
    ['another key of the pair', { ...hmac, pair: 'v1' }, [`v0=${sign('sha256', SECRET, BODY).digest('hex')}`]],
    ['100,000 separators', { ...hmac, separator: ',' }, [','.repeat(100_000)]],
  ])('is refused with %s', (_what, signature, values) => {
    expect(verdict(definitionWith(signature), rawNotification(BODY, { 'x-signature': values }))).toEqual(MALFORMED);
  });
});

describe('a signed time', () => {
  const at = (text: string, unit: 's' | 'ms' | 'iso8601', tolerance_s: number | null = 60) => {
    const definition = definitionWith(
      { ...hmac, signed: '{timestamp}.{body}' },
      { source: 'header:X-Time', unit, tolerance_s },
    );
    const signature = sign('sha256', SECRET, `${text}.`, BODY).digest('hex');
    return verdict(definition, rawNotification(BODY, { 'x-time': text, 'x-signature': signature }));
  };

  it.each([
    ['1795255200', 's', '2026-11-21T10:00:00.000Z'],
    ['1795255140', 's', '2026-11-21T09:59:00.000Z'],
    ['1795255260000', 'ms', '2026-11-21T10:01:00.000Z'],
    ['2026-11-21T11:00:00+01:00', 'iso8601', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T11:00:00.5+0100', 'iso8601', '2026-11-21T10:00:00.500Z'],
  ] as const)('%s in %s is read', (text, unit, expected) => {
    expect(at(text, unit)).toEqual({ ok: true, signedAt: new Date(expected) });
  });

  it.each([
    ['1795255139', 's', 'timestamp_out_of_tolerance'],
    ['1795255261', 's', 'timestamp_out_of_tolerance'],
    ['1795255200000', 's', 'signature_malformed'],
    ['17952552000', 's', 'signature_malformed'],
    ['1795255200', 'ms', 'signature_malformed'],
    ['01795255200', 's', 'signature_malformed'],
    ['1.7952552e9', 's', 'signature_malformed'],
    ['2026-11-21 10:00:00', 'iso8601', 'signature_malformed'],
    ['2026-11-21T10:00:00', 'iso8601', 'signature_malformed'],
    ['', 's', 'signature_malformed'],
  ] as const)('%p in %s is refused', (text, unit, reason) => {
    expect(at(text, unit)).toEqual({ ok: false, reason });
  });

  it('is no reason to refuse without a tolerance', () => {
    expect(at('1695255200', 's', null)).toEqual({ ok: true, signedAt: new Date(1_695_255_200_000) });
  });
});

describe('a static value', () => {
  const definition = definitionWith({ algorithm: 'static', header: 'Authorization', prefix: 'Bearer ' });
  const with_ = (value: string) => rawNotification(BODY, { authorization: value });

  it('is accepted as it is, and nothing else is', () => {
    expect(verdict(definition, with_(`Bearer ${SECRET}`), ['other-secret', SECRET])).toEqual(GENUINE);
    expect(verdict(definition, with_(`Bearer ${SECRET} `))).toEqual(MISMATCH);
    expect(verdict(definition, with_(`Bearer ${SECRET.slice(1)}`))).toEqual(MISMATCH);
    expect(verdict(definition, with_('Bearer '))).toEqual(MISMATCH);
    expect(verdict(definition, with_(SECRET))).toEqual(MALFORMED);
    expect(verdict(definition, rawNotification(BODY))).toEqual({ ok: false, reason: 'signature_missing' });
  });
});

describe('settings that are no definition', () => {
  it('verify nothing', () => {
    for (const settings of [{}, null, { signature: { algorithm: 'none' } }]) {
      const verified = generic.verify(rawNotification(BODY), [{ secret: SECRET }], settings as never, now);
      expect(verified).toEqual({ ok: false, reason: 'credentials_mismatch' });
      expect(generic.parse(rawNotification(BODY), settings as never).ok).toBe(false);
    }
  });

  it('have no header that objects inherit', () => {
    const definition = definitionWith({ ...hmac, header: 'constructor', signed: '{header:toString}{body}' });
    expect(verdict(definition, rawNotification(BODY))).toEqual({ ok: false, reason: 'signature_missing' });
    expect(verdict(definition, rawNotification(BODY, { constructor: '0'.repeat(64) }))).toEqual(MALFORMED);
  });
});
