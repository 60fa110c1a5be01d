export * from './jobs.ts';
export * from './queue-names.ts';
export * from './queue-producer.ts';
export * from './redis-connection.ts';
