import mongoose, { type Connection } from 'mongoose';

/** The index exists with other options, or under the same name with another key (MongoDB, "Error Codes"). */
const CONFLICT_CODES = [85, 86];
/** Another process has dropped it, or is building it, at this very moment. */
const CROSSED_CODES = [27, 276];
/** How often processes may get in each other's way. */
const TRIES = 10;

type Collection = mongoose.mongo.Collection;
type Key = mongoose.mongo.IndexSpecification;

/**
 * Creates the indexes of every model of the connection that do not exist yet; safe to run in several processes at once. An index whose
 * options have changed (a new retention) is built again.
 *
 * Indexes are ascending, also those of lists that run newest first: they are read backwards at the same cost, and the embedded server misses
 * keys of a descending index that begin with the bound of a range.
 */
export async function ensureIndexes(connection: Connection): Promise<void> {
  for (const model of Object.values(connection.models)) {
    const collection = connection.getClient().db(connection.name).collection(model.collection.name);
    for (const [key, { unique, sparse, expireAfterSeconds, partialFilterExpression }] of model.schema.indexes()) {
      const options = Object.entries({ unique, sparse, expireAfterSeconds, partialFilterExpression });
      const given = Object.fromEntries(options.filter(([, value]) => value !== undefined));
      await ensureIndex(collection, key as Key, { name: Object.entries(key).flat().join('_'), ...given });
    }
  }
}

async function ensureIndex(collection: Collection, key: Key, options: { name: string }): Promise<void> {
  for (let left = TRIES; ; left--) {
    try {
      await collection.createIndex(key, options);
      return;
    } catch (error) {
      if (left === 0 || !hasCode(error, [...CONFLICT_CODES, ...CROSSED_CODES])) throw error;
    }
    await collection.dropIndex(options.name).catch((error: unknown) => {
      if (!hasCode(error, CROSSED_CODES)) throw error;
    });
  }
}

function hasCode(error: unknown, codes: number[]): boolean {
  return error instanceof mongoose.mongo.MongoServerError && codes.includes(Number(error.code));
}
