import { z } from 'zod';
import { parseTemplate } from '../signed-template.ts';
import { HEADER_NAME } from '../source.ts';
import { headerName, timeUnit } from './places.ts';

const MAX_TEMPLATE_LENGTH = 300;
const DAY_S = 86_400;
const DEFAULT_TOLERANCE_S = 300;

/** The key of a pair within a header: `v1` of `t=1700000000,v1=...`. */
const PAIR_KEY = /^[A-Za-z0-9_-]{1,32}$/;

const prefix = z
  .string()
  .regex(/^[\x20-\x7e]{1,64}$/, 'has 1 to 64 printable characters')
  .optional()
  .describe('What stands before the value, such as `sha256=`. It must be there, and is taken off.');

const template = z
  .string()
  .max(MAX_TEMPLATE_LENGTH, { abort: true })
  .superRefine((text, context) => {
    const reading = parseTemplate(text);
    if (!reading.ok) {
      context.addIssue({ code: 'custom', message: reading.message });
    }
  });

const hmac = z.strictObject({
  algorithm: z
    .enum(['hmac-sha256', 'hmac-sha512', 'hmac-sha1'])
    .describe('The keyed hash. `hmac-sha1` only where a provider offers nothing newer.'),
  header: headerName.describe('The header with the signature.'),
  prefix,
  separator: z
    .enum([',', ';', ' ', '&'])
    .optional()
    .describe(
      'What stands between several signatures in the header; one of them must be right. Without it there is one.',
    ),
  pair: z
    .string()
    .regex(PAIR_KEY, 'is the key of a pair')
    .optional()
    .describe(
      'The header has pairs such as `t=1700000000,v1=5257a869`: the signatures are the values of this key. Pairs are separated by `separator`, a comma unless given.',
    ),
  signed: template
    .default('{body}')
    .describe(
      'What is signed: `{body}` (the raw bytes, required), `{timestamp}` (as it was written), `{url}` (this account’s webhook URL), `{header:x-name}`, and any text between them.',
    ),
  encoding: z
    .enum(['hex', 'base64', 'hex_or_base64'])
    .default('hex')
    .describe('How the signature is written; hexadecimal digits of either case.'),
  key_encoding: z
    .enum(['utf8', 'hex', 'base64'])
    .default('utf8')
    .describe('How the secret becomes the key: used as text, or decoded.'),
});

/** A password in a header: whoever sees one notification can write others. */
const fixedValue = z.strictObject({
  algorithm: z
    .literal('static')
    .describe('The header has the secret itself. Nothing is signed: whoever sees one notification can write others.'),
  header: headerName.describe('The header with the secret.'),
  prefix,
});

/** How a notification proves where it comes from. */
export const signatureDefinition = z.discriminatedUnion('algorithm', [hmac, fixedValue]);

/** The time that is signed. */
export const timestampDefinition = z.strictObject({
  source: z
    .string()
    .max(200, { abort: true })
    .refine((text) => readTimestampSource(text) !== null, {
      error: 'is header:x-name, or pair:t for a pair of the signature header',
    })
    .describe('Where the time stands: `header:x-timestamp`, or `pair:t` for a pair of the signature header.'),
  unit: timeUnit.describe('Seconds or milliseconds since 1970, or text such as `2026-11-21T10:00:00Z`.'),
  tolerance_s: z
    .int()
    .min(1)
    .max(DAY_S)
    .nullable()
    .default(DEFAULT_TOLERANCE_S)
    .describe(
      'How many seconds it may differ from now, either way. Null where the provider repeats itself with the old time: then only its age in days and the event id keep out what was sent before.',
    ),
});

export type HmacDefinition = z.output<typeof hmac>;
export type SignatureDefinition = z.output<typeof signatureDefinition>;

/** Where a signed time stands. */
export type TimestampSource = { from: 'header' | 'pair'; name: string };

/** Reads `header:x-timestamp` or `pair:t`; null for anything else. */
export function readTimestampSource(text: string): TimestampSource | null {
  const [from = '', name = '', ...more] = text.split(':');
  if (more.length > 0) {
    return null;
  }
  if (from === 'header' && HEADER_NAME.test(name)) {
    return { from, name: name.toLowerCase() };
  }
  return from === 'pair' && PAIR_KEY.test(name) ? { from, name } : null;
}
