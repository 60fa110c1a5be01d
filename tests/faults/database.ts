import os from 'node:os';
import { type Db, MongoClient } from 'mongodb';
import type { World } from '../e2e/open-world.ts';

/** The gateway's database past its repositories: for a fault that damages it, and for looking at what is there. */
export async function openDatabase(world: World, onEnd: (end: () => unknown) => void): Promise<Db> {
  // By itself the driver loads it with `import()`, which jest's CommonJS does not have.
  const client = await MongoClient.connect(world.stack.settings.MONGO_URL ?? '', { runtimeAdapters: { os } });
  onEnd(() => client.close());
  return client.db();
}
