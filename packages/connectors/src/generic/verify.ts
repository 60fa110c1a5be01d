import { createHmac, randomBytes } from 'node:crypto';
import type { RawNotification, RefusalReason, Verification } from '../connector.ts';
import { anySame, sameText } from '../signature/hmac.ts';
import type { GenericCredential } from './credentials.ts';
import type { GenericDefinition } from './definition/definition.ts';
import { type HmacDefinition, readTimestampSource, type SignatureDefinition } from './definition/signature.ts';
import { keyOf } from './encodings.ts';
import { headerBytes, headerValues } from './header-values.ts';
import { momentOf } from './moment.ts';
import { headerText, readSignatures } from './signature-header.ts';
import { parseTemplate, type SignedTemplate, signedBytes } from './signed-template.ts';

/** Decides whether a notification is genuine; see the connector contract. */
export type Verify = (
  notification: RawNotification,
  credentials: readonly GenericCredential[],
  now: Date,
) => Verification;

/** The time that a notification says it was signed at, as it was written and as it is meant. */
interface SignedTime {
  text: string;
  at: Date;
}

const ALGORITHMS = {
  'hmac-sha256': { hash: 'sha256', size: 32 },
  'hmac-sha512': { hash: 'sha512', size: 64 },
  'hmac-sha1': { hash: 'sha1', size: 20 },
} as const;

const NOBODY = randomBytes(32);

/** Makes the check of a definition. What can be decided without a notification is decided here, once. */
export function verifyBy({ signature, timestamp }: GenericDefinition): Verify {
  return signature.algorithm === 'static' ? verifyFixedValue(signature) : verifyHmac(signature, timestamp);
}

function verifyHmac(definition: HmacDefinition, timestamp: GenericDefinition['timestamp']): Verify {
  const { hash, size } = ALGORITHMS[definition.algorithm];
  const readTime = timeReader(timestamp);
  const template = templateOf(definition.signed);

  return (notification, credentials, now) => {
    const reading = readSignatures(notification, definition, size);
    if (!reading.ok) {
      return refuse(notification, reading.reason);
    }
    const time = readTime(notification.headers, reading.pairs);
    const signed = time === 'malformed' ? null : signedBytes(template, notification, time?.text ?? '');
    if (time === 'malformed' || signed === null) {
      return refuse(notification, 'signature_malformed');
    }
    const isGenuine = credentials.some(({ secret }) => {
      const key = keyOf(secret, definition.key_encoding);
      return key !== null && anySame(macOf(hash, key, signed), reading.signatures);
    });
    if (!isGenuine) {
      return { ok: false, reason: 'signature_mismatch' };
    }
    return isInTime(time, timestamp?.tolerance_s ?? null, now)
      ? { ok: true, signedAt: time?.at ?? null }
      : { ok: false, reason: 'timestamp_out_of_tolerance' };
  };
}

/** A password. */
function verifyFixedValue(definition: Extract<SignatureDefinition, { algorithm: 'static' }>): Verify {
  return (notification, credentials) => {
    const header = headerText(notification, definition);
    if (!header.ok) {
      return refuse(notification, header.reason);
    }
    const received = headerBytes(header.text);
    const isGenuine = credentials.some(({ secret }) => sameText(secret, received));
    return isGenuine ? { ok: true, signedAt: null } : refuse(notification, 'signature_mismatch');
  };
}

/** Reads the signed time of a notification, as `parse` needs it too; null where none is signed or none can be read. */
export function signedTimeBy({
  signature,
  timestamp,
}: GenericDefinition): (notification: RawNotification) => Date | null {
  if (signature.algorithm === 'static' || timestamp === undefined) {
    return () => null;
  }
  const { size } = ALGORITHMS[signature.algorithm];
  const readTime = timeReader(timestamp);
  return (notification) => {
    const reading = readSignatures(notification, signature, size);
    const time = readTime(notification.headers, reading.ok ? reading.pairs : new Map());
    return time === null || time === 'malformed' ? null : time.at;
  };
}

function timeReader(timestamp: GenericDefinition['timestamp']) {
  const source = timestamp === undefined ? null : readTimestampSource(timestamp.source);
  return (headers: RawNotification['headers'], pairs: ReadonlyMap<string, string>): SignedTime | null | 'malformed' => {
    if (timestamp === undefined || source === null) {
      return null;
    }
    const [text, ...more] = source.from === 'header' ? headerValues(headers, source.name) : [pairs.get(source.name)];
    const at = momentOf(text ?? null, timestamp.unit);
    return text === undefined || more.length > 0 || at === null ? 'malformed' : { text, at };
  };
}

/** The edges included, on both sides: what was signed with a clock that is ahead would stay replayable until then. */
function isInTime(time: SignedTime | null, toleranceS: number | null, now: Date): boolean {
  return time === null || toleranceS === null || Math.abs(now.getTime() - time.at.getTime()) <= toleranceS * 1000;
}

/**
 * Takes as long as a signature that does not match. An account that is not there cannot know this definition's headers, so
 * it must not matter whether they were right (000.24).
 */
function refuse(notification: RawNotification, reason: RefusalReason): Verification {
  macOf('sha256', NOBODY, [notification.body]);
  return { ok: false, reason };
}

function macOf(hash: string, key: Buffer, pieces: readonly Buffer[]): Buffer {
  const hmac = createHmac(hash, key);
  for (const piece of pieces) {
    hmac.update(piece);
  }
  return hmac.digest();
}

function templateOf(text: string): SignedTemplate {
  const reading = parseTemplate(text);
  if (!reading.ok) {
    throw new TypeError('A definition was not validated before it was used.');
  }
  return reading.template;
}
