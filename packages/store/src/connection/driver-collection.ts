import type mongoose from 'mongoose';
import type { Model } from 'mongoose';

/** The driver's own collection below a model: no casting, no documents; for the pipeline (decision 9). */
export function driverCollection<T extends { _id: string }>(model: Model<T>): mongoose.mongo.Collection<T> {
  return model.db.getClient().db(model.db.name).collection<T>(model.collection.name);
}
