import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

/** A key and the certificate that it signed itself, both PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Makes a self-signed P-256 certificate (RFC 5280) without openssl, which not every machine has. */
export function selfSigned(hostname: string, validity: { from: Date; to: Date } = around(new Date())): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
  const commonName = tlv(0x31, sequence(Buffer.from('0603550403', 'hex'), tlv(0x0c, Buffer.from(hostname))));
  const name = sequence(commonName);
  const alternativeNames = sequence(tlv(0x82, Buffer.from(hostname)));
  const extensions = sequence(
    sequence(Buffer.from('0603551d11', 'hex'), tlv(0x04, alternativeNames)),
    // basicConstraints CA:TRUE, so that the certificate can stand as its own authority
    sequence(
      Buffer.from('0603551d13', 'hex'),
      Buffer.from('0101ff', 'hex'),
      tlv(0x04, sequence(Buffer.from('0101ff', 'hex'))),
    ),
  );
  const toBeSigned = sequence(
    tlv(0xa0, Buffer.from('020102', 'hex')),
    tlv(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    sequence(time(validity.from), time(validity.to)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(privateKey);
  const der = sequence(toBeSigned, ecdsaWithSha256, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const cert = `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
}

function around(now: Date): { from: Date; to: Date } {
  return { from: new Date(now.getTime() - 3_600_000), to: new Date(now.getTime() + 3_600_000) };
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
