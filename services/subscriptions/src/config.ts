import {
  defineSettings,
  fields,
  integerSetting,
  oneTokenKey,
  privateRangesOnlyInSandbox,
  publicUrlSetting,
  type SettingsOf,
  sendingFields,
  serviceFields,
  tokenFields,
  withDefault,
} from '@owngateway/service-kit';

/** Every setting of the subscription service; docs and deployment files are checked against this list. */
export const subscriptionsSettings = defineSettings(
  {
    ...serviceFields,
    PORT: withDefault(serviceFields.PORT, '8081'),
    ...tokenFields,
    MONGO_URL: fields.mongoUrl,
    REDIS_URL: fields.redisUrl,
    ENCRYPTION_KEYS: fields.encryptionKeys,
    PUBLIC_INGRESS_URL: publicUrlSetting({
      description: 'Where connectors reach ingress; webhook URLs begin with it.',
    }),
    PUBLIC_API_URL: publicUrlSetting({ description: 'Where merchants and browsers reach this service.' }),
    ...sendingFields,
    QUEUE_PREFIX: fields.queuePrefix,
    QUEUE_SHARDS: fields.queueShards,
    TRUST_PROXY_HOPS: integerSetting({
      description: 'How many proxies in front of us are believed about the caller’s address in the audit trail.',
      min: 0,
      max: 10,
      default: '0',
    }),
    RATE_LIMIT_PER_S: integerSetting({
      description: 'Requests per second that one token may make.',
      min: 1,
      max: 10_000,
      default: '50',
    }),
  },
  [oneTokenKey, privateRangesOnlyInSandbox],
);

/** What the settings say, once they are read; `runService` reads them, and nothing else looks at the environment. */
export type SubscriptionsSettings = SettingsOf<typeof subscriptionsSettings>;
