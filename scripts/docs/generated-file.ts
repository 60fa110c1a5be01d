import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/**
 * With `--write` the file is written anew; without it the process exits with 1 when the file is not what it should be.
 *
 * @param path from the root of the repository
 */
export async function writeOrCheck(path: string, content: string): Promise<void> {
  const file = join(root, path);
  if (process.argv.includes('--write')) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return;
  }
  if ((await readFile(file, 'utf8').catch(() => '')) === content) return;
  process.stderr.write(`${path} is not what the code says: run this command again with --write.\n`);
  process.exitCode = 1;
}
