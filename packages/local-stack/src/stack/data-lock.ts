import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalStackError } from '../errors.ts';
import { commandLine, processAlive } from '../process/process-alive.ts';

const FILE = 'stack.pid';

/** Throws `data_in_use` when another stack that is still alive has the data folder. */
export async function assertDataFree(dataDir: string): Promise<void> {
  const holder = Number(await readFile(join(dataDir, FILE), 'utf8').catch(() => '0'));
  if (holder > 0 && holder !== process.pid && processAlive(holder)) {
    const line = await commandLine(holder);
    if (line === null || line.includes('node')) {
      throw new LocalStackError(
        'data_in_use',
        `A stack is already running on ${dataDir} (process ${holder}): stop it, or choose another folder with DATA_DIR=<folder>.`,
      );
    }
  }
}

/**
 * Marks a data folder as in use by this process; answers what gives it back. Throws `data_in_use` when another stack that is still
 * alive has it. (The servers have their own guard; this one is there to say it at once, and before `--fresh` removes anything.)
 */
export async function lockData(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await assertDataFree(dataDir);
  const file = join(dataDir, FILE);
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}
