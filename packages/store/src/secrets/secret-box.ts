import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, KEY_BYTES, NONCE_BYTES } from './aes-gcm.ts';

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

/** Why a sealed text does not open: its key is not in the ring; or it was altered, moved, or its version names another key. */
export type SealFault = 'key_missing' | 'altered';

/** A sealed text that cannot be opened. Never says what was in it. */
export class SealBrokenError extends Error {
  readonly code = 'seal_broken';
  override readonly name = 'SealBrokenError';
  readonly fault: SealFault;

  constructor(fault: SealFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

const FORMAT = 'v1';
const SEALED = /^v1\.(0|[1-9]\d{0,9})\.([\w-]{16})\.([\w-]{22})\.([\w-]*)$/;

/** The version of the key that a text was sealed with; null when it is no sealed text. */
export function keyVersionOf(sealed: unknown): number | null {
  const match = typeof sealed === 'string' ? SEALED.exec(sealed) : null;
  return match === null ? null : Number(match[1]);
}

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

  /** The version of the key that seals. */
  get currentVersion(): number {
    return this.#current.version;
  }

  seal(text: string, context: SealContext): string {
    const { version, key } = this.#current;
    const additional = additionalData(version, context);
    const { nonce, tag, ciphertext } = encrypt(key, randomBytes(NONCE_BYTES), additional, Buffer.from(text, 'utf8'));
    return [FORMAT, version, ...[nonce, tag, ciphertext].map((part) => part.toString('base64url'))].join('.');
  }

  /** Throws {@link SealBrokenError}. */
  open(sealed: string, context: SealContext): string {
    const match = SEALED.exec(sealed);
    if (match === null) throw new SealBrokenError('altered', 'Not a sealed text');
    const [, versionText = '', nonceText = '', tagText = '', ciphertextText = ''] = match;
    const version = Number(versionText);
    const key = this.#keys.get(version);
    if (key === undefined) {
      throw new SealBrokenError('key_missing', `Sealed with key ${version}, which is not in the ring`);
    }
    const nonce = Buffer.from(nonceText, 'base64url');
    const ciphertext = Buffer.from(ciphertextText, 'base64url');
    const tag = Buffer.from(tagText, 'base64url');
    // Base64 has several spellings of the same bytes (unused last bits); only ours is accepted.
    if (ciphertext.toString('base64url') !== ciphertextText || tag.toString('base64url') !== tagText) {
      throw new SealBrokenError('altered', 'Not a sealed text');
    }
    const opened = decrypt(key, { nonce, tag, ciphertext }, additionalData(version, context));
    if (opened === null) throw new SealBrokenError('altered', 'The sealed text was altered or belongs elsewhere');
    return opened.toString('utf8');
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
