import { z } from 'zod';
import {
  booleanText,
  cidrListText,
  connectionUrl,
  encryptionKeysText,
  publicUrlText,
  wholeNumber,
  withoutCredentials,
} from './parse.ts';
import { optional, type Setting, setting } from './setting.ts';

/** A whole number between two bounds; the unit belongs in the name and the description. */
export function integerSetting(options: { description: string; min: number; max: number; default?: string }) {
  const { min, max, ...rest } = options;
  return setting({ ...rest, schema: wholeNumber(min, max), expected: `a whole number from ${min} to ${max}` });
}

/** A duration in milliseconds. */
export function durationMsSetting(options: { description: string; minMs: number; maxMs: number; default?: string }) {
  const { minMs, maxMs, ...rest } = options;
  return setting({ ...rest, schema: wholeNumber(minMs, maxMs), expected: `milliseconds, ${minMs} to ${maxMs}` });
}

/** `true` or `false`. */
export function booleanSetting(options: { description: string; default?: string }) {
  return setting({ ...options, schema: booleanText, expected: 'true or false' });
}

/** Free text that is not empty. */
export function textSetting(options: { description: string; expected?: string; default?: string; secret?: boolean }) {
  const schema = z.string().min(1).max(4096);
  return setting({ expected: 'text that is not empty', ...options, schema });
}

/** Comma-separated CIDR ranges as a list; `optional(...)` where there may be none. */
export function cidrListSetting(options: { description: string; default?: string }) {
  const expected = 'comma-separated CIDR ranges, such as 127.0.0.0/8,::1/128';
  return setting({ ...options, schema: cidrListText, expected, show: (ranges) => ranges.join(',') });
}

/** A public http(s) address of ours, without a trailing slash. */
export function publicUrlSetting(options: { description: string; default?: string }) {
  return setting({ ...options, schema: publicUrlText, expected: 'an http(s) URL, such as https://hooks.example.com' });
}

/** The settings that several services have in common. Take them as they are or through `withDefault`, `optional`. */
export const fields = {
  environment: setting({
    schema: z.enum(['sandbox', 'production'], 'neither sandbox nor production'),
    description: 'Which of the two worlds this installation serves; tokens of the other one are refused.',
    expected: 'sandbox or production',
  }),
  mongoUrl: setting({
    schema: connectionUrl(['mongodb://', 'mongodb+srv://']),
    description: 'MongoDB, the truth: every event, delivery and secret.',
    expected: 'mongodb://... or mongodb+srv://... with the database name',
    secret: true,
    show: withoutCredentials,
  }),
  redisUrl: setting({
    schema: connectionUrl(['redis://', 'rediss://', 'redis+sentinel://', 'rediss+sentinel://']),
    description: 'Redis or Valkey for the queues; disposable.',
    expected:
      'redis://..., rediss://... or redis+sentinel://[user:password@]host:port,host:port/name-of-the-primary[/db]',
    secret: true,
    show: withoutCredentials,
  }),
  encryptionKeys: setting({
    schema: encryptionKeysText,
    description: 'Keys for secrets at rest; the last one encrypts, all of them decrypt.',
    expected: '1:<base64 of 32 bytes>,2:<base64 of 32 bytes>,... with distinct versions',
    secret: true,
    show: (keys) => `versions ${keys.map((key) => key.version).join(', ')}`,
  }),
  supportContact: textSetting({
    description: 'Where merchants find help; shown in docs, dashboard and problem documents (001.21).',
    expected: 'a mail address or URL',
  }),
  queuePrefix: setting({
    schema: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'not 1-64 letters, digits, _ or -'),
    description: 'Separates the queues of installations that share a Redis.',
    expected: '1-64 letters, digits, _ or -',
    default: 'owngateway',
  }),
  queueShards: integerSetting({
    description: 'Into how many queues each kind is split.',
    min: 1,
    max: 64,
    default: '1',
  }),
} satisfies Record<string, Setting>;

/** The settings that `runService` itself needs: spread them into every service's definition. */
export const serviceFields = {
  ENVIRONMENT: fields.environment,
  PORT: integerSetting({ description: 'Port of the service; 0 takes any free one.', min: 0, max: 65535 }),
  HOST: setting({
    schema: z.union([z.ipv4(), z.ipv6()], 'not an IP address').optional(),
    description: 'Address to listen on; all of them without it.',
    expected: 'an IP address',
  }),
  METRICS_PORT: setting({
    schema: wholeNumber(0, 65535).optional(),
    description: 'Own port for /metrics; without it /metrics is on PORT.',
    expected: 'a whole number from 0 to 65535',
  }),
  MAX_CONNECTIONS: integerSetting({
    description:
      'Connections to PORT at a time; further ones are closed at once. Each takes up to 50 KB while its request is unfinished.',
    min: 10,
    max: 100_000,
    default: '4000',
  }),
  LOG_LEVEL: setting({
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'not a log level'),
    description: 'The least severe log lines that are written.',
    expected: 'fatal, error, warn, info, debug, trace or silent',
    default: 'info',
  }),
  SHUTDOWN_GRACE_MS: durationMsSetting({
    description: 'How long a stop may take in all, in milliseconds; then the process exits with 1.',
    minMs: 100,
    maxMs: 600_000,
    default: '25000',
  }),
  SUPPORT_CONTACT: optional(fields.supportContact),
} satisfies Record<string, Setting>;
