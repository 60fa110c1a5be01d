import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@owngateway/local-stack';
import { hmacSha256 } from '../../../packages/connectors/src/signature/hmac.ts';
import { hmac } from '../../../packages/signature/src/sign.ts';
import { decrypt, encrypt, NONCE_BYTES } from '../../../packages/store/src/secrets/aes-gcm.ts';
import type { FaultRow } from '../fault-row.ts';

type HmacVector = [id: number, key: string, message: string, tag: string, tagBits: number, result: string];
type GcmVector = [
  id: number,
  key: string,
  nonce: string,
  additionalData: string,
  message: string,
  ciphertext: string,
  tag: string,
  result: string,
];

/** What signs deliveries, verifies notifications and seals secrets, against the vectors of others (vectors/README.md). */
export const vectors: FaultRow = {
  number: 84,
  group: 'G',
  fault: 'Wycheproof vectors for HMAC-SHA256 (signing, verifying) and AES-256-GCM (sealing)',
  bar: 'all agree; only nonces that are not 96 bits long are refused by design',
  short: true,
  async run() {
    const macs = read<HmacVector>('hmac-sha256.jsonl');
    const seals = read<GcmVector>('aes-256-gcm.jsonl');
    const wrongMacs = macs.filter((vector) => !macAgrees(vector)).map(([id]) => `hmac ${id}`);
    const fitting = seals.filter(([, , nonce]) => nonce.length === 2 * NONCE_BYTES);
    const others = seals.filter((vector) => !fitting.includes(vector));
    const wrongSeals = [
      ...fitting.filter((vector) => !sealAgrees(vector)),
      ...others.filter((vector) => opened(vector) !== null),
    ].map(([id]) => `gcm ${id}`);
    const wrong = [...wrongMacs, ...wrongSeals];
    return {
      met: wrong.length === 0 && macs.length === 174 && seals.length === 105,
      figure: [
        `HMAC ${macs.length - wrongMacs.length}/${macs.length}`,
        `GCM ${fitting.length + others.length - wrongSeals.length}/${seals.length} (${others.length} with other nonces refused)`,
        ...wrong.slice(0, 5),
      ].join(', '),
      figures: { hmac: macs.length, gcm: seals.length, gcm_refused_by_design: others.length, wrong: wrong.length },
    };
  },
};

function read<Vector>(name: string): Vector[] {
  const text = readFileSync(join(repositoryRoot, 'tests', 'faults', 'group-g', 'vectors', name), 'utf8');
  const [_source, ...tests] = text.trimEnd().split('\n');
  return tests.map((line) => JSON.parse(line) as Vector);
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** Both ways in which we make one; tags that were cut short are compared as far as they go, which our own headers never are. */
function macAgrees([, key, message, tag, tagBits, result]: HmacVector): boolean {
  const isValid = result === 'valid';
  const made = [hmac(createSecretKey(bytes(key)), '', bytes(message)), hmacSha256(bytes(key), bytes(message))];
  return made.every((mac) => mac.subarray(0, tagBits / 8).equals(bytes(tag)) === isValid);
}

function opened([, key, nonce, additionalData, , ciphertext, tag]: GcmVector): Buffer | null {
  const encrypted = { nonce: bytes(nonce), tag: bytes(tag), ciphertext: bytes(ciphertext) };
  return decrypt(bytes(key), encrypted, bytes(additionalData));
}

function sealAgrees(vector: GcmVector): boolean {
  const [, key, nonce, additionalData, message, ciphertext, tag, result] = vector;
  const text = opened(vector);
  if (result !== 'valid') return text === null;
  const made = encrypt(bytes(key), bytes(nonce), bytes(additionalData), bytes(message));
  return text?.toString('hex') === message && made.ciphertext.equals(bytes(ciphertext)) && made.tag.equals(bytes(tag));
}
