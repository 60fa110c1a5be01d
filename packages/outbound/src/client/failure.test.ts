import { readFile } from 'node:fs/promises';
import { connectFailure, exchangeFailure, FAILURE_TEXT, type FailureOutcome, OutboundFailure } from './failure.ts';

const withCode = (code: string) => Object.assign(new Error(`${code} 10.0.0.7:443`), { code });

test.each<[string, boolean, FailureOutcome, string]>([
  ['ECONNREFUSED', false, 'connection_error', FAILURE_TEXT.refused],
  ['ECONNRESET', false, 'connection_error', FAILURE_TEXT.refused],
  ['EHOSTUNREACH', false, 'connection_error', FAILURE_TEXT.unreachable],
  ['ENETUNREACH', false, 'connection_error', FAILURE_TEXT.unreachable],
  ['ETIMEDOUT', false, 'timeout', FAILURE_TEXT.connectTimeout],
  ['ECONNRESET', true, 'tls_error', FAILURE_TEXT.tls],
  ['EPROTO', true, 'tls_error', FAILURE_TEXT.tls],
  ['ERR_SSL_WRONG_VERSION_NUMBER', true, 'tls_error', FAILURE_TEXT.tls],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', true, 'tls_error', FAILURE_TEXT.selfSigned],
  ['SELF_SIGNED_CERT_IN_CHAIN', true, 'tls_error', FAILURE_TEXT.certificateChain],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true, 'tls_error', FAILURE_TEXT.certificateChain],
  ['CERT_HAS_EXPIRED', true, 'tls_error', FAILURE_TEXT.certificateExpired],
  ['ERR_TLS_CERT_ALTNAME_INVALID', true, 'tls_error', FAILURE_TEXT.certificateName],
])('%s while connecting (handshaking: %p) is a %s', (code, handshaking, outcome, message) => {
  expect(connectFailure(withCode(code), handshaking)).toMatchObject({ outcome, message });
});

test.each<[string, FailureOutcome, string]>([
  ['UND_ERR_SOCKET', 'connection_error', FAILURE_TEXT.closed],
  ['ECONNRESET', 'connection_error', FAILURE_TEXT.closed],
  ['EPIPE', 'connection_error', FAILURE_TEXT.closed],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'connection_error', FAILURE_TEXT.closed],
  ['UND_ERR_INVALID_ARG', 'connection_error', FAILURE_TEXT.badRequest],
  ['UND_ERR_DESTROYED', 'connection_error', FAILURE_TEXT.cancelled],
  ['UND_ERR_HEADERS_OVERFLOW', 'response_too_large', FAILURE_TEXT.headTooLarge],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls_error', FAILURE_TEXT.clientCertificate],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls_error', FAILURE_TEXT.clientCertificateRefused],
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'tls_error', FAILURE_TEXT.tls],
])('%s during the exchange is a %s', (code, outcome, message) => {
  expect(exchangeFailure(withCode(code))).toMatchObject({ outcome, message });
});

test.each([
  ['Invalid character in chunk size', FAILURE_TEXT.invalidAnswer],
  ['Invalid EOF state', FAILURE_TEXT.closed],
])('a fault that the parser of answers finds (%s) is a connection error', (reason, message) => {
  const fault = Object.assign(new Error(`Response does not match the HTTP/1.1 protocol (${reason})`), {
    name: 'HTTPParserError',
    code: undefined,
  });
  expect(exchangeFailure(fault)).toMatchObject({ outcome: 'connection_error', message });
});

test.each([undefined, null, 'text', new Error('no code'), Object.assign(new Error(), { code: 7 })])(
  'something unknown (%p) is a connection error with a fixed text',
  (cause) => {
    expect(exchangeFailure(cause)).toMatchObject({ outcome: 'connection_error', message: FAILURE_TEXT.closed });
    expect(connectFailure(cause, false)).toMatchObject({ outcome: 'connection_error', message: FAILURE_TEXT.refused });
  },
);

test('a failure that is already judged stays as it is', () => {
  const judged = new OutboundFailure('blocked_address', FAILURE_TEXT.blocked);
  expect(connectFailure(judged, true)).toBe(judged);
  expect(exchangeFailure(judged)).toBe(judged);
});

test('docs/deliveries.md lists every text that merchants may see, and no other', async () => {
  const text = await readFile(new URL('../../../../docs/deliveries.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('`failure.reason` is one of')).split('\n\n')[0] ?? '';
  const listed = table
    .split('\n')
    .slice(2)
    .flatMap((line) => (line.split('|')[2] ?? '').split(';').map((reason) => reason.trim()));
  expect(listed.toSorted()).toEqual(Object.values(FAILURE_TEXT).toSorted());
});
