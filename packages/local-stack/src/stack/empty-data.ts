import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything that a stack puts into its data folder. */
const OURS = ['mongod', 'mongod.log', 'secantusd-rs', 'secantusd-py', 'redis-server', 'valkey-server', 'secrets.json'];

/** Removes what a stack has kept, and only that: DATA_DIR may be a folder that holds other things too. */
export async function emptyData(dataDir: string): Promise<void> {
  await Promise.all([...OURS, 'logs'].map((name) => rm(join(dataDir, name), { recursive: true, force: true })));
}
