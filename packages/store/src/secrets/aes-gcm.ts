import { createCipheriv, createDecipheriv } from 'node:crypto';

/** AES-256-GCM as everything here is sealed with it: 256-bit keys, 96-bit nonces, whole 128-bit tags. */
const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
/** 96 bits, random; fit for 2^32 texts per key (NIST SP 800-38D, 8.3), then a new key is added to the ring. */
export const NONCE_BYTES = 12;
/** Without `authTagLength` Node accepts a tag cut to 4 bytes. */
export const TAG_BYTES = 16;

/** Bytes under a key; the additional data is authenticated with them, but not part of them. */
export interface Encrypted {
  nonce: Buffer;
  tag: Buffer;
  ciphertext: Buffer;
}

/** The same nonce must never be used twice with one key. */
export function encrypt(key: Buffer, nonce: Buffer, additionalData: Buffer, text: Buffer): Encrypted {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData);
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
  return { nonce, tag: cipher.getAuthTag(), ciphertext };
}

/** Null when anything was altered: key, nonce, tag, ciphertext or additional data. */
export function decrypt(key: Buffer, { nonce, tag, ciphertext }: Encrypted, additionalData: Buffer): Buffer | null {
  if (nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null;
  }
}
