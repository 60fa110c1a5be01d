import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A key of the ring, 32 bytes. Versions are whole numbers that are never used again for another key. */
export interface EncryptionKey {
  version: number;
  key: Buffer;
}

/** What a sealed text belongs to. It opens nowhere else: not at another tenant, not in another record, not in another field. */
export interface SealContext {
  /** Owner key or merchant id. */
  tenant: string;
  recordId: string;
  field: string;
}

/** A sealed text that cannot be opened: altered, moved, or sealed with a key that is not in the ring. Never says what was in it. */
export class SealBrokenError extends Error {
  readonly code = 'seal_broken';
  override readonly name = 'SealBrokenError';
}

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 'v1';
const KEY_BYTES = 32;
/** 96 bits, random; fit for 2^32 texts per key (NIST SP 800-38D, 8.3), then a new key is added to the ring. */
const NONCE_BYTES = 12;
/** Without `authTagLength` Node accepts a tag cut to 4 bytes. */
const TAG_BYTES = 16;
const SEALED = /^v1\.(0|[1-9]\d{0,9})\.([\w-]{16})\.([\w-]{22})\.([\w-]*)$/;

/** Seals secrets at rest with AES-256-GCM (architecture, decision 10) as `v1.<key version>.<nonce>.<tag>.<ciphertext>`. */
export class SecretBox {
  readonly #keys: ReadonlyMap<number, Buffer>;
  readonly #current: EncryptionKey;

  /** @param keys the ring; the last one seals, all of them open. Throws when a key does not fit. */
  constructor(keys: readonly EncryptionKey[]) {
    const current = keys.at(-1);
    if (current === undefined) throw new RangeError('At least one encryption key is needed');
    for (const { version, key } of keys) {
      if (!Number.isSafeInteger(version) || version < 0) throw new RangeError('Key versions are whole numbers from 0');
      if (key.length !== KEY_BYTES) throw new RangeError(`Encryption key ${version} must have ${KEY_BYTES} bytes`);
    }
    this.#keys = new Map(keys.map(({ version, key }) => [version, key]));
    if (this.#keys.size !== keys.length) throw new RangeError('Two encryption keys have the same version');
    this.#current = current;
  }

  seal(text: string, context: SealContext): string {
    const { version, key } = this.#current;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(additionalData(version, context));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const parts = [nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
    return [FORMAT, version, ...parts].join('.');
  }

  /** Throws {@link SealBrokenError}. */
  open(sealed: string, context: SealContext): string {
    const match = SEALED.exec(sealed);
    if (match === null) throw new SealBrokenError('Not a sealed text');
    const [, versionText = '', nonceText = '', tagText = '', ciphertextText = ''] = match;
    const version = Number(versionText);
    const key = this.#keys.get(version);
    if (key === undefined) throw new SealBrokenError(`Sealed with key ${version}, which is not in the ring`);
    const ciphertext = Buffer.from(ciphertextText, 'base64url');
    const tag = Buffer.from(tagText, 'base64url');
    // Base64 has several spellings of the same bytes (unused last bits); only ours is accepted.
    if (ciphertext.toString('base64url') !== ciphertextText || tag.toString('base64url') !== tagText) {
      throw new SealBrokenError('Not a sealed text');
    }
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonceText, 'base64url'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(additionalData(version, context));
    decipher.setAuthTag(tag);
    try {
      return decipher.update(ciphertext, undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new SealBrokenError('The sealed text was altered or belongs elsewhere');
    }
  }

  sealJson(value: unknown, context: SealContext): string {
    return this.seal(JSON.stringify(value), context);
  }

  /** Throws {@link SealBrokenError}; what was sealed by `sealJson` has the type it had. */
  openJson<T>(sealed: string, context: SealContext): T {
    return JSON.parse(this.open(sealed, context)) as T;
  }
}

/** JSON keeps the parts apart: no choice of ids can imitate another record. */
function additionalData(version: number, { tenant, recordId, field }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, version, tenant, recordId, field]), 'utf8');
}
