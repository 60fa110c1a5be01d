import type { RawNotification } from '../connector.ts';
import type { HmacDefinition, SignatureDefinition } from './definition/signature.ts';
import { signatureOf } from './encodings.ts';
import { headerValues } from './header-values.ts';

type Fault = { ok: false; reason: 'signature_missing' | 'signature_malformed' };

/** What a signature header says. */
export type SignatureReading =
  | {
      ok: true;
      signatures: readonly Buffer[] /** The pairs beside the signatures. */;
      pairs: ReadonlyMap<string, string>;
    }
  | Fault;

/** More than any rotation makes; strangers choose how many there are. */
const MAX_PARTS = 16;
const MAX_LENGTH = 4_096;

const MISSING: Fault = { ok: false, reason: 'signature_missing' };
const MALFORMED: Fault = { ok: false, reason: 'signature_malformed' };

/** The header's one value without its prefix. Repeated headers are refused: which one was meant could not be known. */
export function headerText(
  { headers }: RawNotification,
  { header, prefix = '' }: Pick<SignatureDefinition, 'header' | 'prefix'>,
): { ok: true; text: string } | Fault {
  const [value, ...more] = headerValues(headers, header);
  if (value === undefined || value === '') {
    return MISSING;
  }
  const isWellFormed = more.length === 0 && value.length <= MAX_LENGTH && value.startsWith(prefix);
  return isWellFormed ? { ok: true, text: value.slice(prefix.length) } : MALFORMED;
}

/** Reads the signatures, and whatever stands in pairs beside them, as the definition says. */
export function readSignatures(
  notification: RawNotification,
  definition: HmacDefinition,
  size: number,
): SignatureReading {
  const header = headerText(notification, definition);
  if (!header.ok) {
    return header;
  }
  const { separator, pair, encoding } = definition;
  const isList = separator !== undefined || pair !== undefined;
  const parts = isList ? header.text.split(separator ?? ',', MAX_PARTS + 1).map((part) => part.trim()) : [header.text];
  if (parts.length > MAX_PARTS) {
    return MALFORMED;
  }
  const pairs = new Map<string, string>();
  const texts: string[] = [];
  for (const part of parts) {
    const at = pair === undefined ? -1 : part.indexOf('=');
    const key = part.slice(0, Math.max(at, 0));
    if (pair === undefined || key === pair) {
      texts.push(part.slice(at + 1));
    } else if (pairs.has(key)) {
      return MALFORMED;
    } else {
      pairs.set(key, part.slice(at + 1));
    }
  }
  const signatures = texts.map((text) => signatureOf(text, encoding, size)).filter((one) => one !== null);
  return signatures.length === 0 ? MALFORMED : { ok: true, signatures, pairs };
}
