/**
 * Names whose values never reach a log line. The rule is to log chosen fields only; this is the net below it for the
 * day somebody logs a whole request.
 */
const SECRET_NAMES = [
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'x-signature',
  'webhook-signature',
  'secret',
  'secrets',
  'webhook_secret',
  'webhookSecret',
  'signing_secret',
  'password',
  'token',
  'credentials',
  'authentication',
  'body',
  'rawBody',
  'payload',
  'response_body',
];

/** How deep a name is looked for: at the top, and in objects up to this many levels down. */
const LEVELS_DOWN = 3;

/** pino's paths for every secret name at every level. */
export const REDACTED_PATHS: string[] = SECRET_NAMES.flatMap((name) => {
  const key = `["${name}"]`;
  const depths = Array.from(
    { length: LEVELS_DOWN },
    (_, level) =>
      `${Array(level + 1)
        .fill('*')
        .join('.')}${key}`,
  );
  return [key, ...depths];
});
