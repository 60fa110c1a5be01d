import { access } from 'node:fs/promises';
import type { Environment } from './cache-directory.ts';
import { findOnPath } from './find-on-path.ts';
import { runCommand } from './run-command.ts';

/** An interpreter that can install wheels. */
export interface Python {
  /** The real executable, not a launcher that may choose another version next time. */
  readonly executable: string;
  readonly minor: number;
}

const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const PROBE = 'import sys, pip; print(sys.version_info[0], sys.version_info[1], sys.executable)';

/** The first CPython 3 on PATH that has pip and whose minor version is in the range; `null` when there is none. */
export async function findPython(env: Environment, minors: { from: number; to: number }): Promise<Python | null> {
  for (const name of NAMES) {
    const file = await findOnPath(name, env);
    if (file === null) continue;
    const { code, stdout } = await runCommand(file, ['-c', PROBE], { env, timeoutMs: 20_000 });
    const [major, minor, ...rest] = stdout.trim().split(' ');
    const found = { executable: rest.join(' '), minor: Number(minor) };
    if (code === 0 && major === '3' && found.minor >= minors.from && found.minor <= minors.to) return found;
  }
  return null;
}

/** Whether the interpreter of an earlier installation is still there. */
export function pythonStillThere(python: { executable: string }): Promise<boolean> {
  return access(python.executable).then(
    () => true,
    () => false,
  );
}
