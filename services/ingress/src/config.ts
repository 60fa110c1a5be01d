import {
  defineSettings,
  fields,
  integerSetting,
  oneTokenKey,
  privateRangesOnlyInSandbox,
  publicUrlSetting,
  sendingFields,
  serviceFields,
  tokenFields,
  withDefault,
} from '@owngateway/service-kit';

/** Every environment variable that ingress reads; nothing else in it reads the environment. */
export const ingressSettings = defineSettings(
  {
    ...serviceFields,
    PORT: withDefault(serviceFields.PORT, '8080'),
    MONGO_URL: fields.mongoUrl,
    REDIS_URL: fields.redisUrl,
    ENCRYPTION_KEYS: fields.encryptionKeys,
    QUEUE_PREFIX: fields.queuePrefix,
    QUEUE_SHARDS: fields.queueShards,
    PUBLIC_INGRESS_URL: publicUrlSetting({
      description: 'Where connectors reach ingress, as pasted into their dashboards; some sign it.',
    }),
    DEDUPE_DAYS: integerSetting({
      description: 'How many days a notification that comes again is known for a duplicate.',
      min: 45,
      max: 3_650,
      default: '180',
    }),
    MERCHANT_SHARE_PER_S: integerSetting({
      description:
        'Events per second of one merchant, in one process, that take the first lane; what exceeds it is accepted too and takes the overflow lane.',
      min: 1,
      max: 100_000,
      default: '500',
    }),
    MERCHANT_SHARE_BURST: integerSetting({
      description: 'How many events of one merchant may take the first lane at once after a pause.',
      min: 1,
      max: 1_000_000,
      default: '1000',
    }),
    LOOKS_PER_S: integerSetting({
      description:
        "Notifications of one connector account per second, in one process, that are taken although only a look at its vendor's API can tell what they are worth (Mollie's classic ones, repeats of others that only name a payment); what exceeds it, ten seconds' worth at once included, is answered with 503.",
      min: 1,
      max: 10_000,
      default: '20',
    }),
    INTAKE_MIB: integerSetting({
      description:
        'Memory that bodies of notifications under way may hold, in MiB; what exceeds it is answered with 503. The process takes about twice as much beside its own 150.',
      min: 8,
      max: 4_096,
      default: '128',
    }),
    // For the APIs of connectors. http:// is never among them in production, and neither is another port than 443 and 8443.
    ALLOWED_PRIVATE_RANGES: sendingFields.ALLOWED_PRIVATE_RANGES,
    DNS_SERVERS: sendingFields.DNS_SERVERS,
    ...tokenFields,
  },
  [oneTokenKey, privateRangesOnlyInSandbox],
);
