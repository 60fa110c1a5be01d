import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { guard, release, repositoryRoot, type ServiceName } from '@owngateway/local-stack';
import { eventually } from './eventually.ts';

const LAST_CHARACTERS = 2_000;

/** A service without anybody who starts it again: its end can be watched. */
export interface ServiceProcess {
  readonly pid: number;
  /** Everything that it has written. */
  readonly output: () => string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs a service with these settings and nothing else of our environment. */
export function spawnService(name: ServiceName, settings: Readonly<Record<string, string>>): ServiceProcess {
  const child = spawn(process.execPath, [join(repositoryRoot, 'services', name, 'src', 'main.ts')], {
    cwd: repositoryRoot,
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve).once('error', reject);
  });
  const pid = child.pid ?? 0;
  guard(pid);
  child.once('exit', () => release(pid));
  return {
    pid,
    output: () => text,
    ended,
    kill: (signal) => child.kill(signal),
  };
}

/** Resolves when the service on this port says that it can work; rejects with its last lines when it ends before. */
export async function untilReady(port: number, { ended, output }: ServiceProcess): Promise<void> {
  const tooLate = ended.then((code) => {
    throw new Error(`a service ended with ${code} before it was ready: ${output().slice(-LAST_CHARACTERS)}`);
  });
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  const ready = eventually(isReady, { what: `a service ready on port ${port}`, deadlineMs: 60_000 });
  await Promise.race([ready, tooLate]);
}
