import type { RawNotification } from '../connector.ts';

export type HeaderReading =
  | { ok: true; value: string }
  | { ok: false; reason: 'signature_missing' | 'signature_malformed' };

/**
 * The value of a header that must come exactly once. A repeated one is refused: which of the two the vendor wrote could
 * not be known.
 */
export function signatureHeader(notification: RawNotification, name: string): HeaderReading {
  const [value, ...more] = notification.headers[name] ?? [];
  if (value === undefined || value === '') {
    return { ok: false, reason: 'signature_missing' };
  }
  return more.length > 0 ? { ok: false, reason: 'signature_malformed' } : { ok: true, value };
}
