import { createPrivateKey, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A private key and its certificate, both PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** From when until when a certificate is valid; an hour before and after now unless said otherwise. */
export interface Validity {
  from: Date;
  to: Date;
}

type KeyType = 'ec' | 'rsa' | 'rsa-1024';

/** A certificate authority of a test's own. */
export interface Authority extends Certificate {
  /** A certificate for a server of this name, or for a client that calls itself so; with a P-256 key unless said otherwise. */
  issue(name: string, validity?: Validity, keyType?: KeyType): Certificate;
  /** An authority of this name below this one. */
  issueAuthority(name: string, validity?: Validity, keyType?: KeyType): Authority;
}

/** A certificate that signed itself, for a host name; it can stand as its own authority. */
export function selfSigned(name: string, validity?: Validity): Certificate {
  return createAuthority(name, validity);
}

/** Makes certificates (RFC 5280) at test time, without openssl, which not every machine has. */
export function createAuthority(name: string, validity: Validity = aroundNow()): Authority {
  const keys = newKeys('ec');
  const { publicKey, privateKey: signer } = keys;
  const own = certificate({ name, issuer: name, validity, publicKey, signer, isAuthority: true });
  return issuerWith(name, { key: pemOf(keys.privateKey), cert: own });
}

/** Issues under the name and the key of any certificate, also of one that may not: nobody has to accept those. */
export function issuerWith(issuer: string, own: Certificate): Authority {
  const signer = createPrivateKey(own.key);
  function issueAny(name: string, validity: Validity, keyType: KeyType, isAuthority: boolean): Certificate {
    const { publicKey, privateKey } = newKeys(keyType);
    return { key: pemOf(privateKey), cert: certificate({ name, issuer, validity, publicKey, signer, isAuthority }) };
  }
  return {
    ...own,
    issue: (name, validity = aroundNow(), keyType = 'ec') => issueAny(name, validity, keyType, false),
    issueAuthority: (name, validity = aroundNow(), keyType = 'ec') =>
      issuerWith(name, issueAny(name, validity, keyType, true)),
  };
}

function newKeys(keyType: KeyType): { publicKey: KeyObject; privateKey: KeyObject } {
  return keyType === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: keyType === 'rsa' ? 2048 : 1024 });
}

/** Names of algorithms (RFC 5758, 3.2; RFC 4055, 5). */
const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
const sha256WithRsa = sequence(Buffer.from('06092a864886f70d01010b', 'hex'), Buffer.from('0500', 'hex'));

function certificate(of: {
  name: string;
  issuer: string;
  validity: Validity;
  publicKey: KeyObject;
  signer: KeyObject;
  isAuthority: boolean;
}): string {
  const algorithm = of.signer.asymmetricKeyType === 'ec' ? ecdsaWithSha256 : sha256WithRsa;
  const alternativeNames = sequence(tlv(0x82, Buffer.from(of.name)));
  const extensions = sequence(
    sequence(Buffer.from('0603551d11', 'hex'), tlv(0x04, alternativeNames)),
    // basicConstraints, critical: a certificate authority or none
    sequence(
      Buffer.from('0603551d13', 'hex'),
      Buffer.from('0101ff', 'hex'),
      tlv(0x04, sequence(of.isAuthority ? Buffer.from('0101ff', 'hex') : Buffer.alloc(0))),
    ),
  );
  const toBeSigned = sequence(
    tlv(0xa0, Buffer.from('020102', 'hex')),
    tlv(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    algorithm,
    distinguishedName(of.issuer),
    sequence(time(of.validity.from), time(of.validity.to)),
    distinguishedName(of.name),
    of.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(of.signer);
  const der = sequence(toBeSigned, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return `-----BEGIN CERTIFICATE-----\n${der
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END CERTIFICATE-----\n`;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function aroundNow(): Validity {
  const nowMs = Date.now();
  return { from: new Date(nowMs - 3_600_000), to: new Date(nowMs + 3_600_000) };
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(Buffer.from('0603550403', 'hex'), tlv(0x0c, Buffer.from(commonName)))));
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

/** DER: tag, length, value. */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function time(date: Date): Buffer {
  return tlv(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`));
}
