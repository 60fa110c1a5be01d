import { mkdir, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { processAlive } from '../process/process-alive.ts';
import { type Stores, startStores } from '../stores/start-stores.ts';

/** The environment variable that tells a test where to ask for the stores of this test run. */
export const LENDER_VARIABLE = 'OWNGATEWAY_TEST_STORES';

/** What a test is lent. */
export interface LentStores {
  readonly mongo_url: string;
  readonly redis_url: string;
  readonly mongo_kind: string;
  readonly redis_kind: string;
}

/** The lender of one test run. */
export interface Lender {
  /** Where tests ask. */
  readonly url: string;
  /** Stops what was started and removes its data. */
  close(): Promise<void>;
}

/** Data of runs whose process is gone (they were killed) is of no use to anybody. */
async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    if (!processAlive(Number(name))) await rm(join(root, name), { recursive: true, force: true });
  }
}

/**
 * Lends one MongoDB and one Redis to all workers of a test run. They are started when the first test asks, so a run of unit tests
 * alone starts nothing. Should they fail to start, every test that asks fails with the reason: none is skipped.
 */
export async function lendStores(root: string): Promise<Lender> {
  const dataDir = join(root, String(process.pid));
  let starting: Promise<Stores> | undefined;
  const start = async (): Promise<Stores> => {
    await removeAbandoned(root);
    await mkdir(dataDir, { recursive: true });
    return startStores({ dataDir, log: (line) => process.stderr.write(`${line}\n`) });
  };
  const server = createServer((_request, response) => {
    starting ??= start();
    starting.then(
      ({ mongo, redis }) => {
        const lent: LentStores = {
          mongo_url: mongo.url,
          redis_url: redis.url,
          mongo_kind: mongo.kind,
          redis_kind: redis.kind,
        };
        response.end(JSON.stringify(lent));
      },
      (error: unknown) => {
        response.statusCode = 503;
        response.end(error instanceof Error ? error.message : String(error));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      const stores = await starting?.catch(() => undefined);
      await stores?.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
