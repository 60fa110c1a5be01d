import { isIP } from 'node:net';
import { z } from 'zod';

/** A whole number within bounds, written in plain decimal digits (`1e3`, `0x10` and ` 5` are refused). */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'not a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `less than ${min}`).max(max, `more than ${max}`));
}

/** `true` or `false`, nothing else: `ALLOW_HTTP=no` must not mean yes. */
export const booleanText = z.enum(['true', 'false'], 'neither true nor false').transform((text) => text === 'true');

const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;

/** A key for secrets at rest; its version is stored with everything it encrypts. */
export interface EncryptionKey {
  version: number;
  /** 32 bytes */
  key: Buffer;
}

/** `1:<base64 of 32 bytes>,2:<...>`; the last one encrypts, all of them decrypt. */
export const encryptionKeysText = z.string().transform((text, context): EncryptionKey[] => {
  const keys: EncryptionKey[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d{1,6}):(.+)$/.exec(part.trim());
    const version = Number(match?.[1]);
    const encoded = match?.[2] ?? '';
    if (match === null || !BASE64_OF_32_BYTES.test(encoded) || keys.some((key) => key.version === version)) {
      context.addIssue({ code: 'custom', message: 'not a list of distinct versions with 32-byte keys' });
      return z.NEVER;
    }
    keys.push({ version, key: Buffer.from(encoded, 'base64') });
  }
  return keys;
});

/** A comma-separated list of CIDR ranges, IPv4 or IPv6. Empty parts are refused. */
export const cidrListText = z.string().transform((text, context): string[] => {
  const parts = text.split(',').map((part) => part.trim());
  const range = z.union([z.cidrv4(), z.cidrv6()]);
  const wrong = parts.find((part) => !range.safeParse(part).success);
  if (wrong === undefined) return parts;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(wrong.slice(0, 50))} is not a CIDR range` });
  return z.NEVER;
});

/** Comma-separated name servers: `10.0.0.53`, `10.0.0.53:5353`, `[fd00::53]:53`. Empty parts are refused. */
export const nameServersText = z.string().transform((text, context): string[] => {
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => !isNameServer(part));
  if (wrong === undefined) return parts;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(wrong.slice(0, 50))} is not an address of a name server`,
  });
  return z.NEVER;
});

function isNameServer(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const [, bracketed, plain, port = '53'] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const isAddress = bracketed === undefined ? isIP(plain ?? '') === 4 : isIP(bracketed) === 6;
  return isAddress && isPort(Number(port));
}

/** Comma-separated ports. Empty parts are refused. */
export const portListText = z.string().transform((text, context): number[] => {
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => !/^\d{1,5}$/.test(part) || !isPort(Number(part)));
  if (wrong === undefined) return parts.map(Number);
  context.addIssue({ code: 'custom', message: `${JSON.stringify(wrong.slice(0, 50))} is not a port` });
  return z.NEVER;
});

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

/** An http(s) origin or base URL without credentials, query or fragment; a trailing slash is dropped. */
export const publicUrlText = z.string().transform((text, context): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (plain && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href.replace(/\/$/, '');
  context.addIssue({ code: 'custom', message: 'not a plain http(s) URL' });
  return z.NEVER;
});

/** A connection URL with one of these schemes. */
export function connectionUrl(schemes: readonly string[]) {
  return z.string().refine((text) => schemes.some((scheme) => text.length > scheme.length && text.startsWith(scheme)), {
    message: `does not begin with ${schemes.join(' or ')}`,
  });
}

/** Scheme and hosts of a connection URL, without the credentials before `@` and the options after `?`. */
export function withoutCredentials(url: string): string {
  const [scheme = ''] = url.split('://', 1);
  const rest = url.slice(scheme.length + 3).replace(/\?.*$/s, '');
  return `${scheme}://${rest.slice(rest.lastIndexOf('@') + 1)}`;
}
