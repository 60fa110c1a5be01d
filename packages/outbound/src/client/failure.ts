/** Why no complete answer came; the `outcome` of an attempt in the API has the same words. */
export type FailureOutcome =
  | 'timeout'
  | 'dns_error'
  | 'tls_error'
  | 'connection_error'
  | 'blocked_address'
  | 'response_too_large';

/**
 * An end without an answer. Carries only fixed texts, so that whatever the runtime says about addresses stays inside.
 */
export class OutboundFailure extends Error {
  override readonly name = 'OutboundFailure';
  readonly code = 'OUTBOUND_FAILURE';
  readonly outcome: FailureOutcome;

  constructor(outcome: FailureOutcome, message: string, options?: ErrorOptions) {
    super(message, options);
    this.outcome = outcome;
  }
}

/** The messages that merchants may see; nothing else reaches an `OutboundResult`. */
export const FAILURE_TEXT = {
  deadline: 'no complete answer within the time limit',
  connectTimeout: 'no connection within the time limit',
  unresolved: 'the host name could not be resolved',
  blocked: 'the address is not allowed',
  badUrl: 'the URL is not allowed',
  badRequest: 'the request could not be sent as configured',
  cancelled: 'the request was cancelled',
  refused: 'the connection was refused',
  unreachable: 'the host could not be reached',
  closed: 'the connection ended before the answer was complete',
  invalidAnswer: 'the answer was not valid HTTP/1.1',
  bodyTooLarge: 'the answer was larger than allowed',
  headTooLarge: 'the header of the answer was larger than allowed',
  tls: 'the TLS handshake failed',
  certificate: 'the certificate could not be verified',
  selfSigned: 'the certificate is self-signed',
  certificateExpired: 'the certificate has expired or is not valid yet',
  certificateName: 'the certificate is for another host name',
  certificateChain: 'the certificate chain is incomplete or from an unknown authority',
  clientCertificate: 'the host asks for a client certificate',
  clientCertificateRefused: 'the host does not accept the client certificate',
} as const;

/** OpenSSL and Node codes that have a text of their own; others of TLS are `tls` or `certificate`. */
const TLS_TEXTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: FAILURE_TEXT.selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: FAILURE_TEXT.certificateChain,
  CERT_HAS_EXPIRED: FAILURE_TEXT.certificateExpired,
  CERT_NOT_YET_VALID: FAILURE_TEXT.certificateExpired,
  ERR_TLS_CERT_ALTNAME_INVALID: FAILURE_TEXT.certificateName,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: FAILURE_TEXT.certificateChain,
  UNABLE_TO_GET_ISSUER_CERT: FAILURE_TEXT.certificateChain,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: FAILURE_TEXT.certificateChain,
  CERT_UNTRUSTED: FAILURE_TEXT.certificateChain,
  CERT_REVOKED: FAILURE_TEXT.certificate,
  CERT_REJECTED: FAILURE_TEXT.certificate,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: FAILURE_TEXT.clientCertificate,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: FAILURE_TEXT.clientCertificateRefused,
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: FAILURE_TEXT.clientCertificateRefused,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: FAILURE_TEXT.clientCertificateRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: FAILURE_TEXT.clientCertificateRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: FAILURE_TEXT.clientCertificateRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: FAILURE_TEXT.clientCertificateRefused,
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: FAILURE_TEXT.clientCertificateRefused,
};

const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENETDOWN', 'EHOSTDOWN']);

/** A failure while connecting. `handshaking` tells that TCP stood already, so that the fault is TLS's. */
export function connectFailure(cause: unknown, handshaking: boolean): OutboundFailure {
  if (cause instanceof OutboundFailure) return cause;
  const code = codeOf(cause);
  if (handshaking) return new OutboundFailure('tls_error', TLS_TEXTS[code] ?? FAILURE_TEXT.tls, { cause });
  if (code === 'ETIMEDOUT') return new OutboundFailure('timeout', FAILURE_TEXT.connectTimeout, { cause });
  if (UNREACHABLE.has(code)) return new OutboundFailure('connection_error', FAILURE_TEXT.unreachable, { cause });
  return new OutboundFailure('connection_error', FAILURE_TEXT.refused, { cause });
}

/** A failure that undici reports for a request: its own codes, those of the socket, and those of the parser. */
export function exchangeFailure(cause: unknown): OutboundFailure {
  if (cause instanceof OutboundFailure) return cause;
  const code = codeOf(cause);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new OutboundFailure('response_too_large', FAILURE_TEXT.headTooLarge, { cause });
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return new OutboundFailure('tls_error', TLS_TEXTS[code] ?? FAILURE_TEXT.tls, { cause });
  }
  return new OutboundFailure('connection_error', isParserFault(cause) ? parserText(cause) : exchangeText(code), {
    cause,
  });
}

function exchangeText(code: string): string {
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return FAILURE_TEXT.badRequest;
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') return FAILURE_TEXT.badRequest;
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return FAILURE_TEXT.cancelled;
  return FAILURE_TEXT.closed;
}

/** undici's parser gives its errors no code (8.12): they are known by name. */
function isParserFault(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'HTTPParserError';
}

/** Only llhttp's reason tells an end inside an answer, which is no fault of its form, from bytes that are no HTTP. */
function parserText({ message }: Error): string {
  return message.includes('EOF') ? FAILURE_TEXT.closed : FAILURE_TEXT.invalidAnswer;
}

/** Looks at the shape only: Node's own errors are no instances of `Error` in another realm, such as a test runner's. */
function codeOf(error: unknown): string {
  const shaped = typeof error === 'object' && error !== null && 'code' in error;
  return shaped && typeof error.code === 'string' ? error.code : '';
}
