import { generateKeyPairSync } from 'node:crypto';
import { createAuthority, selfSigned } from '../testing/index.ts';
import { describeCertificates } from './certificates.ts';
import { judgeTls } from './judge-tls.ts';
import type { TlsSettings } from './tls-settings.ts';

const NOW = new Date();
const PAST = { from: new Date('2020-01-01'), to: new Date('2020-02-01') };
const authority = createAuthority('authority.example');
const client = authority.issue('gateway.example');
const expired = authority.issue('gateway.example', PAST);
const another = authority.issue('another.example');

function settings(given: Partial<TlsSettings>): TlsSettings {
  return { ca: null, client_certificate: null, client_key: null, ...given };
}

function encrypted(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }).toString();
}

test.each<[string, Partial<TlsSettings>]>([
  ['an authority', { ca: authority.cert }],
  ['several authorities', { ca: `${authority.cert}\n${selfSigned('other.example').cert}` }],
  ['a client certificate with its key', { client_certificate: client.cert, client_key: client.key }],
  [
    'a client certificate, what leads to its authority, and an authority',
    { ca: authority.cert, client_certificate: client.cert + authority.cert, client_key: client.key },
  ],
])('takes %s', (_what, given) => {
  expect(judgeTls(settings(given), NOW)).toEqual([]);
});

const of = (certificate: string, key: string | null) => ({ client_certificate: certificate, client_key: key });

test.each<[string, Partial<TlsSettings>, [string | null, string][]]>([
  ['nothing', {}, [[null, 'required']]],
  ['text', { ca: 'my authority' }, [['ca', 'invalid_certificate']]],
  ['a key for an authority', { ca: authority.key }, [['ca', 'invalid_certificate']]],
  ['a key beside an authority', { ca: authority.cert + authority.key }, [['ca', 'invalid_certificate']]],
  ['eleven authorities', { ca: authority.cert.repeat(11) }, [['ca', 'invalid_certificate']]],
  ['broken base64', { ca: authority.cert.replace(/\n.{20}/, '\n') }, [['ca', 'invalid_certificate']]],
  ['an expired authority', { ca: selfSigned('a.example', PAST).cert }, [['ca', 'certificate_expired']]],
  ['a certificate without its key', of(client.cert, null), [['client_key', 'required']]],
  ['a key without its certificate', { client_key: client.key }, [['client_certificate', 'required']]],
  ['another’s key', of(client.cert, another.key), [['client_key', 'key_mismatch']]],
  ['a certificate for a key', of(client.cert, client.cert), [['client_key', 'invalid_key']]],
  ['a key with a passphrase', of(client.cert, encrypted()), [['client_key', 'invalid_key']]],
  ['an expired certificate', of(expired.cert, expired.key), [['client_certificate', 'certificate_expired']]],
  [
    'everything wrong',
    { ca: '', client_certificate: expired.cert, client_key: another.key },
    [
      ['ca', 'invalid_certificate'],
      ['client_certificate', 'certificate_expired'],
      ['client_key', 'key_mismatch'],
    ],
  ],
])('refuses %s and names the field, never what was given', (_what, given, expected) => {
  const faults = judgeTls(settings(given), NOW);
  expect(faults.map(({ field, code }) => [field, code])).toEqual(expected);
  expect(JSON.stringify(faults)).not.toMatch(/BEGIN|example/);
});

test('certificates are shown by subject, fingerprint and expiry', () => {
  const [own, above, ...more] = describeCertificates(client.cert + authority.cert);
  expect(more).toEqual([]);
  expect(own).toMatchObject({ subject: 'CN=gateway.example' });
  expect(above).toMatchObject({ subject: 'CN=authority.example' });
  expect(own?.fingerprint_sha256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect(new Date(own?.expires_at ?? 0).getTime()).toBeGreaterThan(NOW.getTime());
});
