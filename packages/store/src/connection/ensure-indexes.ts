import mongoose, { type Connection } from 'mongoose';

/** The index exists with other options, or under the same name with another key (MongoDB, "Error Codes"). */
const CONFLICT_CODES = new Set([85, 86]);

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
    for (const [key, options] of model.schema.indexes()) {
      const { unique, sparse, expireAfterSeconds, partialFilterExpression } = options;
      const wanted = Object.fromEntries(
        Object.entries({ unique, sparse, expireAfterSeconds, partialFilterExpression }).filter(
          ([, value]) => value !== undefined,
        ),
      );
      const name = Object.entries(key).flat().join('_');
      try {
        await collection.createIndex(key as mongoose.mongo.IndexSpecification, { name, ...wanted });
      } catch (error) {
        if (!(error instanceof mongoose.mongo.MongoServerError) || !CONFLICT_CODES.has(Number(error.code))) throw error;
        await collection.dropIndex(name);
        await collection.createIndex(key as mongoose.mongo.IndexSpecification, { name, ...wanted });
      }
    }
  }
}
