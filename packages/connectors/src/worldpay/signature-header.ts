import { bytesOfHex } from '../signature/hex.ts';
import { SHA256_BYTES } from '../signature/hmac.ts';

/** One signature of `Event-Signature`. */
export interface WorldpaySignature {
  keyId: string;
  signature: Buffer;
}

const ENTRY = /^([A-Za-z0-9_-]{1,64})\/SHA256\/([^/]*)$/;
/** Two live secrets make two; nobody needs to compare hundreds. */
const MAX_SIGNATURES = 16;

/**
 * Reads `{keyId}/SHA256/{hexadecimal}`, several of them separated by commas in any order. Other hash functions and malformed
 * entries are passed over. Null when none is left, or when a key id comes twice, as in a repeated header.
 */
export function readWorldpaySignatures(header: string): WorldpaySignature[] | null {
  const entries = header.split(',', MAX_SIGNATURES + 1);
  const signatures = entries.flatMap((entry) => {
    const [, keyId = '', hex = ''] = ENTRY.exec(entry.trim()) ?? [];
    const signature = bytesOfHex(hex, SHA256_BYTES);
    return signature === null ? [] : [{ keyId, signature }];
  });
  const keyIds = new Set(signatures.map(({ keyId }) => keyId));
  const isClear = entries.length <= MAX_SIGNATURES && keyIds.size === signatures.length;
  return isClear && signatures.length > 0 ? signatures : null;
}
