import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { RawNotification } from '../connector.ts';
import { timeOfText } from '../payload/time.ts';
import { bytesOfBase64 } from '../signature/base64.ts';
import { signatureHeader } from '../signature/header.ts';
import { type CertificateAddress, certificateAddress } from './certificate-address.ts';

/** The only algorithm that PayPal has used since 2015. Its name is not signed: another one would be a sender's choice. */
export const ALGORITHM = 'SHA256withRSA';

/** What the headers of a notification say about it. Only the id and the time are signed. */
export interface Transmission {
  /** Another one for each delivery. */
  id: string;
  /** As it was sent, since this text was signed. */
  time: string;
  signedAt: Date;
  /** Base64, as it was sent. */
  signature: string;
  certificate: CertificateAddress;
}

export type TransmissionReading =
  | { ok: true; transmission: Transmission }
  | { ok: false; reason: 'signature_missing' | 'signature_malformed' };

const HEADERS = [
  'paypal-transmission-sig',
  'paypal-transmission-id',
  'paypal-transmission-time',
  'paypal-cert-url',
  'paypal-auth-algo',
] as const;

/** Without the `|` that separates the signed parts: nothing may be moved from one part to another. */
const ID = /^[A-Za-z0-9-]{1,50}$/;
/** Of a key of 8,192 bits. */
const MAX_SIGNATURE_LENGTH = 1368;

/** Reads the five headers, each exactly once and of the shape that PayPal gives it. */
export function readTransmission(notification: RawNotification): TransmissionReading {
  const values: string[] = [];
  for (const name of HEADERS) {
    const header = signatureHeader(notification, name);
    if (!header.ok) {
      return header;
    }
    values.push(header.value);
  }
  const [signature = '', id = '', time = '', url = '', algorithm = ''] = values;
  const certificate = certificateAddress(url);
  const signedAt = timeOfText(time);
  const isWellFormed = algorithm === ALGORITHM && ID.test(id) && isBase64(signature);
  return isWellFormed && certificate !== null && signedAt !== null
    ? { ok: true, transmission: { id, time, signedAt, signature, certificate } }
    : { ok: false, reason: 'signature_malformed' };
}

/** The text that PayPal signs: the body takes part by its CRC-32 only (api/rest/webhooks/rest, self verification). */
export function signedText({ id, time }: Transmission, webhookId: string, body: Buffer): string {
  return `${id}|${time}|${webhookId}|${crc32(body)}`;
}

/** Stands for these headers and this body, so that an answer about them is never taken for an answer about others. */
export function fingerprintOf({ id, time, signature, certificate }: Transmission, body: Buffer): string {
  const headers = JSON.stringify([id, time, signature, certificate.url]);
  return createHash('sha256').update(headers).update('\n').update(body).digest('hex');
}

/** Does the signed time lie within the tolerance, its edges included? */
export function isTimely({ signedAt }: Transmission, toleranceS: number, now: Date): boolean {
  return Math.abs(now.getTime() - signedAt.getTime()) <= toleranceS * 1000;
}

/** One text for one signature: other spellings of the same bytes are refused. */
function isBase64(text: string): boolean {
  return text.length <= MAX_SIGNATURE_LENGTH && bytesOfBase64(text, Buffer.byteLength(text, 'base64')) !== null;
}
