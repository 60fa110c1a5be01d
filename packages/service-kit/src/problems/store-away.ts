import { isError } from '../logger/describe-error.ts';

const AWAY_NAMES = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoOperationTimeoutError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoTopologyClosedError',
  'MongoWaitQueueTimeoutError',
  'MaxRetriesPerRequestError',
]);

/** MongoDB's codes for a primary that steps down or a server that stops, and its time limits. */
const AWAY_MONGO_CODES = new Set([11600, 11602, 10107, 13435, 13436, 189, 91, 7, 6, 89, 9001, 50, 262]);
/** ioredis has no name or code for these. */
const REDIS_MESSAGES = new Set(['Connection is closed.', 'Command timed out']);
const AWAY_SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/**
 * Whether a fault means that MongoDB or Redis cannot be reached now, which the caller may wait out (503), and not a
 * defect of ours (500). By name and code, so that this package needs neither driver.
 */
export function isStoreAway(error: unknown): boolean {
  if (!isError(error)) return false;
  if (AWAY_NAMES.has(error.name)) return true;
  if (error.name === 'MongooseError' && /buffering timed out|before initial connection/.test(error.message))
    return true;
  if (REDIS_MESSAGES.has(error.message) || error.message.startsWith("Stream isn't writeable")) return true;
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return error.name.startsWith('Mongo') && AWAY_MONGO_CODES.has(code);
  return typeof code === 'string' && AWAY_SYSTEM_CODES.has(code);
}
