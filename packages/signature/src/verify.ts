import { timingSafeEqual } from 'node:crypto';
import { DEFAULT_TOLERANCE_S } from './headers.ts';
import { signatureKeyOf } from './secret.ts';
import { hmac } from './sign.ts';

/** Why a request is refused. */
export type Refusal =
  /** A header is missing. */
  | 'missing_header'
  /** A header does not have the form that we send. */
  | 'malformed_header'
  /** The timestamp is further in the past than the tolerance: perhaps a replayed request. */
  | 'too_old'
  /** The timestamp is further in the future than the tolerance: a clock is wrong. */
  | 'too_new'
  /** No signature matches: the body was changed, or the secret is another. */
  | 'no_match';

/** What verification says; `timestamp` is in unix seconds. */
export type Verdict = { ok: true; timestamp: number } | { ok: false; reason: Refusal };

/** A header as Node gives it: absent, or (which is refused) repeated. */
export type HeaderValue = string | readonly string[] | undefined;

export interface VerifyOptions {
  /** The secrets to accept, as shown in the dashboard; the old and the new one while rotating. */
  secrets: readonly string[];
  /** The body's bytes exactly as received. Never parse and serialise them first. */
  body: string | Uint8Array;
  /** The present moment. */
  now: Date;
  /** Seconds; 300 */
  toleranceS?: number;
}

const TIMESTAMP = /^\d{1,12}$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;
/** The last character carries four bits; spelled otherwise, other texts would decode to the same bytes. */
const BASE64_SHA256 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
/** Other versions may stand beside ours one day; they are passed over. */
const X_SIGNATURE_PART = /^(t|v\d{1,2})=([A-Za-z0-9+/=_-]{1,200})$/;
const STANDARD_PART = /^v\d{1,2}[a-z]?,[A-Za-z0-9+/=]{1,200}$/;
const MAX_HEADER_LENGTH = 4096;
const MAX_SIGNATURES = 10;
const ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Verifies `X-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]`. Throws a TypeError only if a secret is none. */
export function verifyXSignature(header: HeaderValue, options: VerifyOptions): Verdict {
  const keys = options.secrets.map(signatureKeyOf);
  if (header === undefined) return refuse('missing_header');
  const parsed = parseXSignature(header);
  if (parsed === undefined) return refuse('malformed_header');
  const { timestamp, signatures } = parsed;
  const expected = keys.map((key) => hmac(key.text, `${timestamp}.`, options.body));
  return judge(timestamp, signatures, expected, options);
}

/** Verifies the three Standard Webhooks headers. Throws a TypeError only if a secret is none. */
export function verifyStandardWebhook(
  headers: { id: HeaderValue; timestamp: HeaderValue; signature: HeaderValue },
  options: VerifyOptions,
): Verdict {
  const keys = options.secrets.map(signatureKeyOf);
  const { id, timestamp, signature } = headers;
  if (id === undefined || timestamp === undefined || signature === undefined) return refuse('missing_header');
  if (typeof id !== 'string' || !ID.test(id)) return refuse('malformed_header');
  if (typeof timestamp !== 'string' || !TIMESTAMP.test(timestamp)) return refuse('malformed_header');
  const signatures = parseStandardSignature(signature);
  if (signatures === undefined) return refuse('malformed_header');
  const expected = keys.map((key) => hmac(key.bytes, `${id}.${timestamp}.`, options.body));
  return judge(timestamp, signatures, expected, options);
}

function refuse(reason: Refusal): Verdict {
  return { ok: false, reason };
}

/** Signature before age, so that a stranger with a made-up timestamp learns nothing about our clock. */
function judge(signed: string, given: readonly Buffer[], expected: readonly Buffer[], options: VerifyOptions): Verdict {
  if (!anyEqual(given, expected)) return refuse('no_match');
  const timestamp = Number(signed);
  const ageS = options.now.getTime() / 1000 - timestamp;
  const toleranceS = options.toleranceS ?? DEFAULT_TOLERANCE_S;
  if (ageS > toleranceS) return refuse('too_old');
  if (-ageS > toleranceS) return refuse('too_new');
  return { ok: true, timestamp };
}

/** Compares every pair in constant time, without stopping at a match. */
function anyEqual(given: readonly Buffer[], expected: readonly Buffer[]): boolean {
  let matches = 0;
  for (const one of given) {
    for (const other of expected) matches += timingSafeEqual(one, other) ? 1 : 0;
  }
  return matches > 0;
}

/** The timestamp's text (it is what was signed) and the `v1` signatures; undefined unless the form is exact. */
function parseXSignature(header: HeaderValue): { timestamp: string; signatures: Buffer[] } | undefined {
  if (typeof header !== 'string' || header.length > MAX_HEADER_LENGTH) return undefined;
  const parts = header.split(',').map((part) => X_SIGNATURE_PART.exec(part.trim()));
  const valuesOf = (name: string) => parts.flatMap((part) => (part?.[1] === name ? [part[2] ?? ''] : []));
  const [timestamp, ...otherTimestamps] = valuesOf('t');
  const signatures = valuesOf('v1');
  if (parts.includes(null) || timestamp === undefined || otherTimestamps.length > 0) return undefined;
  if (!TIMESTAMP.test(timestamp) || !fits(signatures, HEX_SHA256)) return undefined;
  return { timestamp, signatures: signatures.map((hex) => Buffer.from(hex, 'hex')) };
}

/** The `v1` signatures; undefined unless the form is exact. */
function parseStandardSignature(header: HeaderValue): Buffer[] | undefined {
  if (typeof header !== 'string' || header.length > MAX_HEADER_LENGTH) return undefined;
  const parts = header.split(' ');
  const signatures = parts.filter((part) => part.startsWith('v1,')).map((part) => part.slice('v1,'.length));
  if (!parts.every((part) => STANDARD_PART.test(part)) || !fits(signatures, BASE64_SHA256)) return undefined;
  return signatures.map((base64) => Buffer.from(base64, 'base64'));
}

function fits(signatures: readonly string[], shape: RegExp): boolean {
  const { length } = signatures;
  return length > 0 && length <= MAX_SIGNATURES && signatures.every((signature) => shape.test(signature));
}
