import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStores } from '@owngateway/local-stack';

let fetched: Promise<void> | undefined;

/** Has MongoDB and Redis on this machine before a namespace is entered, in which nothing can be fetched. Once per process. */
export function fetchStorePrograms(): Promise<void> {
  fetched ??= startAndStop();
  return fetched;
}

async function startAndStop(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'owngateway-programs-'));
  try {
    const { MONGO_URL: _mongo, REDIS_URL: _redis, ...env } = process.env;
    const stores = await startStores({ dataDir, env });
    await stores.stop();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
