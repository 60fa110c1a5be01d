import type { RawNotification } from '../connector.ts';
import { readForm } from '../payload/form.ts';
import { timeOfMs } from '../payload/time.ts';
import { signatureHeader } from '../signature/header.ts';

/** What Mercado Pago signed, and how. */
export interface SignedManifest {
  /** The texts that may have been signed. */
  texts: readonly string[];
  signature: Buffer;
  signedAt: Date;
}

export type ManifestReading =
  | { ok: true; manifest: SignedManifest }
  | { ok: false; reason: 'signature_missing' | 'signature_malformed' };

/** Printable and without the semicolon that ends a part: otherwise one part could pass for two. */
const PART = /^[\x21-\x3a\x3c-\x7e]{1,255}$/;
const TIMESTAMP = /^\d{1,16}$/;
/** Lower case, as Mercado Pago's own library demands. */
const SHA256_HEX = /^[0-9a-f]{64}$/;
/** In seconds the year 10000, in milliseconds 1978. */
const FIRST_MILLISECONDS = 253_402_300_800;

/**
 * `id:<data.id of the query>;request-id:<x-request-id>;ts:<ts>;`, a part left out when it has no value
 * (mercadopago.com/developers, webhooks). An id with capitals is to be signed in lower case; the library signs it as it is.
 */
export function readManifest(notification: RawNotification): ManifestReading {
  const header = signatureHeader(notification, 'x-signature');
  if (!header.ok) {
    return header;
  }
  const { ts, v1 } = readHeader(header.value);
  const signedAt = TIMESTAMP.test(ts) ? momentOf(Number(ts)) : null;
  const id = onlyPart(readForm(Buffer.from(notification.query))?.get('data.id'));
  const requestId = onlyPart(notification.headers['x-request-id']);
  if (signedAt === null || !SHA256_HEX.test(v1) || id === null || requestId === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const rest = `${requestId === '' ? '' : `request-id:${requestId};`}ts:${ts};`;
  const texts = [...new Set([id, id.toLowerCase()])].map((one) => (one === '' ? rest : `id:${one};${rest}`));
  return { ok: true, manifest: { texts, signature: Buffer.from(v1, 'hex'), signedAt } };
}

/** Empty texts unless `ts` and `v1` come once each; signatures of versions to come are passed over. */
function readHeader(value: string): { ts: string; v1: string } {
  const pairs = value.split(',').map((pair) => pair.trim());
  const only = (name: string) => {
    const [found, ...more] = pairs.filter((pair) => pair.startsWith(`${name}=`));
    return more.length > 0 ? '' : (found?.slice(name.length + 1) ?? '');
  };
  return { ts: only('ts'), v1: only('v1') };
}

/** Empty when there is none, null when there is more than one or what cannot be a part. */
function onlyPart(values: readonly string[] = []): string | null {
  const [value = '', ...more] = values;
  return more.length === 0 && (value === '' || PART.test(value)) ? value : null;
}

/** Seconds or milliseconds: both have been seen. */
function momentOf(ts: number): Date | null {
  return timeOfMs(ts < FIRST_MILLISECONDS ? ts * 1000 : ts);
}
