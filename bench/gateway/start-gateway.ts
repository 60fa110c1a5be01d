import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startStack } from '@owngateway/local-stack';
import type { BenchOptions } from '../options.ts';
import { profilingOptions } from '../profile/profiling-options.ts';
import type { Gateway } from './gateway.ts';

/** Figures of the Python server would be its own, not the product's: 5 to 6 times slower in groups, measured. */
const PUBLISHABLE = ['mongod', 'secantusd-rs'] as const;

const DATA = fileURLToPath(new URL('../../.local/bench', import.meta.url));

/**
 * Starts a gateway on empty data, on free ports, with stores of its own even when MONGO_URL or REDIS_URL name others: only what
 * runs here can be metered. Throws `no_server` when only the Python server could be had.
 */
export async function startGateway(options: BenchOptions, log: (line: string) => void): Promise<Gateway> {
  const { MONGO_URL, REDIS_URL, NODE_OPTIONS, ...env } = process.env;
  if (MONGO_URL || REDIS_URL) log('MONGO_URL and REDIS_URL are passed over: the bench starts servers of its own.');
  // The services are given our NODE_OPTIONS, once, when they are first started.
  if (options.profile !== null) process.env.NODE_OPTIONS = profilingOptions(options.profile);
  const stack = await startStack({
    dataDir: DATA,
    fresh: true,
    env,
    acceptMongo: PUBLISHABLE,
    settings: { LOG_LEVEL: options.quiet ? 'warn' : 'info' },
    log,
    onRestart: (name) => log(`${name} died and was started again: figures of this run are not to be trusted`),
  }).finally(() => {
    if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = NODE_OPTIONS;
  });
  return {
    ingressUrl: stack.ingressUrl,
    apiUrl: stack.apiUrl,
    operatorToken: stack.mintToken({ owner: { level: 'operator', id: 'bench' } }),
    mongo: { kind: stack.stores.mongo.kind, version: stack.stores.mongo.version },
    redis: { kind: stack.stores.redis.kind, version: stack.stores.redis.version },
    pids: () => stack.pids(),
    stopService: (name) => stack.services[name].stop(),
    startService: (name) => stack.services[name].restart(),
    async stop() {
      await stack.stop();
      await rm(DATA, { recursive: true, force: true });
    },
  };
}
