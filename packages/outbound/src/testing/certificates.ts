import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

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

/** A certificate authority of a test's own. */
export interface Authority extends Certificate {
  /** A certificate for a server of this name, or for a client that calls itself so. */
  issue(name: string, validity?: Validity): Certificate;
}

/** A certificate that signed itself, for a host name; it can stand as its own authority. */
export function selfSigned(name: string, validity?: Validity): Certificate {
  return createAuthority(name, validity);
}

/** Makes P-256 certificates (RFC 5280) at test time, without openssl, which not every machine has. */
export function createAuthority(name: string, validity: Validity = aroundNow()): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = certificate({
    name,
    issuer: name,
    validity,
    publicKey: keys.publicKey,
    signer: keys.privateKey,
    isAuthority: true,
  });
  return {
    key: pemOf(keys.privateKey),
    cert: own,
    issue(subject, subjectValidity = aroundNow()) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const cert = certificate({
        name: subject,
        issuer: name,
        validity: subjectValidity,
        publicKey,
        signer: keys.privateKey,
        isAuthority: false,
      });
      return { key: pemOf(privateKey), cert };
    },
  };
}

function certificate(of: {
  name: string;
  issuer: string;
  validity: Validity;
  publicKey: KeyObject;
  signer: KeyObject;
  isAuthority: boolean;
}): string {
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
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
    ecdsaWithSha256,
    distinguishedName(of.issuer),
    sequence(time(of.validity.from), time(of.validity.to)),
    distinguishedName(of.name),
    of.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(of.signer);
  const der = sequence(toBeSigned, ecdsaWithSha256, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
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
