import {
  defineSettings,
  fields,
  integerSetting,
  privateRangesOnlyInSandbox,
  type SettingsOf,
  sendingFields,
  serviceFields,
  withDefault,
} from '@owngateway/service-kit';

/** Every setting of the dispatcher; docs and deployment files are checked against this list. */
export const dispatcherSettings = defineSettings(
  {
    ...serviceFields,
    PORT: withDefault(serviceFields.PORT, '8082'),
    // Longer than the longest `timeout_ms` (30 s) and the writing of its result, so that a stop cuts off no honest request.
    SHUTDOWN_GRACE_MS: withDefault(serviceFields.SHUTDOWN_GRACE_MS, '35000'),
    MONGO_URL: fields.mongoUrl,
    REDIS_URL: fields.redisUrl,
    ENCRYPTION_KEYS: fields.encryptionKeys,
    ...sendingFields,
    QUEUE_PREFIX: fields.queuePrefix,
    QUEUE_SHARDS: fields.queueShards,
    DELIVERY_CONCURRENCY: integerSetting({
      description: 'Requests to merchants in flight in one process, at the most.',
      min: 1,
      max: 5_000,
      default: '200',
    }),
    RETRIES_PER_S: integerSetting({
      description:
        'Retries and replays per second of one process while first attempts are made; unbounded while there are none. What exceeds it is late.',
      min: 1,
      max: 100_000,
      default: '200',
    }),
    OVERFLOW_PER_S: integerSetting({
      description:
        'Events per second of one process from the overflow lane, and deliveries of events with very many subscriptions, while other merchants have events; unbounded while none has.',
      min: 1,
      max: 100_000,
      default: '300',
    }),
    RETENTION_DAYS: integerSetting({
      description: 'Days that the body of an event is kept.',
      min: 1,
      max: 3_650,
      default: '30',
    }),
    DEDUPE_DAYS: integerSetting({
      description: 'Days that an event stays known, so that a repeated notification raises nothing.',
      min: 45,
      max: 3_650,
      default: '180',
    }),
  },
  [privateRangesOnlyInSandbox],
);

export type DispatcherSettings = SettingsOf<typeof dispatcherSettings>;
