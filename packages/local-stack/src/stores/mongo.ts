import { LocalStackError } from '../errors.ts';
import { externalServer } from './external-server.ts';
import { mongoFinders } from './mongo-programs.ts';
import { mongoProtocol, withDefaultDatabase } from './mongo-protocol.ts';
import { startOwned } from './owned-server.ts';
import type { MongoKind, ServerHandle } from './server-handle.ts';
import type { StoreOptions } from './store-options.ts';

const HOW_TO_GET_ONE =
  'No MongoDB: install MongoDB 8 (mongod on PATH), or Python 3.10-3.13 with pip so that a small server can be fetched, ' +
  'or run `docker compose up`, or set MONGO_URL to one that is there.';

/**
 * The MongoDB to use: the one that MONGO_URL names, else one started here (mongod on PATH; secantusd-rs from the cache or PATH; a
 * pinned wheel, installed once). The connection string takes `w: majority` with `j: true`.
 * Throws `no_server`, `install_failed`, `start_failed` or `data_in_use`, each with what to do.
 */
export async function startMongo(options: StoreOptions<MongoKind>): Promise<ServerHandle<MongoKind>> {
  const { env = process.env, accept, log = () => {} } = options;
  if (env.MONGO_URL) return externalServer('MongoDB', 'MONGO_URL', withDefaultDatabase(env.MONGO_URL));
  for (const find of Object.entries(mongoFinders).filter(([kind]) => accept?.includes(kind as MongoKind) ?? true)) {
    const program = await find[1](env, log);
    if (program !== null) return startOwned<MongoKind>(program, mongoProtocol, options);
  }
  throw new LocalStackError('no_server', HOW_TO_GET_ONE);
}
