import { type Db, MongoClient } from 'mongodb';
import type { World } from '../e2e/open-world.ts';

/** The gateway's database past its repositories: for a fault that damages it, and for looking at what is there. */
export async function openDatabase(world: World, onEnd: (end: () => unknown) => void): Promise<Db> {
  const client = await MongoClient.connect(world.stack.settings.MONGO_URL ?? '');
  onEnd(() => client.close());
  return client.db();
}
