import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processAlive } from '../process/process-alive.ts';

/** Written as the last step of an installation; what has none is not finished. */
const MARKER = '.complete.json';
const LOCK_POLL_MS = 100;

/** What to install where. */
export interface Installation<Facts> {
  /** The finished folder; named for what it holds and its version. */
  readonly folder: string;
  /** Fills the empty folder given to it and answers what a later start needs to know. Throws when it can't. */
  readonly install: (folder: string) => Promise<Facts>;
  /** Whether facts read from the disk still hold (an interpreter may have been removed since). */
  readonly stillGood: (facts: Facts) => Promise<boolean>;
}

async function readFacts<Facts>(folder: string): Promise<Facts | null> {
  try {
    return JSON.parse(await readFile(join(folder, MARKER), 'utf8')) as Facts;
  } catch {
    return null;
  }
}

/** Takes the lock, or says that somebody alive has it. A lock whose holder has died is removed. */
async function tryLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
  const fresh = await stat(file).then(
    (it) => Date.now() - it.mtimeMs < 2_000,
    () => true,
  );
  // An empty file is a lock about to be written.
  if (holder > 0 ? !processAlive(holder) : !fresh) await rm(file, { force: true });
  return false;
}

/**
 * Makes sure that `folder` is installed, and answers its facts. Any number of processes may ask at once: one works, the others
 * wait. The lock only saves work; what makes it safe is that each installs into a folder of its own and the finished folder
 * appears by one rename.
 */
export async function installOnce<Facts>(wanted: Installation<Facts>): Promise<Facts> {
  const { folder, install, stillGood } = wanted;
  await mkdir(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  for (;;) {
    const known = await readFacts<Facts>(folder);
    if (known !== null && (await stillGood(known))) return known;
    if (await tryLock(lock)) break;
    await delay(LOCK_POLL_MS);
  }
  const partial = `${folder}.partial-${randomUUID()}`;
  try {
    // Whoever held the lock before us may have finished.
    const known = await readFacts<Facts>(folder);
    if (known !== null && (await stillGood(known))) return known;
    await mkdir(partial);
    const facts = await install(partial);
    await writeFile(join(partial, MARKER), JSON.stringify(facts));
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    return facts;
  } finally {
    await rm(partial, { recursive: true, force: true });
    await rm(lock, { force: true });
  }
}
