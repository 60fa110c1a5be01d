import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a person at the terminal should see of the services' logs; the rest is in the files. */
const SHOWN: readonly unknown[] = ['warn', 'error', 'fatal'];

function read(line: string): { shown: boolean; text: string } {
  try {
    const entry = JSON.parse(line) as { level?: unknown; msg?: unknown };
    return { shown: SHOWN.includes(entry.level), text: typeof entry.msg === 'string' ? entry.msg : '' };
  } catch {
    // Not a log line, such as the message about wrong settings or the last words of a crash.
    return { shown: true, text: line };
  }
}

/** Keeps what each process writes in a file of its own, and shows warnings and worse in one short line. */
export function openProcessLog(folder: string, say: (line: string) => void): (name: string, line: string) => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, ReturnType<typeof createWriteStream>>();
  return (name, line) => {
    let file = files.get(name);
    if (file === undefined) {
      file = createWriteStream(join(folder, `${name}.log`), { flags: 'a', mode: 0o600 });
      files.set(name, file);
    }
    file.write(`${line}\n`);
    const { shown, text } = read(line);
    if (name !== 'stores' && shown) say(`${name}: ${text}`);
  };
}
