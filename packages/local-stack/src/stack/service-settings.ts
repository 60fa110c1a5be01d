/** The three services, in the order of an event's life. */
export const serviceNames = ['ingress', 'subscriptions', 'dispatcher'] as const;

export type ServiceName = (typeof serviceNames)[number];

const everywhere = ['ENVIRONMENT', 'HOST', 'LOG_LEVEL', 'MAX_CONNECTIONS', 'SHUTDOWN_GRACE_MS', 'SUPPORT_CONTACT'];
const stores = ['MONGO_URL', 'REDIS_URL', 'ENCRYPTION_KEYS', 'QUEUE_PREFIX', 'QUEUE_SHARDS'];
const tokens = ['JWT_SECRET', 'JWT_ISSUER', 'JWT_AUDIENCE'];
const sending = ['ALLOWED_PRIVATE_RANGES', 'ALLOW_HTTP', 'ALLOWED_PORTS', 'DNS_SERVERS'];

/** Which settings each service reads; a service is given these and no others. */
const settingsOf: Readonly<Record<ServiceName, readonly string[]>> = {
  ingress: [
    ...everywhere,
    ...stores,
    ...tokens,
    'PUBLIC_INGRESS_URL',
    'RETENTION_DAYS',
    'DEDUPE_DAYS',
    'MERCHANT_SHARE_PER_S',
    'MERCHANT_SHARE_BURST',
    'INTAKE_MIB',
    'LOOKS_PER_S',
    'ALLOWED_PRIVATE_RANGES',
    'DNS_SERVERS',
  ],
  subscriptions: [
    ...everywhere,
    ...stores,
    ...tokens,
    ...sending,
    'PUBLIC_INGRESS_URL',
    'PUBLIC_API_URL',
    'RETENTION_DAYS',
    'DEDUPE_DAYS',
    'RATE_LIMIT_PER_S',
  ],
  dispatcher: [
    ...everywhere,
    ...stores,
    ...sending,
    'DELIVERY_CONCURRENCY',
    'OVERFLOW_PER_S',
    'RETRIES_PER_S',
    'RETENTION_DAYS',
    'DEDUPE_DAYS',
  ],
};

/** Settings that change how a local stack behaves but not what it is: taken from our own environment when they are there. */
export const adjustable = [
  'LOG_LEVEL',
  'SHUTDOWN_GRACE_MS',
  'SUPPORT_CONTACT',
  'QUEUE_PREFIX',
  'QUEUE_SHARDS',
  'ALLOWED_PRIVATE_RANGES',
  'DNS_SERVERS',
  'RETENTION_DAYS',
  'DEDUPE_DAYS',
  'DELIVERY_CONCURRENCY',
  'MERCHANT_SHARE_PER_S',
  'MERCHANT_SHARE_BURST',
  'INTAKE_MIB',
  'LOOKS_PER_S',
  'MAX_CONNECTIONS',
  'OVERFLOW_PER_S',
  'RETRIES_PER_S',
  'RATE_LIMIT_PER_S',
] as const;

/** Settings by name, as the environment has them. */
export type Settings = Readonly<Record<string, string>>;

/** Those of `all` that the service reads. */
export function settingsFor(service: ServiceName, all: Settings): Settings {
  return Object.fromEntries(Object.entries(all).filter(([name]) => settingsOf[service].includes(name)));
}
