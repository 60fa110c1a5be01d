import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Results } from './results.ts';

const FOLDER = fileURLToPath(new URL('../results', import.meta.url));

/** Writes the results as JSON under `bench/results/` (git-ignored) and answers with the file's path. */
export async function writeResults(results: Results): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${results.taken_at.replaceAll(':', '-')}.json`);
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}
