import { spawn } from 'node:child_process';
import { splitLines } from '../process/split-lines.ts';
import { guard, release } from '../process/watchdog.ts';
import type { Environment } from './cache-directory.ts';

/** How a command ended; `code` is `null` when it could not be started or was killed. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  /** The last lines of its error output, for a person. */
  readonly complaint: string;
}

/** Runs a command to its end. Never throws: whoever asked decides what a failure means. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env: Environment; timeoutMs: number },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    if (child.pid !== undefined) guard(child.pid);
    const lines: string[] = [];
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    splitLines(child.stderr, (line) => lines.push(line));
    child.on('error', (error) => lines.push(error.message));
    child.on('close', (code) => {
      if (child.pid !== undefined) release(child.pid);
      resolve({ code, stdout, complaint: lines.slice(-5).join('\n  ') });
    });
  });
}
