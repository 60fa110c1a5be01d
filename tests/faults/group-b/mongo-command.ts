import { readFileSync } from 'node:fs';

/**
 * The command line of a running MongoDB server, for a second one of the same kind: its port and its data folder are replaced.
 * Linux only.
 */
export function commandOfMongo(pid: number, port: number, folder: string): string[] {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  const replaced = { '--port': String(port), '--storage-path': folder, '--dbpath': folder };
  return words.map((word, index) => {
    const option = words[index - 1];
    return option !== undefined && Object.hasOwn(replaced, option) ? replaced[option as keyof typeof replaced] : word;
  });
}
