import mongoose from 'mongoose';

const { mongo } = mongoose;

/**
 * Codes of servers that cannot serve just now: host unreachable, network timeout, shutdown, not primary, write concern not
 * reached in time, time limit exceeded, out of disk space (MongoDB, "Error Codes").
 */
const UNAVAILABLE_CODES = new Set([
  6, 7, 50, 64, 89, 91, 100, 112, 134, 189, 202, 262, 317, 9001, 10107, 11600, 11602, 13388, 13435, 13436, 14031,
]);

const UNAVAILABLE_CLASSES = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoOperationTimeoutError,
  mongo.MongoClientClosedError,
  mongoose.Error.MongooseServerSelectionError,
];

const UNAVAILABLE_NAMES = new Set([
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'PoolClearedOnNetworkError',
]);

/** A server whose storage engine has given up (a full disk): a mongod ends itself then, the embedded one answers with this. */
const ENGINE_GAVE_UP = /WT_PANIC|No space left on device/;

/**
 * True when the error says that the store is away or too slow, so that repeating the same call later may succeed and a service
 * answers 503. The call may have been carried out nevertheless.
 */
export function isStoreUnavailable(error: unknown): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    if (saysUnavailable(current)) return true;
  }
  return false;
}

function saysUnavailable(error: Error): boolean {
  if (UNAVAILABLE_NAMES.has(error.name) || UNAVAILABLE_CLASSES.some((type) => error instanceof type)) return true;
  if (error instanceof mongo.MongoServerError && UNAVAILABLE_CODES.has(Number(error.code))) return true;
  if (error instanceof mongo.MongoServerError && ENGINE_GAVE_UP.test(error.message)) return true;
  if (error instanceof mongo.MongoBulkWriteError && isLostGroupWrite(error)) return true;
  if (error instanceof mongo.MongoError) return error.hasErrorLabel('RetryableWriteError');
  // Mongoose says this of a model that is used before the connection is up, without a class of its own.
  return error instanceof mongoose.MongooseError && error.message.includes('initial connection');
}

/**
 * A group write that got no answer from the server. The driver copies the network's error into one of its own and drops the class
 * on the way; what is left is that no document is to blame and that no code of the server is in it.
 */
function isLostGroupWrite({ writeErrors, code }: mongoose.mongo.MongoBulkWriteError): boolean {
  return [writeErrors ?? []].flat().length === 0 && typeof code !== 'number';
}
