export * from './jobs.ts';
export { type QueueSettings, RedisAwayError } from './open-queues.ts';
export * from './queue-inspector.ts';
export * from './queue-names.ts';
export * from './queue-producer.ts';
export * from './redis-connection.ts';
export { openWorkers, type QueueWorkers, type WorkerOptions, type WorkerState } from './workers/open-worker.ts';
export { RetryLater } from './workers/retry-later.ts';
export { watchForStandstill } from './workers/standstill.ts';
